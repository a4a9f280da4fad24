import { expect } from 'chai'
import { loadWords } from '../../../src/language.js'
import { actNames } from '../../../src/sanctions/sanctions.js'
import { eachWithPlane } from '../../support/sealed-database.js'
import {
  commissioner,
  decided,
  done,
  keyActor,
  officerActor,
  panel,
  personActor,
  refusal,
} from '../../support/sealed-plane.js'

const words = loadWords(new URL('../../../views/text', import.meta.url).pathname)
const which = { reference: 'IEP/2023/7' }
const key = keyActor(panel)

describe('what officers and their systems do', () => {
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

  it('records a reference once for each body', async () => {
    const { sanctions } = plane()
    await sanctions.impose(key, decided())
    const again = await refusal(sanctions.impose(key, decided({ reference: ' iep/2023/7' })))
    expect(again).to.include({ kind: 'conflict', key: 'recorded-already' })
    expect(again.fields).to.deep.equal(['reference'])
    await sanctions.impose(keyActor(commissioner), decided())
  })

  it('lets one of two officers win who record the same reference at once', async () => {
    const { sanctions, eve, fay } = plane()
    const results = await Promise.allSettled([
      sanctions.impose(eve, decided()),
      sanctions.impose(fay, decided()),
    ])
    expect(results.map(({ status }) => status).sort()).to.deep.equal(['fulfilled', 'rejected'])
  })

  it('lets one of two officers win who act at once; the other hears that there is a conflict', async () => {
    const { sanctions, eve, fay } = plane()
    await sanctions.impose(eve, decided())
    const acts = [
      sanctions.extend(eve, which, { dueOn: '2024-01-05' }),
      sanctions.withdraw(fay, which, {}),
      sanctions.stay(fay, which, {}),
    ]
    const results = await Promise.allSettled(acts)
    const refused = results.flatMap((r) =>
      r.status === 'rejected' ? [r.reason as { kind: string }] : [],
    )
    expect(refused.map(({ kind }) => kind)).to.deep.equal(['conflict', 'conflict'])
    expect((await sanctions.find(eve, which)).steps).to.have.length(2)
  })

  it('refuses an act on a version that somebody has changed since it was shown', async () => {
    const { sanctions, eve, fay } = plane()
    const shown = await sanctions.impose(eve, decided())
    await sanctions.extend(fay, which, { dueOn: '2024-01-05' })
    const late = await refusal(sanctions.withdraw(eve, which, {}, { seen: shown.revision }))
    expect(late).to.include({ kind: 'conflict' })
  })

  describe('a case-management system that repeats itself', () => {
    it('agrees, and tells of an event, any number of times', async () => {
      const { sanctions } = plane()
      await sanctions.impose(
        key,
        decided({
          agreementOf: ['party-1'],
          training: { dueOn: undefined, dueAfter: { event: 'e', months: 1 } },
        }),
      )
      for (let n = 0; n < 3; n += 1) {
        await sanctions.agree(key, which, { party: 'party-1', on: '2023-09-04' })
        await sanctions.event(key, which, { event: 'e', on: '2023-09-04' })
      }
      expect((await sanctions.find(key, which)).steps).to.have.length(3)
    })

    it('gets the same answer to the same request, byte for byte, and takes one step', async () => {
      const { sanctions } = plane()
      let taken = 0
      const asked = { key: 'k-1', path: '/outcomes', content: decided() }
      const send = (content = asked.content) =>
        sanctions.once(key, { ...asked, content }, async (request) => {
          taken += 1
          const { json, id } = await sanctions.impose(key, content, { request })
          return {
            reply: { status: 201, body: JSON.stringify({ ...json, at: taken }) },
            outcome: id,
          }
        })
      const first = await send()
      expect(await send()).to.deep.equal(first)
      expect(taken).to.equal(1)
      const altered = await refusal(send(decided({ reference: 'another' })))
      expect(altered).to.include({ kind: 'conflict', key: 'altered' })
      expect((await refusal(sanctions.find(key, { reference: 'another' }))).kind).to.equal(
        'not-found',
      )
    })

    it('takes the step once where the answer was lost', async () => {
      const { sanctions } = plane()
      await sanctions.impose(key, decided(), { request: 'r-1' })
      const { steps } = await sanctions.impose(key, decided(), { request: 'r-1' })
      expect(steps).to.have.length(1)
      await sanctions.stay(key, which, {}, { request: 'r-2' })
      await sanctions.stay(key, which, {}, { request: 'r-2' })
      expect((await sanctions.find(key, which)).steps).to.have.length(2)
    })
  })

  describe('conflict walls', () => {
    it('refuses, names the next officer, passes it on and writes it down', async () => {
      const { sanctions, eve, fay, people, mails } = plane()
      people.managers['staff-eve'] = ['mp-ann']
      const imposed = await refusal(sanctions.impose(eve, decided()))
      expect(imposed).to.include({ kind: 'refused', key: 'conflict' })
      expect(words.say('en', imposed.error.say)).to.contain('Fay Fernley')
      await sanctions.impose(fay, decided())
      await sanctions.deliver()
      mails.length = 0
      for (const act of [
        () => sanctions.find(eve, which),
        () => sanctions.bundle(eve, which, []),
        () => sanctions.confirm(eve, which, {}),
        () => sanctions.withdraw(eve, which, {}),
        () => sanctions.second(eve, which, 'x'),
        () => sanctions.expunge(eve, which),
      ]) {
        expect(await refusal(act())).to.include({ kind: 'refused', key: 'conflict' })
      }
      expect((await sanctions.list(eve)).outcomes).to.deep.equal([])
      expect((await sanctions.list(fay)).outcomes).to.have.length(1)
      await sanctions.deliver()
      expect(mails.map(({ to }) => to)).to.deep.equal(['fay@example.org'])
      const { log } = await sanctions.bundle(fay, which, [])
      const refused = log.entries.filter(
        (entry) => 'act' in entry && entry.act['act'] === 'refused',
      )
      expect(refused).to.have.length(6)
    })

    const ties: [says: string, arrange: (p: ReturnType<typeof plane>) => void][] = [
      [
        'is the respondent',
        ({ people }) => void (people.terms['staff-eve'] = people.terms['mp-ann']!),
      ],
      [
        'is managed by the respondent',
        ({ people }) => void (people.managers['staff-eve'] = ['mp-ann']),
      ],
      ['manages the respondent', ({ people }) => void (people.managers['mp-ann'] = ['staff-eve'])],
    ]
    for (const [says, arrange] of ties) {
      it(`stand before an officer who ${says}`, async () => {
        const { sanctions, eve } = plane()
        arrange(plane())
        const respondent = says === 'is the respondent' ? 'staff-eve' : 'mp-ann'
        expect(await refusal(sanctions.impose(eve, decided({ respondent })))).to.include({
          kind: 'refused',
        })
      })
    }

    it('stand before an officer who has declared an interest, and nobody is left', async () => {
      const { sanctions, eve, fay } = plane()
      await sanctions.declareInterest(eve, 'mp-ann')
      await sanctions.declareInterest(fay, 'mp-ann')
      expect(await refusal(sanctions.impose(eve, decided()))).to.include({ key: 'conflict-nobody' })
    })
  })

  describe('two officers', () => {
    const two = eachWithPlane({
      bodySettings: { [panel]: { twoOfficers: ['imposed', 'confirmed'] } },
    })

    it('are needed before a duty exists, and again to confirm', async () => {
      const { sanctions, eve, fay, ann, clock } = two()
      const { state } = await sanctions.impose(
        eve,
        decided({ training: { confirmationRequired: true } }),
      )
      const [first] = state.waitingForSecond
      expect(await sanctions.ownOutcomes(ann)).to.deep.equal([])
      expect(await refusal(sanctions.second(eve, which, first!.id))).to.include({ key: 'own-step' })
      await sanctions.second(fay, which, first!.id)
      expect(await sanctions.ownOutcomes(ann)).to.have.length(1)
      clock.set('2023-10-01T10:00:00Z')
      await two().complete(done('2023-09-20'))
      const confirmed = await sanctions.confirm(fay, which, {})
      expect(confirmed.json.state).to.equal('awaiting-confirmation')
      const after = await sanctions.second(eve, which, confirmed.state.waitingForSecond[0]!.id)
      expect(after.json).to.include({ state: 'satisfied', satisfiedOn: '2023-10-01' })
    })
  })

  describe('to everybody else there is nothing', () => {
    const strangers = [
      personActor('mp-ben'),
      personActor('mp-ann'),
      officerActor('officer-gil', 'staff-gil', commissioner),
      keyActor(commissioner),
      { ...keyActor(panel), scopes: ['compliance' as const] },
      { kind: 'public' as const },
      { kind: 'system' as const, part: 'web' },
    ]
    for (const [n, actor] of strangers.entries()) {
      it(`as ${actor.kind} ${n}: the same answer for what is there and what is not`, async () => {
        const { sanctions, eve } = plane()
        const { id } = await sanctions.impose(eve, decided())
        for (const one of [which, { id }, { reference: 'nothing' }, { id: 'nothing' }]) {
          const { kind, error } = await refusal(sanctions.find(actor, one))
          expect({ kind, message: error.message }).to.deep.equal({
            kind: 'not-found',
            message: 'not-found: problem.not-found {}',
          })
          expect((await refusal(sanctions.withdraw(actor, one, {}))).kind).to.equal('not-found')
          expect((await refusal(sanctions.bundle(actor, one, []))).kind).to.equal('not-found')
        }
      })
    }

    it('shows the respondent their own, without a word of who else was there', async () => {
      const { sanctions, eve, ann } = plane()
      await sanctions.impose(eve, decided({ agreementOf: ['party-secret'] }))
      const own = await sanctions.ownOutcomes(ann)
      expect(own).to.have.length(1)
      expect(own[0]).to.include({ reference: 'IEP/2023/7', awaitingAgreement: true, body: panel })
      expect(JSON.stringify(own)).to.not.contain('party')
      expect(await sanctions.ownOutcomes(personActor('mp-ben'))).to.deep.equal([])
    })
  })

  it('hears what the respondent asks, and answers', async () => {
    const { sanctions, eve, ann, mails } = plane()
    const { id } = await sanctions.impose(eve, decided())
    await sanctions.deliver()
    mails.length = 0
    await sanctions.writeTo(ann, id, 'ann@home.example')
    await sanctions.ask(ann, id, { about: 'extension', text: 'I am in hospital until November.' })
    const { outcomes } = await sanctions.list(eve)
    expect(outcomes[0]?.next).to.deep.equal({ what: 'answer' })
    const { state } = await sanctions.find(eve, which)
    await sanctions.answer(eve, which, { question: state.questions[0]!.id, text: 'Granted.' })
    await sanctions.deliver()
    expect(mails.map(({ to }) => to)).to.have.members([
      `${panel}@parliament.example`,
      'ann@home.example',
    ])
    expect((await sanctions.ownOutcomes(ann))[0]?.questions[0]).to.include({ answer: 'Granted.' })
    expect(await refusal(sanctions.writeTo(ann, id, 'nonsense'))).to.include({ key: 'address' })
    expect(
      (await refusal(sanctions.ask(personActor('mp-ben'), id, { about: 'fact', text: 'x' }))).kind,
    ).to.equal('not-found')
  })

  it('orders the quiet list by what is next', async () => {
    const { sanctions, clock } = plane()
    await sanctions.impose(key, decided({ reference: 'A', training: { dueOn: '2023-12-20' } }))
    await sanctions.impose(key, decided({ reference: 'B', training: { dueOn: '2023-10-20' } }))
    await sanctions.impose(
      key,
      decided({ reference: 'C', respondent: 'mp-ben', training: { confirmationRequired: true } }),
    )
    clock.set('2023-10-21T10:00:00Z')
    await sanctions.consider([done('2023-10-20', { person: 'mp-ben' })])
    const { outcomes } = await sanctions.list(key)
    expect(outcomes.map(({ reference, next }) => [reference, next.what])).to.deep.equal([
      ['B', 'overdue'],
      ['C', 'confirm'],
      ['A', 'due'],
    ])
  })
})

