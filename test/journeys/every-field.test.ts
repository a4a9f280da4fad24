import { expect } from 'chai'
import { load } from 'cheerio'
import { systemActor, type Scope } from '../../src/actor.js'
import { everyRole } from '../support/cast.js'
import {
  fieldsOf,
  filledIn,
  nonsense,
  operators,
  scripts,
  structures,
  type Field,
} from '../support/hostile.js'
import { smallParliament } from '../support/parliament.js'
import { long } from '../support/property.js'
import type { Visitor } from '../support/visitor.js'
import { createWorld, type World } from '../support/world.js'

const typed = [...operators, ...scripts, ...nonsense]
const scopes: readonly Scope[] = ['directory', 'compliance', 'registers', 'completions', 'outcomes']
const body = 'commons-commissioner'
const roles = everyRole(body)

/** Scripts that the page did not put there itself: without its nonce, in attributes, in addresses. */
function scriptsIn(html: string): string[] {
  // Thousands of answers are the same page with another nonce and another token: it is looked at once.
  const page = html
    .replaceAll(/ nonce="[^"<>]+"/g, ' nonce="…"')
    .replaceAll(/ name="_csrf" value="[^"<>]+"/g, ' name="_csrf" value="…"')
  const found = looked.get(page) ?? scriptsOf(page)
  looked.set(page, found)
  return found
}

const looked = new Map<string, string[]>()

function scriptsOf(html: string): string[] {
  const $ = load(html)
  const found: string[] = []
  $('script:not([nonce])').each((_, element) => void found.push($.html(element)))
  $('*').each((_, element) => {
    if (!('attribs' in element)) return
    for (const [name, value] of Object.entries(element.attribs)) {
      const runs = name.startsWith('on') || /^\s*javascript:/i.test(value)
      // What was typed may stand in a field again: there it is text.
      if (runs && !(name === 'value' || name === 'content')) found.push(`${name}=${value}`)
    }
  })
  return found
}

/** In `npm test` each field meets a few, and all are met by some field; `npm run test:long` tries all. */
const some = <Value>(values: readonly Value[], turn: number, count: number): Value[] =>
  long
    ? [...values]
    : Array.from({ length: count }, (_, at) => values[(turn * count + at) % values.length]!)

/** Names of fields and operators that a request must never bring into a collection. */
async function intruders({ app }: World): Promise<string[]> {
  const { connection } = app.database
  const found: string[] = []
  const look = (where: string, value: unknown): void => {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return
    for (const [name, inner] of Object.entries(value)) {
      if (name.startsWith('$') || name === '__proto__') found.push(`${where}.${name}`)
      look(`${where}.${name}`, inner)
    }
  }
  for (const { name } of (await connection.db?.listCollections().toArray()) ?? []) {
    for await (const one of connection.collection(name).find()) look(name, one)
  }
  return found
}

