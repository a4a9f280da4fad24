import { expect } from 'chai'
import fc from 'fast-check'
import {
  begin,
  keepSecrets,
  secret,
  secretWords,
  study,
  type Secret,
} from '../support/department.js'
import { long, property } from '../support/property.js'
import { answerOf } from '../support/two-worlds.js'

const days = [
  undefined,
  '2024-02-29',
  '2024-03-01',
  '2024-05-20',
  '2025-01-05',
  '2025-05-20',
  '2025-12-31',
]
const filters = [
  '',
  ...['overdue', 'complete', 'excused', 'absent', 'due'].map((standing) => `standing=${standing}`),
  'kind=staff&house=commons',
  'kind=mp',
  'party=Lantern+Party',
  'office=o-mair',
  'office=dept',
  'course=lords-seminar',
  'q=ina',
  'q=elsewhere',
  'q=mair',
  'sort=name',
  'sort=due&page=2',
]

/** Everything that a manager can ask about people, by any address that can be guessed. */
const addresses: string[] = [
  ...filters.flatMap((filter, at) => {
    const asAt = days[at % days.length]
    const when = asAt ? [`asAt=${asAt}`, `asAt=${asAt}&known=then`] : []
    return ['', ...when].map((more) => `/compliance?${[filter, more].filter(Boolean).join('&')}`)
  }),
  ...days.flatMap((asAt) =>
    ['ina', 'ivo', 'other7', 'boss', 'dee', 'mair', 'nobody'].map(
      (person) => `/compliance/people/${person}${asAt ? `?asAt=${asAt}` : ''}`,
    ),
  ),
  '/compliance.csv',
  '/compliance.csv?asAt=2025-12-31&known=then&sort=due',
  '/compliance.csv?q=ina&bom=no',
  '/compliance.xlsx',
  '/compliance.pdf',
  '/compliance/remind',
  '/compliance/remind?q=ina',
  '/compliance/pictures',
  '/delegates',
  '/decisions',
  '/decisions/people/ivo',
  '/decisions/new?person=ivo',
  '/certificate-bundles/new?course=lords-seminar',
  '/training-sessions',
  '/register',
]

// Ids are drawn at random, and tell nothing.
const folded = (answer: string): string => answer.replaceAll(/delegates\/[\w-]+\/end/g, '')

async function hold(secrets: readonly Secret[], reasons: [string, string]): Promise<void> {
  const plain = await begin([], reasons[0])
  const fuller = await begin(secrets, reasons[1])
  try {
    const wrong = secrets.some((one) => one.secret === 'marks' && one.wrong)
    await Promise.all([study(plain, false), study(fuller, wrong)])
    await keepSecrets(fuller, secrets)
    for (const reader of ['manager', 'delegate'] as const) {
      for (const [place, address] of addresses.entries()) {
        // A delegate asks through the same door; a sample shows it.
        if (!long && place % (reader === 'manager' ? 2 : 9) !== 0) continue
        const [one = '', other = ''] = await Promise.all(
          [plain, fuller].map(async (side) =>
            folded(await answerOf(await side[reader].fetch(address))),
          ),
        )
        let at = 0
        while (at < one.length && one[at] === other[at]) at++
        const parting =
          at === one.length && at === other.length ? '' : other.slice(at - 60, at + 120)
        expect(parting, `${reader} ${address}: ${JSON.stringify(secrets)}`).to.equal('')
      }
    }
  } finally {
    await Promise.all([plain.world.close(), fuller.world.close()])
  }
}

describe('what a manager and their delegate can obtain', function () {
  this.timeout(long ? 1_200_000 : 120_000)

  it('is the same to the byte, whatever lies outside their people, their days and their business', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(secret, { maxLength: 10 }),
        fc.tuple(secretWords, secretWords),
        hold,
      ),
      {
        ...property(1, 6),
        endOnFailure: true,
        examples: [
          [
            [
              { secret: 'elsewhere', completes: true, excused: false, id: 7 },
              { secret: 'elsewhere', completes: false, excused: true, id: 8 },
              { secret: 'second-employer', who: 'ina', from: 100, days: 700 },
              { secret: 'second-employer', who: 'ivo', from: 10, days: 200 },
              { secret: 'away-before', who: 'ina', from: 5, days: 10 },
              { secret: 'began-earlier', years: 3 },
              { secret: 'other-course', who: 'ina', remote: true, on: 30 },
              { secret: 'refused', who: 'ina', reason: 'A private reason' },
              { secret: 'claim', who: 'ivo', says: 'A private word' },
              { secret: 'marks', wrong: true },
            ],
            ['One reason', 'A very different and longer reason'],
          ],
        ],
      },
    ))
})