describe('a stolen database', () => {
  const plane = eachWithPlane()

  it('shows no name, reference or text of a case, no kind of thing, no body and no date', async () => {
    const { sanctions, eve, ann } = plane()
    const { id } = await sanctions.impose(
      eve,
      decided({ agreementOf: ['party-1'], noticeTo: commissioner }),
    )
    await sanctions.agree(eve, which, { party: 'party-1', on: '2023-09-04', reason: 'by letter' })
    await sanctions.ask(ann, id, { about: 'fact', text: 'I was in Leeds.' })
    await sanctions.registerWebhook(eve, { url: 'http://127.0.0.1:9/' })
    await sanctions.once(key, { key: 'k', path: '/p', content: {} }, () =>
      Promise.resolve({ reply: { status: 200, body: 'reply text' }, outcome: id }),
    )
    plane().clock.set('2023-12-05T10:00:00Z')
    await sanctions.scanDueDates()
    await sanctions.deliver()
    const stolen = await plane.dump()
    expect(stolen.length).to.be.greaterThan(10)
    const text = stolen
      .map((document) =>
        Object.values(document)
          .map((value) =>
            typeof value === 'object' && value !== null && 'buffer' in value
              ? Buffer.from(value.buffer as Uint8Array).toString('latin1')
              : JSON.stringify(value),
          )
          .join(' '),
      )
      .join('\n')
    const secrets = [
      'mp-ann',
      'ashworth',
      'iep/2023',
      'party',
      'letter',
      'leeds',
      'behaviour',
      'commissioner',
      'panel',
      '2023-',
      'reply',
      'imposed',
      'outcome',
      'entry',
      'whsec',
    ]
    for (const secret of secrets) expect(text.toLowerCase(), secret).to.not.contain(secret)
    const shapes = new Set(
      stolen.map((document) =>
        Object.keys(document)
          .filter((k) => k !== 'w')
          .sort()
          .join(),
      ),
    )
    expect([...shapes]).to.deep.equal(['_id,d,k,t,u,v'])
    for (const { t, d } of stolen) {
      expect((t as unknown[]).length % 2).to.equal(0)
      const { length } = Buffer.from((d as { buffer: Uint8Array }).buffer)
      expect(Math.log2(length - 29) % 1, `${length}`).to.equal(0)
    }
  })
})
