import { expect } from 'chai'
import fc from 'fast-check'
import { day } from '../../src/clock.js'
import {
  sectionOf,
  staffOf,
  type Edition,
  type PublicationRules,
} from '../../src/publication/edition.js'
import {
  mayTellExcused,
  publishable,
  publishableBeside,
  type Group,
  type Published,
} from '../../src/publication/suppression.js'
import { property } from '../support/property.js'

const groups = fc
  .array(fc.record({ complete: fc.nat(30), incomplete: fc.nat(30) }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((cells) => cells.map((cell, at): Group => ({ id: `g${at}`, ...cell })))
const least = fc.integer({ min: 3, max: 10 })

const sizeOf = ({ complete, incomplete }: Group): number => complete + incomplete

/** Every sum that some numbers, each from nothing up to its own limit, can have. */
function reachable(limits: readonly number[]): Set<number> {
  let sums = new Set([0])
  for (const limit of limits) {
    const next = new Set<number>()
    for (const sum of sums) for (let more = 0; more <= limit; more++) next.add(sum + more)
    sums = next
  }
  return sums
}

/** What somebody can still think a part to be, who knows the sum and how large each part can be. */
function thinkable(own: number, others: readonly number[], sum: number): number[] {
  const rest = reachable(others)
  return Array.from({ length: own + 1 }, (_, value) => value).filter((value) =>
    rest.has(sum - value),
  )
}

describe('suppressed numbers', () => {
  it('are never shown, and cannot be worked out from rows, totals and the size of each group', () => {
    fc.assert(
      fc.property(groups, least, (all, smallest) => {
        const { rows, withheld, total } = publishable(all, smallest)
        expect(rows.length + withheld.length).to.equal(all.length)
        for (const { complete, incomplete } of rows) {
          expect(Math.min(complete, incomplete)).to.be.least(smallest)
        }
        if (!total) return
        const hidden = all.filter(({ id }) => withheld.includes(id))
        const known = rows.reduce((sum, { complete }) => sum + complete, 0)
        for (const group of hidden) {
          const others = hidden.filter((one) => one !== group).map(sizeOf)
          const left = thinkable(sizeOf(group), others, total.complete - known)
          expect(left, JSON.stringify({ all, group })).to.include(group.complete)
          expect(left.length, JSON.stringify({ all, group })).to.be.least(smallest)
        }
      }),
      property(500, 50_000),
    )
  })

  it('withholds no more than it must: large groups are told with their totals', () => {
    const large = [20, 30, 40].map((complete, at) => ({ id: `g${at}`, complete, incomplete: 25 }))
    expect(publishable(large, 10)).to.deep.equal({
      rows: large,
      withheld: [],
      total: { complete: 90, incomplete: 75 },
    })
  })

  it('tells of no party who of it is excused or absent, whoever knows the names', () => {
    const parties = fc.array(fc.nat(30), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(parties, fc.nat(1000), least, (incomplete, some, smallest) => {
        const all = incomplete.reduce((sum, count) => sum + count, 0)
        const excusedOrAbsent = all === 0 ? 0 : some % (all + 1)
        const house = { complete: 50, incomplete: all, excusedOrAbsent }
        if (!mayTellExcused(house, incomplete, smallest)) return
        for (const [at, own] of incomplete.entries()) {
          if (own === 0) continue
          const others = incomplete.filter((_, other) => other !== at)
          const left = thinkable(own, others, excusedOrAbsent)
          expect(left).to.include(0)
          expect(left.length).to.be.above(1)
        }
      }),
      property(500, 50_000),
    )
  })

  /** Every way of filling the groups that agrees with an edition, for whoever knows their sizes. */
  function worlds(all: readonly Group[], { rows, total }: Published): number[][] {
    let found: number[][] = [[]]
    for (const group of all) {
      const row = rows.find(({ id }) => id === group.id)
      const values = row
        ? [row.complete]
        : Array.from({ length: sizeOf(group) + 1 }, (_, value) => value)
      found = found.flatMap((world) => values.map((value) => [...world, value]))
    }
    const sum = (world: readonly number[]) => world.reduce((whole, one) => whole + one, 0)
    return total ? found.filter((world) => sum(world) === total.complete) : found
  }
  const subsets = (count: number): number[][] =>
    Array.from({ length: 2 ** count - 1 }, (_, mask) =>
      Array.from({ length: count }, (_place, at) => at).filter(
        (at) => ((mask + 1) >> at) % 2 === 1,
      ),
    )

  /** Everything that two editions together let somebody think a set of groups' change to be. */
  function changes(
    one: readonly Group[],
    other: readonly Group[],
    [first, second]: readonly [Published, Published],
    set: readonly number[],
  ): Set<number> {
    const sums = (all: readonly Group[], published: Published) =>
      new Set(
        worlds(all, published).map((world) =>
          set.reduce((whole, at) => whole + (world[at] ?? 0), 0),
        ),
      )
    const before = sums(one, first)
    return new Set([...sums(other, second)].flatMap((to) => [...before].map((from) => to - from)))
  }

  const few = fc.array(fc.record({ complete: fc.nat(14), incomplete: fc.nat(14) }), {
    minLength: 3,
    maxLength: 3,
  })
  // Most changes between editions are small.
  const step = fc.array(
    fc.record({
      complete: fc.oneof(fc.integer({ min: -2, max: 2 }), fc.integer({ min: -9, max: 9 })),
      incomplete: fc.oneof(fc.integer({ min: -2, max: 2 }), fc.integer({ min: -9, max: 9 })),
    }),
    { minLength: 3, maxLength: 3 },
  )
  const editionsOf = (
    first: readonly { complete: number; incomplete: number }[],
    steps: readonly (readonly { complete: number; incomplete: number }[])[],
  ): Group[][] => {
    const result = [first.map((cells, at): Group => ({ id: `g${at}`, ...cells }))]
    for (const by of steps) {
      const last = result.at(-1) ?? []
      result.push(
        last.map(({ id, complete, incomplete }, at) => ({
          id,
          complete: Math.max(0, complete + (by[at]?.complete ?? 0)),
          incomplete: Math.max(0, incomplete + (by[at]?.incomplete ?? 0)),
        })),
      )
    }
    return result
  }

  it('cannot be worked out by subtracting any edition from another, for any set of groups', () => {
    fc.assert(
      fc.property(
        few,
        fc.array(step, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 3, max: 6 }),
        (first, steps, smallest) => {
          const editions = editionsOf(first, steps)
          const published: Published[] = []
          for (const groups of editions) {
            published.push(publishableBeside(groups, smallest, published))
          }
          for (const [later, groups] of editions.entries()) {
            for (const [before, earlier] of editions.slice(0, later).entries()) {
              const pair = [published[before], published[later]] as [Published, Published]
              // What is known of parts is known of the whole: only the smallest sets say something new.
              const known: number[][] = []
              for (const set of subsets(3).toSorted((a, b) => a.length - b.length)) {
                const sum = (all: readonly Group[]) =>
                  set.reduce((whole, at) => whole + (all[at]?.complete ?? 0), 0)
                const change = sum(groups) - sum(earlier)
                const thinkableChanges = changes(earlier, groups, pair, set)
                expect(thinkableChanges.has(change)).to.equal(true)
                if (thinkableChanges.size > 1) continue
                const covered = new Set(
                  known.filter((part) => part.every((at) => set.includes(at))).flat(),
                )
                known.push(set)
                if (covered.size === set.length) continue
                const told = JSON.stringify({ earlier, groups, pair, set })
                if (
                  set.some((at) => sizeOf(groups[at] ?? { id: '', complete: 0, incomplete: 0 }) > 0)
                )
                  expect(change === 0 || Math.abs(change) >= smallest, told).to.equal(true)
              }
            }
          }
        },
      ),
      property(50, 4_000),
    )
  })

  it('stay so for House, party and staff together, through any editions', () => {
    const by = { en: 'a decision', cy: 'penderfyniad' }
    const rules: PublicationRules = {
      names: { lords: by },
      counts: { commons: by },
      staff: by,
      least: 4,
      noticeDays: 0,
    }
    const state = fc.constantFrom('complete', 'awaited', 'excused-or-absent')
    const person = fc.record({ state, party: fc.constantFrom('Lantern', 'Harbour', 'Quay') })
    const population = fc.array(person, { maxLength: 24 })
    const world = fc.record({ commons: population, lords: population, staff: population })
    const standings = (some: readonly { state: string; party?: string }[]) =>
      new Map(
        some.map(({ state: held, party }, at) => [
          `p${at}`,
          {
            name: `Person ${at}`,
            ...(party ? { party } : {}),
            state: held as 'complete',
            since: day('2025-01-01'),
          },
        ]),
      )
    fc.assert(
      fc.property(fc.array(world, { minLength: 1, maxLength: 4 }), (years) => {
        const editions: Edition[] = []
        for (const { commons, lords, staff } of years) {
          const named = new Set(lords.map((_, at) => `p${at}`))
          const houses = [
            sectionOf('commons', standings(commons), named, rules, editions),
            sectionOf('lords', standings(lords), named, rules, editions),
          ].flatMap((section) => section ?? [])
          const byHouse = new Map([
            ['commons', standings(staff.filter((_, at) => at % 3 === 0))],
            ['lords', standings(staff.filter((_, at) => at % 3 === 1))],
            ['both', standings(staff.filter((_, at) => at % 3 === 2))],
          ])
          const counted = staffOf(byHouse, rules, editions)
          editions.push({ asAt: day('2025-01-01'), houses, ...(counted ? { staff: counted } : {}) })
        }
        const apart = (numbers: readonly (number | undefined)[]) => {
          const told = numbers.filter((one) => one !== undefined)
          for (const one of told) {
            for (const other of told) {
              expect(one === other || Math.abs(one - other) >= 4, told.join(' ')).to.equal(true)
            }
          }
        }
        const section = (house: string) =>
          editions.map(({ houses }) => houses.find((one) => one.house === house))
        apart(section('commons').map((one) => one?.complete))
        apart(section('commons').map((one) => one?.incomplete))
        apart(section('lords').map((one) => one?.excusedOrAbsent))
        for (const house of ['commons', 'lords', 'both']) {
          const rows = editions.map(({ staff }) => staff?.rows.find(({ id }) => id === house))
          apart(rows.map((row) => row?.complete))
          apart(rows.map((row) => row?.incomplete))
        }
        apart(editions.map(({ staff }) => staff?.total?.complete))
        for (const one of section('commons')) expect(one).not.to.have.any.keys('parties', 'names')
        for (const one of section('lords')) {
          for (const party of one?.parties ?? []) {
            expect(party).to.have.all.keys('party', 'complete', 'incomplete')
          }
          // Whoever is named is published by decision, and by party no more is told than the names do.
          for (const { party, complete } of one?.parties ?? []) {
            expect(one?.names?.filter((name) => name.party === party)).to.have.length(complete)
          }
        }
      }),
      property(150, 5_000),
    )
  })
})
