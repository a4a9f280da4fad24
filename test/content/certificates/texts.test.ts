import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { parse } from 'yaml'
import { loadWords } from '../../../src/language.js'
import { designsDir } from '../../support/certificates.js'

const views = join(designsDir, '../views/text')
const sources = join(designsDir, '../src')

/** Every text of an area in a language by its key. */
function textsIn(language: string, area = 'certificates'): Map<string, string> {
  const found = new Map<string, string>()
  const walk = (value: unknown, key: string): void => {
    if (typeof value === 'string') found.set(key, value)
    else for (const [name, held] of Object.entries(value as object)) walk(held, `${key}.${name}`)
  }
  const tree = parse(readFileSync(join(views, language, `${area}.yaml`), 'utf8')) as object
  for (const [name, held] of Object.entries(tree)) walk(held, name)
  return found
}

/** What looks like the key of a text and is none: a file, the name of an act, the beginning of a key. */
const others = new Set(['certificates.yaml', 'certificates.gathered', 'certificates.check'])

const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1] ?? '').sort()

describe('what is said about certificates and keys', () => {
  const [english, welsh] = [textsIn('en'), textsIn('cy')]

  it('is said in both languages, with the same particulars', () => {
    expect([...welsh.keys()].sort()).to.deep.equal([...english.keys()].sort())
    for (const [key, text] of english) {
      expect(placeholders(welsh.get(key) ?? ''), key).to.deep.equal(placeholders(text))
    }
  })

  it('is said on their pages in both languages; Welsh has more forms for numbers', () => {
    const keys = (language: string): string[] => {
      const texts = [...textsIn(language, 'certificate-pages').keys()]
      const plain = texts.map((key) => key.replace(/_(zero|one|two|few|many|other)$/, ''))
      return [...new Set(plain)].sort()
    }
    expect(keys('cy')).to.deep.equal(keys('en'))
  })

  it('has a text wherever the code names one', () => {
    const words = loadWords(views)
    const files = ['certificates', 'keys'].flatMap((folder) =>
      readdirSync(join(sources, folder)).map((name) => join(sources, folder, name)),
    )
    const named = files.flatMap((file) => {
      const source = readFileSync(file, 'utf8')
      const whole = [...source.matchAll(/'((?:certificates|keys)\.[a-z.-]+)'/g)]
      const findings = [...source.matchAll(/finding\(\s*'\w+',\s*'([a-z.-]+)'/g)]
      const faults = [...source.matchAll(/(?:faultAt|report)\(\s*'([a-z-]+)'/g)]
      return [
        ...whole.map((match) => match[1] ?? ''),
        ...findings.map((match) => `certificates.verify.${match[1] ?? ''}`),
        ...faults.map((match) => `certificates.design.${match[1] ?? ''}`),
      ]
    })
    expect(named.length).to.be.greaterThan(40)
    expect(named.filter((key) => !others.has(key) && !words.has(key))).to.deep.equal([])
  })
})
