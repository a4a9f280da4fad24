import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { parse } from 'yaml'
import { nextThings } from '../../../src/sanctions/by-date.js'
import { restrictionStates, sanctionKinds } from '../../../src/sanctions/outcome.js'
import { stateNames } from '../../../src/sanctions/state.js'
import { attendances } from '../../../src/sanctions/steps.js'

const root = new URL('../../../', import.meta.url)

function textsIn(language: string): Map<string, string> {
  const found = new Map<string, string>()
  const walk = (value: unknown, key: string): void => {
    if (typeof value === 'string') found.set(key, value)
    else for (const [name, held] of Object.entries(value as object)) walk(held, `${key}.${name}`)
  }
  const file = new URL(`views/text/${language}/outcomes.yaml`, root)
  walk((parse(readFileSync(file, 'utf8')) as { outcomes: object }).outcomes, 'outcomes')
  return found
}

const sources = (): string =>
  readdirSync(new URL('src/sanctions', root))
    .map((name) => readFileSync(new URL(`src/sanctions/${name}`, root), 'utf8'))
    .join('\n')

describe('what is said of outcomes', () => {
  const [english, welsh] = [textsIn('en'), textsIn('cy')]

  it('is said in both languages, with the same particulars', () => {
    const particulars = (text = '') => [...text.matchAll(/\{\{\s*(\w+)/g)].map(([, name]) => name)
    expect([...welsh.keys()].sort()).to.deep.equal([...english.keys()].sort())
    for (const [key, text] of english) {
      expect(particulars(welsh.get(key)), key).to.deep.equal(particulars(text))
    }
  })

  it('has a sentence for every refusal in the code, and no other', () => {
    const code = sources()
    const named = [
      /'outcomes\.refused\.([a-z-]+)'/g,
      /untimely\('([a-z-]+)'\)/g,
      /wrong\('\w+', '([a-z-]+)'\)/g,
      /unless\([^;]*?, '([a-z-]+)'\)/g,
      /'([a-z-]+)' : 'two-trainings'/g,
      /key: '(own-step)'/g,
      /return '(missing|unknown-field)'/g,
      /'(not-a-date|two-trainings)'/g,
    ].flatMap((pattern) => [...code.matchAll(pattern)].map(([, key]) => key ?? ''))
    const addresses = [
      ...code.matchAll(/(?:return|\?) '(not-a-url|credentials|inside|no-such-host|not-https)'/g),
    ]
    const webhooks = [
      ...addresses.map(([, key]) => key ?? ''),
      ...[...code.matchAll(/refuse\('([a-z-]+)'\)/g)].map(([, key]) => key ?? ''),
    ].map((key) => `webhook-${key}`)
    const there = [...english.keys()]
      .filter((key) => key.startsWith('outcomes.refused.'))
      .map((key) => key.slice('outcomes.refused.'.length))
    expect(there.sort()).to.deep.equal([...new Set([...named, ...webhooks])].sort())
  })

  it('has a word for every state, sanction, restriction, attendance and next thing', () => {
    const tables = {
      state: stateNames,
      sanction: sanctionKinds,
      restriction: restrictionStates,
      attendance: attendances,
      next: nextThings,
    }
    for (const [table, names] of Object.entries(tables)) {
      for (const name of names) expect(english.has(`outcomes.${table}.${name}`), name).to.be.true
    }
  })
})
