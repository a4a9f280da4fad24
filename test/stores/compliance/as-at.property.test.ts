import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { omit } from 'es-toolkit'
import fc from 'fast-check'
import { systemActor } from '../../../src/actor.js'
import type { Day } from '../../../src/clock.js'
import { facts, isCorrection, type Fact } from '../../support/later-facts.js'
import { createHistory } from '../../support/later-history.js'
import { programWith } from '../../support/program.js'
import { long, property } from '../../support/property.js'
import { createWorld, type World } from '../../support/world.js'

const programme = readFileSync(new URL('../../../courses/programme.yaml', import.meta.url), 'utf8')

/** How a list of a past day answered a program, but for what only today has. */
interface Kept {
  on: Day
  /** By the facts known at the end of that day, for ever. */
  then: string[]
  overHttp: unknown
  /** By the facts known now, which only a correction changes. */
  now: string[]
}

/** A key that outlives the history. */
async function keyFor({ app }: World): Promise<string> {
  const request = { name: 'a program', scopes: ['compliance' as const] }
  const expiresAt = new Date('2199-01-01')
  return (await app.identity.createKey(systemActor('test'), { ...request, expiresAt })).token
}

/** Lines of which only one of two lists tells. */
const parting = (one: readonly string[], other: readonly string[]): string[] => [
  ...one.filter((line) => !other.includes(line)).map((line) => `+ ${line}`),
  ...other.filter((line) => !one.includes(line)).map((line) => `- ${line}`),
]

async function hold(history: readonly Fact[]): Promise<void> {
  const world = await createWorld('2024-02-05T10:00:00Z')
  try {
    const parliament = createHistory(world, programme)
    await parliament.begin()
    const kept: Kept[] = []
    const program = programWith(world, await keyFor(world))
    const overHttp = async (on: Day, known: string): Promise<unknown> => {
      const { body } = await program.get(`/compliance?asAt=${on}&known=${known}&size=1000`)
      const { lines, ...counted } = body as { lines: Record<string, unknown>[] }
      return { ...counted, lines: lines.map((line) => omit(line, ['progress'])) }
    }
    for (const [step, fact] of history.entries()) {
      const today = world.clock.today()
      if (fact.fact === 'pass') {
        const listed = await parliament.listed(today)
        kept.push({
          on: today,
          then: listed,
          now: listed,
          overHttp: await overHttp(today, 'now'),
        })
      }
      if (!(await parliament.arrive(fact))) continue
      const told = (on: Day) => `${JSON.stringify(fact)} (step ${step}, on ${today}), as at ${on}`
      const same = (found: readonly string[], wanted: readonly string[], what: string) => {
        expect(parting(found, wanted), what).to.deep.equal([])
        expect(found.length, what).to.equal(wanted.length)
      }
      const now = world.clock.today()
      same(await parliament.listed(now), parliament.byRule(now), told(now))
      // The latest days, and one from long ago: a reading as known then works everybody out anew.
      const looked = new Set([...kept.slice(-1), ...kept.slice(step % 7, (step % 7) + 1)])
      for (const one of looked) {
        const { on } = one
        const wanted = isCorrection(fact) ? parliament.byRule(on) : one.now
        same(await parliament.listed(on), wanted, told(on))
        same(await parliament.listed(on, true), one.then, `known then: ${told(on)}`)
      }
      if (isCorrection(fact)) for (const one of kept) one.now = await parliament.listed(one.on)
      const asked = kept[(step * 7) % Math.max(1, kept.length)]
      if (asked)
        expect(await overHttp(asked.on, 'then'), told(asked.on)).to.deep.equal(asked.overHttp)
    }
  } finally {
    await world.close()
  }
}

describe('a list of a past day (domain, section 3)', function () {
  this.timeout(long ? 1_200_000 : 120_000)

  // What has gone wrong before is tried every time.
  const ended: Fact[] = [
    { fact: 'hire', who: 0, office: 0, in: 0 },
    { fact: 'pass', days: 20 },
    { fact: 'extended', who: 0, duty: 0, by: 90 },
    { fact: 'excused', who: 0, duty: 0, in: 3, length: 60 },
    { fact: 'pass', days: 10 },
    { fact: 'pass', days: 2 },
    { fact: 'relief-ended', which: 1 },
    { fact: 'pass', days: 5 },
    { fact: 'relief-ended', which: 0 },
    { fact: 'pass', days: 40 },
  ]
  const handedOn: Fact[] = [
    { fact: 'hire', who: 1, office: 0, in: 0 },
    { fact: 'pass', days: 30 },
    { fact: 'office-handed-on', to: 1 },
    { fact: 'hire', who: 2, office: 0, in: 1 },
    { fact: 'pass', days: 3 },
  ]

  it('never changes when later facts arrive; a correction changes it as known now, and only so', () =>
    fc.assert(
      fc.asyncProperty(facts(long ? 120 : 24), (history) => hold(history)),
      { ...property(2, 8), endOnFailure: true, examples: [[[...ended, ...handedOn]]] },
    ))
})
