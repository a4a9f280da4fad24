import { expect } from 'chai'
import { loadWords } from '../../../src/language.js'
import { actNames } from '../../../src/sanctions/sanctions.js'
import { eachWithPlane } from '../../support/sealed-database.js'
import { decided, keyActor, panel, refusal } from '../../support/sealed-plane.js'

const words = loadWords(new URL('../../../views/text', import.meta.url).pathname)
const which = { reference: 'IEP/2023/7' }
const key = keyActor(panel)

describe('acts with something wrong in them', () => {
  const plane = eachWithPlane()

  describe('bad input: a sentence, the field, and nothing changed', () => {
    const wrong: [says: string, given: unknown, field: string, key: string][] = [
      ['an unknown respondent', decided({ respondent: 'nobody' }), 'respondent', 'unknown-person'],
      [
        'a person over whom the body has no power',
        decided({ respondent: 'staff-fay' }),
        'respondent',
        'no-power',
      ],
      ['a decision in the future', decided({ decidedOn: '2023-09-05' }), 'decidedOn', 'future'],
      [
        'due before it was decided',
        decided({ training: { dueOn: '2023-09-03' } }),
        'training.dueOn',
        'due-before-decision',
      ],
      [
        'a course that cannot be delivered so',
        decided({ training: { delivery: ['remote'] } }),
        'training.delivery',
        'not-so-delivered',
      ],
      [
        'a course that is not',
        decided({ training: { course: 'unknown' } }),
        'training.course',
        'unknown-course',
      ],
      [
        'a course and bespoke training',
        decided({ training: { bespoke: true } }),
        'training',
        'two-trainings',
      ],
      ['neither', decided({ training: { course: undefined } }), 'training', 'no-training'],
      [
        'two ways to be due',
        decided({ training: { dueAfter: { event: 'x', months: 1 } } }),
        'training.dueAfter',
        'two-dates',
      ],
      ['a body that is not', decided({ noticeTo: 'nobody' }), 'noticeTo', 'unknown-body'],
      [
        'a date that does not exist',
        decided({ decidedOn: '2023-02-30' }),
        'decidedOn',
        'not-a-date',
      ],
      [
        'the year 20225',
        decided({ training: { dueOn: '20225-01-01' } }),
        'training.dueOn',
        'not-a-date',
      ],
      ['no reference', decided({ reference: undefined }), 'reference', 'missing'],
      [
        'a reference with what cannot be seen',
        decided({ reference: 'a\u202eb' }),
        'reference',
        'form',
      ],
      ['a query operator', decided({ respondent: { $ne: '' } }), 'respondent', 'form'],
      ['a field that is not', decided({ secret: 1 }), 'secret', 'unknown-field'],
      [
        'a sanction that ends before it begins',
        decided({ sanctions: [{ kind: 'suspension', from: '2023-10-02', to: '2023-10-01' }] }),
        'sanctions.0.to',
        'ends-before',
      ],
      [
        'a restriction before the decision',
        decided({ restriction: { state: 'active', from: '2023-09-03' } }),
        'restriction.from',
        'before-decision',
      ],
      ['nothing', undefined, 'outcome', 'missing'],
      ['a list', [], 'outcome', 'form'],
    ]
    for (const [says, given, field, expected] of wrong) {
      it(`${says}: ${field}`, async () => {
        const {
          kind,
          key: said,
          fields,
          error,
        } = await refusal(plane().sanctions.impose(key, given))
        expect({ kind, said, fields }).to.deep.equal({
          kind: 'invalid',
          said: expected,
          fields: [field],
        })
        for (const language of ['en', 'cy'] as const) {
          expect(words.say(language, error.faults[0]!.say)).to.have.length.greaterThan(10)
        }
        expect((await refusal(plane().sanctions.find(key, which))).kind).to.equal('not-found')
      })
    }

    const acts: [
      act: (typeof actNames)[number],
      given: unknown,
      kind: string,
      field: string,
      key: string,
    ][] = [
      ['agree', { party: 'party-9', on: '2023-09-04' }, 'invalid', 'party', 'not-a-party'],
      ['agree', { party: 'party-1' }, 'invalid', 'on', 'missing'],
      ['stay', { on: '2024-01-01' }, 'invalid', 'on', 'future'],
      ['resume', {}, 'conflict', 'state', 'not-stayed'],
      ['extend', { dueOn: 'soon' }, 'invalid', 'dueOn', 'not-a-date'],
      ['extend', { dueOn: '2023-12-04' }, 'invalid', 'dueOn', 'not-later'],
      ['event', { event: 'a speech', on: '2023-09-04' }, 'invalid', 'event', 'no-event-awaited'],
      ['confirm', {}, 'conflict', 'state', 'nothing-to-confirm'],
      ['liftRestriction', {}, 'conflict', 'state', 'not-restricted'],
      ['withdraw', { on: '2023-09-01' }, 'invalid', 'on', 'before-decision'],
      ['unenforceable', { on: ['2023-09-04'] }, 'invalid', 'on', 'form'],
      ['stay', { because: 'x' }, 'invalid', 'because', 'unknown-field'],
    ]
    for (const [act, given, kind, field, expected] of acts) {
      it(`${act} ${JSON.stringify(given)}: ${field} ${expected}`, async () => {
        const { sanctions } = plane()
        const before = await sanctions.impose(key, decided({ agreementOf: [] }))
        const refused = await refusal(sanctions[act](key, which, given))
        expect({ ...refused, error: undefined }).to.deep.equal({
          kind,
          key: expected,
          fields: [field],
          error: undefined,
        })
        expect((await sanctions.find(key, which)).revision).to.equal(before.revision)
      })
    }
  })
})
