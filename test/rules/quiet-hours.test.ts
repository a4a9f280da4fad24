import { expect } from 'chai'
import { day } from '../../src/clock.js'
import { openingAfter, quietUntil } from '../../src/notifications/calm.js'

const rules = {
  opens: '08:00',
  closes: '19:00',
  weekends: false,
  closed: [day('2026-12-25'), day('2026-12-28')],
  mostADay: 2,
}

describe('quiet hours', () => {
  const cases: [what: string, now: string, until: string | undefined][] = [
    ['a working morning', '2026-03-02T10:00:00Z', undefined],
    ['the first minute', '2026-03-02T08:00:00Z', undefined],
    ['before it', '2026-03-02T07:59:59Z', '2026-03-02T08:00:00.000Z'],
    ['the evening', '2026-03-02T19:00:00Z', '2026-03-03T08:00:00.000Z'],
    ['Friday night', '2026-03-06T23:30:00Z', '2026-03-09T08:00:00.000Z'],
    ['Saturday noon', '2026-03-07T12:00:00Z', '2026-03-09T08:00:00.000Z'],
    ['summer: eight in London is seven in UTC', '2026-06-01T07:00:00Z', undefined],
    ['summer, before eight', '2026-06-01T06:59:00Z', '2026-06-01T07:00:00.000Z'],
    // The clocks go forward on Sunday 29 March 2026, and back on Sunday 25 October.
    ['the weekend the clocks go forward', '2026-03-28T12:00:00Z', '2026-03-30T07:00:00.000Z'],
    ['the weekend the clocks go back', '2026-10-23T18:30:00Z', '2026-10-26T08:00:00.000Z'],
    [
      'Christmas Eve’s night, until after Boxing Day',
      '2026-12-24T20:00:00Z',
      '2026-12-29T08:00:00.000Z',
    ],
    ['a bank holiday’s noon', '2026-12-28T12:00:00Z', '2026-12-29T08:00:00.000Z'],
  ]
  for (const [what, now, until] of cases) {
    it(`${what}: ${until ?? 'now'}`, () => {
      expect(quietUntil(new Date(now), rules)?.toISOString()).to.equal(until)
    })
  }

  it('keep no weekend where none is asked for', () => {
    expect(quietUntil(new Date('2026-03-07T12:00:00Z'), { ...rules, weekends: true })).to.equal(
      undefined,
    )
  })

  it('put off what is too much for today to the next working day', () => {
    expect(openingAfter(day('2026-03-06'), rules).toISOString()).to.equal(
      '2026-03-09T08:00:00.000Z',
    )
  })
})
