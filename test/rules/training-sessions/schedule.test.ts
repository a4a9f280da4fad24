import { expect } from 'chai'
import { day } from '../../../src/clock.js'
import { proposeSessions } from '../../../src/training-sessions/availability.js'
import { codeAt, isCodeGood } from '../../../src/training-sessions/check-in.js'
import { daysOf, timesOf } from '../../../src/training-sessions/schedule.js'

describe('when a training session is', () => {
  const cases: [
    what: string,
    on: string,
    from: string,
    to: string,
    starts?: string,
    ends?: string,
  ][] = [
    ['in winter', '2026-03-03', '10:00', '11:30', '2026-03-03T10:00', '2026-03-03T11:30'],
    ['in summer', '2026-07-01', '10:00', '11:30', '2026-07-01T09:00', '2026-07-01T10:30'],
    ['over midnight', '2026-03-03', '23:00', '00:30', '2026-03-03T23:00', '2026-03-04T00:30'],
    [
      'over the change to summer',
      '2026-03-28',
      '23:30',
      '03:00',
      '2026-03-28T23:30',
      '2026-03-29T02:00',
    ],
    [
      'over the change to winter',
      '2026-10-24',
      '23:30',
      '03:00',
      '2026-10-24T22:30',
      '2026-10-25T03:00',
    ],
    ['in the hour that is skipped', '2026-03-29', '01:30', '03:00'],
    ['at a time that is none', '2026-03-03', '25:00', '26:00'],
  ]
  for (const [what, on, from, to, starts, ends] of cases) {
    it(what, () => {
      const times = timesOf(day(on), from, to)
      const shown =
        times && [times.startsAt, times.endsAt].map((at) => at.toISOString().slice(0, 16))
      expect(shown).to.deep.equal(starts === undefined ? undefined : [starts, ends])
    })
  }

  it('repeats on the same weekday, or the same day of the month clamped to its end', () => {
    expect(daysOf(day('2026-01-31'), { every: 'month', times: 3 })).to.deep.equal([
      '2026-01-31',
      '2026-02-28',
      '2026-03-31',
    ])
    expect(daysOf(day('2026-03-24'), { every: 'week', times: 2 })).to.deep.equal([
      '2026-03-24',
      '2026-03-31',
    ])
  })
})

describe('training sessions proposed from when people could come', () => {
  const slot = (id: string, on: string) => ({ id, on: day(on), from: '10:00', to: '11:00' })
  const slots = [slot('a', '2026-03-04'), slot('b', '2026-03-03'), slot('c', '2026-03-05')]

  it('serve most people first, each of them once, in the order in which they answered', () => {
    const answers = [
      { person: 'ann', slots: ['a', 'b'] },
      { person: 'ben', slots: ['a'] },
      { person: 'cai', slots: ['a', 'c'] },
      { person: 'dee', slots: ['c'] },
      { person: 'eve', slots: [] },
    ]
    expect(proposeSessions(slots, answers, 2)).to.deep.equal([
      { slot: 'a', people: ['ann', 'ben'], possible: 3 },
      { slot: 'c', people: ['cai', 'dee'], possible: 2 },
    ])
  })
})

describe('the code at the door', () => {
  const at = (seconds: number) => new Date(Date.UTC(2026, 2, 3, 10, 0, seconds))
  const rule = { seconds: 30 }
  const secret = Buffer.alloc(32, 7).toString('base64url')

  it('is good while it is shown and once more, for its own training session alone', () => {
    const code = codeAt(secret, 's1', at(0), rule)
    expect(isCodeGood(secret, 's1', code, at(29), rule)).to.equal(true)
    expect(isCodeGood(secret, 's1', code, at(59), rule)).to.equal(true)
    expect(isCodeGood(secret, 's1', code, at(61), rule)).to.equal(false)
    expect(isCodeGood(secret, 's2', code, at(5), rule)).to.equal(false)
    expect(isCodeGood(secret, 's1', '', at(5), rule)).to.equal(false)
  })
})
