import { expect } from 'chai'
import fc from 'fast-check'
import { mayTellExcused, publishable, type Group } from '../../src/publication/suppression.js'
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
})