describe('whatever is sent in any field', function () {
  this.timeout(long ? 3_600_000 : 180_000)
  let world: World
  let visitor: Visitor

  before(async () => {
    world = await createWorld()
    await world.directory(smallParliament)
    await world.account('everything@parliament.example', 'head', ...roles)
    visitor = await world.signedIn('everything@parliament.example')
  })
  after(() => world.close())

  /** Signs in again where a page that was asked for has ended the session. */
  async function stillSignedIn(): Promise<void> {
    const page = await visitor.get('/')
    if (page.$('form[action="/sign-out"]').length > 0) return
    visitor = await world.signedIn('everything@parliament.example')
    await visitor.get('/')
  }

  it('every page answers in a sentence, and lets no script out', async () => {
    const wrong: string[] = []
    let asked = 0
    for (const page of world.app.web.pages) {
      await stillSignedIn()
      const fields = fieldsOf(page.input, page.path)
      const usual = Object.fromEntries(fields.map(({ name, plausible }) => [name, plausible]))
      const attempts = fields.flatMap((field) =>
        some(typed, asked++, 2).map((value) => ({ field, value })),
      )
      // Names that no field has: operators as a form would bring them.
      const named = fields.map(({ name }: Field) => ({
        field: { name: `${name}[$ne]` },
        value: '1',
      }))
      for (const { field, value } of [
        ...attempts,
        ...some(named, asked, Math.min(1, named.length)),
      ]) {
        const { address, rest } = filledIn(page.path, { ...usual, [field.name]: value })
        const form = new URLSearchParams(rest)
        const response =
          page.method === 'get'
            ? await visitor.fetch(
                form.size > 0 && value.length < 8_000 ? `${address}?${form.toString()}` : address,
              )
            : await visitor.fetch(address, {
                method: 'POST',
                body: new URLSearchParams({ _csrf: visitor.token, ...rest }),
              })
        const text = await response.text()
        const what = `${page.method} ${page.path} ${field.name}=${value.slice(0, 60)}`
        if (response.status >= 500 && response.status !== 503)
          wrong.push(`${response.status} ${what}`)
        if (response.headers.get('content-type')?.includes('html'))
          wrong.push(...scriptsIn(text).map((found) => `${what} let out ${found.slice(0, 200)}`))
      }
    }
    expect(asked, 'fields found in pages').to.be.greaterThan(200)
    expect(wrong, wrong.slice(0, 20).join('\n')).to.deep.equal([])
  })

  it('every call answers with a problem document, and nothing else', async () => {
    const { token } = await world.app.identity.createKey(systemActor('test'), {
      name: 'everything',
      scopes,
      body,
      expiresAt: new Date('2030-01-01'),
    })
    const wrong: string[] = []
    let [turn, sent] = [0, 0]
    for (const call of world.app.web.calls) {
      const fields = fieldsOf(call.input, call.path)
      const usual = Object.fromEntries(fields.map(({ name, plausible }) => [name, plausible]))
      for (const { name } of fields) {
        const values: unknown[] = [
          ...some(typed, turn, 2),
          ...(call.method === 'post' ? some(structures, turn, 3) : []),
        ]
        turn++
        for (const value of values) {
          const inAddress = { ...usual, ...(typeof value === 'string' ? { [name]: value } : {}) }
          const { address, rest } = filledIn(`/api/v1${call.path}`, inAddress)
          const query =
            call.method === 'get' ? `?${new URLSearchParams(rest).toString().slice(0, 8_000)}` : ''
          const response = await visitor.fetch(address + query, {
            method: call.method.toUpperCase(),
            headers: {
              authorization: `Bearer ${token}`,
              'content-type': 'application/json',
              'idempotency-key': `every-field-${sent++}`,
            },
            ...(call.method === 'post' ? { body: JSON.stringify({ ...rest, [name]: value }) } : {}),
          })
          const text = await response.text()
          const what = `${call.method} ${call.path} ${name}=${JSON.stringify(value).slice(0, 60)}`
          const type = response.headers.get('content-type') ?? ''
          if (response.status >= 500 && response.status !== 503)
            wrong.push(`${response.status} ${what}`)
          if (response.status >= 400 && !type.startsWith('application/problem+json'))
            wrong.push(`${response.status} ${type} ${what}: ${text.slice(0, 100)}`)
        }
      }
    }
    expect(turn, 'fields found in calls').to.be.greaterThan(20)
    expect(wrong, wrong.slice(0, 20).join('\n')).to.deep.equal([])
  })

  const headers = [
    'accept-language',
    'authorization',
    'content-type',
    'cookie',
    'idempotency-key',
    'if-none-match',
    'origin',
    'range',
    'referer',
    'sec-fetch-site',
    'user-agent',
    'x-csrf-token',
    'x-forwarded-for',
    'x-forwarded-proto',
  ]
  for (const header of headers) {
    it(`every page survives ${header}`, async () => {
      const wrong: string[] = []
      const sendable = [
        ...typed,
        'sid={"$ne":null}',
        'sid[$ne]=1; form={"$gt":""}',
        'sid=s%3Aj%3A%7B%7D',
      ]
        // The rest no browser and no program can put into a header.
        .filter((value) => /^[\x20-\x7e]*$/.test(value) && value.length < 8_000)
      for (const value of sendable) {
        for (const path of [
          '/',
          '/training',
          '/sign-in',
          '/compliance',
          '/api/v1/people',
          '/verify',
        ]) {
          const response = await fetch(new URL(path, world.address), {
            redirect: 'manual',
            headers: { [header]: value },
          })
          const text = await response.text()
          if (response.status >= 500) wrong.push(`${response.status} ${path} ${value}`)
          wrong.push(...scriptsIn(text).map((found) => `${path} let out ${found}`))
        }
        const form = await fetch(new URL('/sign-in', world.address), {
          method: 'POST',
          redirect: 'manual',
          headers: { [header]: value },
          body: new URLSearchParams({ email: 'everything@parliament.example', password: 'x' }),
        })
        await form.text()
        expect(form.status, value).to.be.oneOf([400, 403, 413, 415, 429])
      }
      expect(wrong, wrong.slice(0, 20).join('\n')).to.deep.equal([])
    })
  }

  it('and in the end nothing has come into a collection that is not its own', async () => {
    expect(await intruders(world)).to.deep.equal([])
  })

  it('and every page still shows what was typed as the text it is', async () => {
    const wrong: string[] = []
    for (const page of world.app.web.pages.filter(({ method }) => method === 'get')) {
      await stillSignedIn()
      const fields = fieldsOf(page.input, page.path)
      const usual = Object.fromEntries(fields.map(({ name, plausible }) => [name, plausible]))
      const response = await visitor.fetch(filledIn(page.path, usual).address)
      const text = await response.text()
      if (response.status >= 500) wrong.push(`${response.status} ${page.path}`)
      if (response.headers.get('content-type')?.includes('html'))
        wrong.push(...scriptsIn(text).map((found) => `${page.path} let out ${found}`))
    }
    expect(wrong, wrong.slice(0, 20).join('\n')).to.deep.equal([])
  })
})
