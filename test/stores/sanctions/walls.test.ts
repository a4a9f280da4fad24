import { expect } from 'chai'
import { loadWords } from '../../../src/language.js'
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

describe('who may act', () => {
  const plane = eachWithPlane()

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
})
