import { expect } from 'chai'
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import {
  addDays,
  addMonths,
  day,
  dayOf,
  daysBetween,
  endOfDay,
  instantOf,
  parseDay,
  type Day,
} from '../../src/clock.js'
import { property } from '../support/property.js'

const anyDay = fc
  .integer({ min: 0, max: 109_000 })
  .map((days) => Temporal.PlainDate.from('1900-01-01').add({ days }).toString() as Day)

describe('calendar dates', () => {
  it('clamp months to the month’s end', () => {
    expect(addMonths(day('2021-11-30'), 3)).to.equal('2022-02-28')
    expect(addMonths(day('2023-11-30'), 3)).to.equal('2024-02-29')
    expect(addMonths(day('2024-02-29'), 12)).to.equal('2025-02-28')
    expect(addMonths(day('2024-12-31'), 2)).to.equal('2025-02-28')
  })

  it('add up as Temporal adds them', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -4000, max: 4000 }), (from, count) => {
        const plain = Temporal.PlainDate.from(from)
        expect(addDays(from, count)).to.equal(plain.add({ days: count }).toString())
        expect(addMonths(from, count % 600)).to.equal(plain.add({ months: count % 600 }).toString())
        expect(daysBetween(from, addDays(from, count))).to.equal(count)
      }),
      property(500, 20_000),
    )
  })

  it('are London’s, whatever the clocks do', () => {
    expect(dayOf(new Date('2021-03-31T22:59:59Z'))).to.equal('2021-03-31')
    expect(dayOf(new Date('2021-03-31T23:00:00Z'))).to.equal('2021-04-01')
    expect(dayOf(new Date('2020-12-31T23:59:59Z'))).to.equal('2020-12-31')
    expect(endOfDay(day('2021-03-28')).toISOString()).to.equal('2021-03-28T23:00:00.000Z')
    expect(endOfDay(day('2021-10-31')).toISOString()).to.equal('2021-11-01T00:00:00.000Z')
  })

  it('know wall-clock times, and that some are skipped', () => {
    expect(instantOf(day('2026-07-01'), '09:00')?.toISOString()).to.equal(
      '2026-07-01T08:00:00.000Z',
    )
    expect(instantOf(day('2026-03-29'), '01:30')).to.equal(undefined)
  })

  for (const wrong of [
    '2021-02-29',
    '20225-01-01',
    '2021-13-01',
    '1-1-2021',
    '',
    '2021-4-1',
    '0001-01-01',
  ]) {
    it(`refuse ${wrong || 'nothing'}`, () => expect(parseDay(wrong)).to.equal(undefined))
  }
})
