import { expect } from 'chai'
import { eachWithPlane } from '../../support/sealed-database.js'
import { decided, keyActor, panel, personActor, refusal } from '../../support/sealed-plane.js'

const key = keyActor(panel)
const which = { reference: 'IEP/2023/7' }
const plan = (given: Record<string, unknown> = {}) => ({
  trainer: 'trainer-tom',
  delivery: 'face-to-face',
  on: '2023-10-10',
  start: '10:00',
  end: '12:00',
  place: 'Room 4',
  aims: 'To see the effect of one’s words',
  safetyNotes: 'Not alone in the room',
  readableUntil: '2023-10-17',
  ...given,
})
const bespoke = (given: Record<string, unknown> = {}) =>
  decided({
    ...given,
    training: { course: undefined, bespoke: true, ...(given['training'] as object) },
  })

describe('training made for one person', () => {
  const plane = eachWithPlane()

  /** Planned, and its day has come. */
  async function planned(given: Record<string, unknown> = {}): Promise<string> {
    const { sanctions, clock } = plane()
    await sanctions.impose(key, bespoke(given))
    const { state } = await sanctions.planTraining(key, which, plan())
    clock.set('2023-10-10T15:00:00Z')
    return state.sessions[0]!.id
  }

  it('is planned, briefed, attended, certified, and shown to its holder and its body alone', async () => {
    const { sanctions, ann, tom } = plane()
    const session = await planned()
    const [own] = await sanctions.ownOutcomes(ann)
    expect(own?.sessions[0]).to.include({ on: '2023-10-10', place: 'Room 4', booked: false })
    expect(JSON.stringify(own)).to.not.contain('effect of one')
    await sanctions.book(ann, own!.id, session)
    expect(await sanctions.trainerSessions(tom)).to.deep.equal([
      {
        id: session,
        respondent: 'mp-ann',
        delivery: 'face-to-face',
        on: '2023-10-10',
        start: '10:00',
        end: '12:00',
        place: 'Room 4',
        cancelled: false,
      },
    ])
    expect(await sanctions.trainerBriefing(tom, session)).to.include({
      safetyNotes: 'Not alone in the room',
    })
    expect(await sanctions.markTraining(tom, session, 'attended')).to.include({
      attendance: 'attended',
    })
    const [after] = await sanctions.ownOutcomes(ann)
    expect(after).to.include({ state: 'satisfied' })
    const { drawn, fields } = await sanctions.certificate(ann, after!.id)
    expect(drawn.pdf.toString()).to.equal('%PDF Ann Ashworth 2023-10-10')
    expect(fields.statusPlace).to.be.within(0, 131_071)
    expect((await sanctions.certificate(plane().eve, after!.id)).drawn).to.deep.equal(drawn)
    for (const stranger of [tom, plane().gil, personActor('mp-ben')]) {
      expect((await refusal(sanctions.certificate(stranger, after!.id))).kind).to.equal('not-found')
    }
  })

  it('writes down each reading of the briefing, and ends it on its date', async () => {
    const { sanctions, tom, clock } = plane()
    const session = await planned()
    await sanctions.trainerBriefing(tom, session)
    await sanctions.trainerBriefing(tom, session)
    const { log } = await sanctions.bundle(key, which, [])
    const read = log.entries.filter((entry) => 'act' in entry && entry.act['what'] === 'briefing')
    expect(read).to.have.length(2)
    for (const stranger of [personActor('mp-ann'), plane().eve]) {
      expect((await refusal(sanctions.trainerBriefing(stranger, session))).kind).to.equal(
        'not-found',
      )
    }
    clock.set('2023-10-18T08:00:00Z')
    expect((await refusal(sanctions.trainerBriefing(tom, session))).kind).to.equal('not-found')
  })

  it('is not completed by attending in part, nor by a course', async () => {
    const { sanctions, tom } = plane()
    const session = await planned()
    await sanctions.markTraining(tom, session, 'part')
    await plane().complete({
      id: 'c',
      person: 'mp-ann',
      course: 'bespoke',
      delivery: 'face-to-face',
      on: '2023-10-10' as never,
    })
    const { json } = await sanctions.find(key, which)
    expect(json.state).to.equal('in-training')
    expect(await refusal(sanctions.markTraining(tom, session, 'attended'))).to.include({
      key: 'marked-already',
    })
  })

  it('lifts a restriction although the key that signs certificates is lost, and certifies later, once', async () => {
    const { sanctions, tom } = plane()
    plane().loseKey()
    const session = await planned({ restriction: { state: 'active' } })
    await sanctions.markTraining(tom, session, 'attended')
    const { json } = await sanctions.find(key, which)
    expect(json).to.include({ state: 'satisfied' }).and.not.have.property('certificate')
    expect(json.restriction?.state).to.equal('lifted')
    await sanctions.reconcile()
    plane().findKey()
    await Promise.all([sanctions.reconcile(), sanctions.reconcile()])
    const { json: after, steps } = await sanctions.find(key, which)
    expect(after.certificate).to.match(/^GS-/)
    expect(steps.filter(({ step }) => step === 'certified')).to.have.length(1)
  })

  it('is shared by a link that nobody can guess, until its holder takes it back', async () => {
    const { sanctions, ann, tom } = plane()
    const session = await planned()
    await sanctions.markTraining(tom, session, 'attended')
    const [own] = await sanctions.ownOutcomes(ann)
    const token = await sanctions.shareCertificate(ann, own!.id)
    expect((await sanctions.sharedCertificate(token)).fields.holder).to.equal('Ann Ashworth')
    expect((await refusal(sanctions.sharedCertificate(`${token.slice(0, -1)}_`))).kind).to.equal(
      'not-found',
    )
    await sanctions.stopSharing(ann, own!.id)
    expect((await refusal(sanctions.sharedCertificate(token))).kind).to.equal('not-found')
  })

  it('is taken back by a correction, which revokes its certificate', async () => {
    const { sanctions, tom, eve } = plane()
    const session = await planned()
    await sanctions.markTraining(tom, session, 'attended')
    const { drawn, fields } = await sanctions.certificate(
      eve,
      (await sanctions.find(eve, which)).id,
    )
    await sanctions.annulTraining(eve, which, { reason: 'It was somebody else' })
    const { json, steps } = await sanctions.find(eve, which)
    expect(json).to.include({ state: 'in-training' }).and.not.have.property('certificate')
    expect(steps.find(({ step }) => step === 'revoked')).to.include({ serial: drawn.serial })
    expect((await sanctions.bodyPapers(eve)).revoked).to.deep.equal([fields.statusPlace])
    expect(await refusal(sanctions.annulTraining(eve, which))).to.include({
      key: 'nothing-to-annul',
    })
  })

  it('has a trainer who is neither in the line of the person nor unknown', async () => {
    const { sanctions, people } = plane()
    await sanctions.impose(key, bespoke())
    const unknown = await refusal(sanctions.planTraining(key, which, plan({ trainer: 'nobody' })))
    expect(unknown.fields).to.deep.equal(['trainer'])
    people.managers['trainer-tom'] = ['mp-ann']
    expect(await refusal(sanctions.planTraining(key, which, plan()))).to.include({
      key: 'trainer-tied',
    })
    people.managers = { 'mp-ann': ['trainer-tom'] }
    expect(await refusal(sanctions.planTraining(key, which, plan()))).to.include({
      key: 'trainer-tied',
    })
  })

  it('is refused with the field that is wrong', async () => {
    const { sanctions } = plane()
    await sanctions.impose(key, bespoke())
    const wrong: [Record<string, unknown>, string][] = [
      [{ on: '2023-13-01' }, 'on'],
      [{ start: '25:00' }, 'start'],
      [{ end: '09:00' }, 'end'],
      [{ delivery: 'online' }, 'delivery'],
      [{ aims: '' }, 'aims'],
      [{ readableUntil: '2023-09-01' }, 'readableUntil'],
      [{ trainer: { $ne: 1 } }, 'trainer'],
    ]
    for (const [given, field] of wrong) {
      const { fields } = await refusal(sanctions.planTraining(key, which, plan(given)))
      expect(fields).to.deep.equal([field])
    }
  })

  it('can be cancelled, and is then nobody’s to mark', async () => {
    const { sanctions, tom, mails } = plane()
    const session = await planned()
    await sanctions.cancelTraining(key, which, session)
    expect(await refusal(sanctions.markTraining(tom, session, 'attended'))).to.include({
      key: 'no-such-session',
    })
    await sanctions.deliver()
    expect(mails.filter(({ to }) => to === 'trainer-tom@parliament.example')).to.have.length(2)
    expect(
      new Set(mails.map(({ subject, text }) => JSON.stringify([subject, text]))).size,
    ).to.equal(1)
  })
})
