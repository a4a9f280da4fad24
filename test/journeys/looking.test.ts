import { readFileSync } from 'node:fs'
import { EJSON } from 'bson'
import { expect } from 'chai'
import { systemActor } from '../../src/actor.js'
import { day } from '../../src/clock.js'
import { everyRole } from '../support/cast.js'
import { decisionForm } from '../support/outcomes.js'
import { smallParliament } from '../support/parliament.js'
import { sessionForm } from '../support/session-form.js'
import { linksIn } from '../support/two-worlds.js'
import type { Visitor } from '../support/visitor.js'
import { createWorld, type World } from '../support/world.js'

const roles = everyRole('commons-commissioner')
const plan = { ...sessionForm, capacity: '20' }
const register =
  'course,date,start,venue,delivery,name,attendance\nraising-a-concern,2026-02-24,10:00,Room 1,face-to-face,Mair Larkspur,attended\n'
const programme = readFileSync(new URL('../../courses/programme.yaml', import.meta.url), 'utf8')

/** How many of the addresses that are alike but for an id, a date or a query are looked at. */
const mostAlike = 3
const likeness = (address: string): string =>
  address.replace(/\?.*/, '?').replace(/[\w-]*\d[\w-]*/g, ':')

/**
 * What looking may leave behind: that somebody read what is about others, took a list away, came too
 * near to a case, or guessed at serials. Never a change to what was there.
 */
const traces =
  /^audit\/.*"act":"(decisions\.read|list\.exported|conflict\.refused)"|^sealed_parts\/|^verify_attempts\//

/** Every document of every collection, by collection and id. */
async function everything({ app }: World): Promise<Map<string, string>> {
  const { connection } = app.database
  const kept = new Map<string, string>()
  for (const { name } of await connection.listCollections()) {
    for await (const document of connection.collection(name).find()) {
      kept.set(`${name}/${String(document._id)}`, EJSON.stringify(document))
    }
  }
  return kept
}

describe('looking at pages', function () {
  this.timeout(180_000)
  let world: World
  let visitor: Visitor

  before(async () => {
    world = await createWorld('2026-03-02T10:00:00Z')
    await world.directory(smallParliament)
    await world.account('everything@parliament.example', 'head', ...roles)
    visitor = await world.signedIn('everything@parliament.example')
    await world.app.completions.recordMany(systemActor('test'), [
      {
        person: 'head',
        course: 'behaviour-code-staff',
        delivery: 'online',
        on: day('2026-02-02'),
        version: { hash: 'v', label: '1' },
        evidence: { kind: 'attempt', id: 'one' },
      },
    ])
    // Something of each kind, so that there is a page of it to look at.
    await visitor.get('/')
    const made = [
      await visitor.post('/outcomes', decisionForm),
      await visitor.post('/training-sessions/plan', plan),
      await visitor.post('/programme', { text: programme, from: '2026-05-01', says: 'The same' }),
      await visitor.upload('/registers', 'file', { 'register.csv': register }),
    ]
    for (const { status, words } of made) expect(status, words).to.equal(200)
    await world.app.reconciler.settle()
  })
  after(() => world.close())

  it('changes nothing, whichever page there is and wherever it leads', async () => {
    const before = await everything(world)
    const { pages } = world.app.web
    const waiting = pages.flatMap(({ method, path }) => (method === 'get' ? [path] : []))
    const alike = new Map<string, number>()
    const shown = new Set<string>()
    for (let address = waiting.pop(); address !== undefined; address = waiting.pop()) {
      const looked = alike.get(likeness(address)) ?? 0
      if (looked === mostAlike || shown.has(address)) continue
      alike.set(likeness(address), looked + 1)
      const response = await visitor.fetch(address)
      const text = await response.text()
      expect(response.status, address).to.be.below(500)
      if (!response.ok) continue
      shown.add(address)
      if (response.headers.get('content-type')?.includes('html')) waiting.push(...linksIn(text))
    }
    const after = await everything(world)
    for (const kind of [
      'outcomes',
      'training-sessions',
      'programme',
      'registers',
      'certificates',
    ]) {
      expect([...shown].join(' ')).to.match(new RegExp(`/${kind}/[a-z0-9-]{16,}`, 'i'))
    }
    const changed = [...after].filter(([id, text]) => before.get(id) !== text)
    const left = changed.filter(([id, text]) => before.has(id) || !traces.test(`${id} ${text}`))
    expect(left.map(([id]) => id)).to.deep.equal([])
    expect([...before.keys()].filter((id) => !after.has(id))).to.deep.equal([])
  })
})
