import { expect } from 'chai'
import fc from 'fast-check'
import { addDays } from '../../../src/clock.js'
import { deliveries } from '../../../src/courses/courses.js'
import { meets, type OrdinaryCompletion } from '../../../src/sanctions/matching.js'
import type { Training } from '../../../src/sanctions/outcome.js'
import { bespokeTraining, completion, d, respondent, terms } from '../../support/outcomes.js'
import { property } from '../../support/property.js'

const on = '2021-05-18'

describe('matching a completion to an outcome', () => {
  const cases: [says: string, Partial<Training>, Partial<OrdinaryCompletion>, string, boolean][] = [
    ['the course, on the day of the decision', {}, {}, on, true],
    ['the course, the day before the decision', {}, {}, '2021-05-17', false],
    ['a remote one, where remote is allowed', {}, { delivery: 'remote' }, on, true],
    [
      'a remote one, where it must be face to face',
      { delivery: ['face-to-face'] },
      { delivery: 'remote' },
      on,
      false,
    ],
    ['an online one', {}, { delivery: 'online' }, on, false],
    ['another course', {}, { course: 'behaviour-code' }, on, false],
    [
      'one that counted as equal when it was decided',
      { subject: { course: 'lords-first-course', equivalents: ['lords-seminar'] } },
      {},
      on,
      true,
    ],
    [
      'one that did not',
      { subject: { course: 'lords-first-course', equivalents: [] } },
      {},
      on,
      false,
    ],
    ["somebody else's", {}, { person: 'peer-2' }, on, false],
    ['a course, where training is made for one person', bespokeTraining, {}, on, false],
    ['a course called bespoke', bespokeTraining, { course: 'bespoke' }, on, false],
  ]
  for (const [says, training, given, date, expected] of cases) {
    it(`${expected ? 'takes' : 'does not take'} ${says}`, () => {
      expect(meets(terms({ training }), completion(date, given))).to.equal(expected)
    })
  }

  it('takes exactly the right course, delivery, person and time, for any of them', () => {
    const course = fc.constantFrom('a', 'b', 'c')
    fc.assert(
      fc.property(
        fc.record({ course, equivalents: fc.uniqueArray(course) }),
        fc.uniqueArray(fc.constantFrom(...deliveries), { minLength: 1 }),
        fc.record({
          course,
          delivery: fc.constantFrom(...deliveries),
          person: fc.constantFrom(respondent, 'x'),
        }),
        fc.integer({ min: -400, max: 400 }),
        (subject, delivery, given, days) => {
          const decided = terms({ training: { subject, delivery } })
          const date = addDays(d(on), days)
          const expected =
            days >= 0 &&
            given.person === respondent &&
            delivery.includes(given.delivery) &&
            (given.course === subject.course || subject.equivalents.includes(given.course))
          expect(meets(decided, completion(date, given))).to.equal(expected)
        },
      ),
      property(200, 10_000),
    )
  })
})
