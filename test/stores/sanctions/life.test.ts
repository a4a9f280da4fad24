import { expect } from 'chai'
import { eachWithPlane } from '../../support/sealed-database.js'
import { commissioner, decided, done, keyActor, panel } from '../../support/sealed-plane.js'

describe('outcomes: the examples of the domain, through the door', () => {
  const plane = eachWithPlane()
  const found = async (reference: string) =>
    (await plane().sanctions.find(keyActor(panel), { reference })).json
  const key = keyActor(panel)

  it('2. remedial', async () => {
    const { sanctions, clock } = plane()
    const which = { reference: 'HL 17' }
    clock.set('2021-05-18T10:00:00Z')
    const training = { dueAfter: { event: 'the next contribution', months: 1 }, dueOn: undefined }
    await sanctions.impose(
      key,
      decided({
        reference: 'HL 17',
        decidedOn: '2021-05-18',
        agreementOf: ['party-1', 'party-2'],
        training,
      }),
    )
    await sanctions.agree(key, which, { party: 'party-1', on: '2021-05-17' })
    expect(await found('HL 17')).to.deep.include({ state: 'imposed', outstanding: ['party-2'] })
    await sanctions.agree(key, which, { party: 'party-2', on: '2021-05-18' })
    clock.set('2021-06-09T10:00:00Z')
    await sanctions.event(key, which, { event: 'the next contribution', on: '2021-06-08' })
    expect((await found('hl 17')).training).to.include({ dueOn: '2021-07-08' })
    clock.set('2021-07-01T17:00:00Z')
    await plane().complete(done('2021-07-01'))
    expect(await found('HL 17')).to.include({
      state: 'satisfied',
      satisfiedOn: '2021-07-01',
      late: false,
    })
    clock.set('2021-07-09T06:00:00Z')
    await sanctions.scanDueDates()
    const { steps } = await sanctions.find(key, which)
    expect(steps.map(({ step }) => step)).to.not.include('missed')
  })

  it('3. refuser', async () => {
    const { sanctions, clock } = plane()
    const which = { reference: 'HL 18' }
    clock.set('2021-07-08T10:00:00Z')
    await sanctions.impose(
      key,
      decided({
        reference: 'HL 18',
        decidedOn: '2021-07-08',
        restriction: { state: 'recommended' },
      }),
    )
    expect((await found('HL 18')).restriction).to.deep.equal({ state: 'recommended' })
    clock.set('2021-07-20T10:00:00Z')
    await sanctions.activateRestriction(key, which, {})
    expect((await found('HL 18')).restriction).to.deep.equal({
      state: 'active',
      from: '2021-07-20',
    })
    clock.set('2021-10-01T10:00:00Z')
    await sanctions.begun([
      { person: 'mp-ann', course: 'behaviour-code', on: done('2021-10-01').on },
    ])
    expect(await found('HL 18')).to.deep.include({
      state: 'in-training',
      restriction: { state: 'active', from: '2021-07-20' },
    })
    clock.set('2021-10-14T10:00:00Z')
    await plane().complete(done('2021-10-12'))
    expect(await found('HL 18')).to.deep.include({
      state: 'satisfied',
      satisfiedOn: '2021-10-12',
      restriction: { state: 'lifted', from: '2021-07-20' },
    })
    const { state } = await sanctions.find(key, which)
    expect(state.restriction?.liftedOn).to.equal('2021-10-14')
  })

  it('7. conditional suspension', async () => {
    const { sanctions, clock, tom } = plane()
    const which = { reference: 'IEP 7' }
    clock.set('2020-12-07T10:00:00Z')
    await sanctions.impose(
      key,
      decided({
        reference: 'IEP 7',
        decidedOn: '2020-12-07',
        sanctions: [
          { kind: 'suspension', from: '2020-12-07', to: '2022-06-07', untilTrained: true },
        ],
        training: {
          course: undefined,
          bespoke: 'Behaviour coaching',
          dueOn: undefined,
          delivery: ['face-to-face'],
          confirmationRequired: true,
        },
      }),
    )
    clock.set('2022-06-08T10:00:00Z')
    await plane().complete(done('2022-06-01'))
    expect((await found('IEP 7')).suspension).to.deep.equal({ from: '2020-12-07' })
    await sanctions.planTraining(key, which, {
      trainer: 'trainer-tom',
      delivery: 'face-to-face',
      on: '2022-08-10',
      start: '10:00',
      end: '15:00',
      place: 'Room 4',
      aims: 'To see the effect of one’s words',
      readableUntil: '2022-08-31',
    })
    expect(await found('IEP 7')).to.include({ state: 'in-training' })
    clock.set('2022-08-10T16:00:00Z')
    const [session] = await sanctions.trainerSessions(tom)
    await sanctions.markTraining(tom, session!.id, 'attended')
    expect(await found('IEP 7')).to.include({ state: 'awaiting-confirmation' })
    clock.set('2022-09-01T10:00:00Z')
    await sanctions.confirm(key, which, { on: '2022-09-01' })
    const json = await found('IEP 7')
    expect(json).to.include({ state: 'satisfied', satisfiedOn: '2022-09-01' })
    expect(json.suspension).to.deep.equal({ from: '2020-12-07', until: '2022-09-01' })
    expect(json.certificate).to.match(/^GS-/)
  })

  it("8. the panel's training", async () => {
    const { sanctions, clock, mails, gil } = plane()
    await sanctions.impose(key, decided({ reference: 'IEP 8', noticeTo: commissioner }))
    await sanctions.deliver()
    mails.length = 0
    for (const morning of ['2023-12-04', '2023-12-05', '2023-12-05', '2023-12-09']) {
      clock.set(`${morning}T06:00:00Z`)
      await sanctions.scanDueDates()
      await sanctions.deliver()
      const expected = morning === '2023-12-04' ? [] : [`${commissioner}@parliament.example`]
      expect(mails.map(({ to }) => to)).to.deep.equal(expected)
    }
    const [notice, ...others] = await sanctions.notices(gil)
    expect(others).to.deep.equal([])
    expect(notice).to.include({
      reference: 'IEP 8',
      respondent: 'mp-ann',
      body: panel,
      dueOn: '2023-12-04',
    })
    clock.set('2023-12-12T15:00:00Z')
    await plane().complete(done('2023-12-12'))
    await sanctions.bindCertificates([{ completion: 'completion-2023-12-12', serial: 'GS-1' }])
    expect(await found('IEP 8')).to.include({
      state: 'satisfied',
      late: true,
      satisfiedOn: '2023-12-12',
      certificate: 'GS-1',
    })
  })

  it('gives the notice of a missed date also where nobody looked before the training was done', async () => {
    const { sanctions, clock } = plane()
    await sanctions.impose(key, decided())
    clock.set('2023-12-12T15:00:00Z')
    await plane().complete(done('2023-12-12'))
    clock.set('2023-12-20T06:00:00Z')
    await sanctions.scanDueDates()
    await sanctions.scanDueDates()
    const { steps } = await sanctions.find(key, { reference: 'IEP/2023/7' })
    expect(steps.filter(({ step }) => step === 'missed')).to.have.length(1)
  })

  it('counts what was done between the decision and its recording', async () => {
    const { sanctions, clock, completions, certificates } = plane()
    clock.set('2023-10-01T10:00:00Z')
    completions.push(done('2023-09-03', { id: 'before' }), done('2023-09-20', { id: 'after' }))
    certificates.set('after', 'GS-2')
    const { json } = await sanctions.impose(key, decided())
    expect(json).to.include({ state: 'satisfied', satisfiedOn: '2023-09-20' })
    await sanctions.reconcile()
    expect((await found('IEP/2023/7')).certificate).to.equal('GS-2')
  })

  it('is open again when a correction takes the completion away, and takes another there is', async () => {
    const { sanctions, clock, completions } = plane()
    await sanctions.impose(key, decided())
    clock.set('2023-10-01T10:00:00Z')
    await plane().complete(done('2023-09-20'))
    await sanctions.bindCertificates([{ completion: 'completion-2023-09-20', serial: 'GS-3' }])
    completions.length = 0
    await sanctions.annulled([{ id: 'completion-2023-09-20' }])
    await sanctions.certificatesRevoked([{ completion: 'completion-2023-09-20', serial: 'GS-3' }])
    const reopened = await found('IEP/2023/7')
    expect(reopened.state).to.equal('imposed')
    expect(reopened).to.not.have.any.keys('certificate', 'satisfiedOn')
    await plane().complete(done('2023-09-25'))
    expect(await found('IEP/2023/7')).to.include({ state: 'satisfied', satisfiedOn: '2023-09-25' })
    const { steps } = await sanctions.find(key, { reference: 'IEP/2023/7' })
    expect(steps.filter(({ step }) => step === 'revoked')).to.have.length(1)
  })

  it('is told the same completion any number of times, in any number of processes', async () => {
    const { sanctions } = plane()
    await sanctions.impose(key, decided())
    const one = done('2023-09-20')
    plane().clock.set('2023-09-21T10:00:00Z')
    await Promise.all(Array.from({ length: 8 }, () => sanctions.consider([one])))
    await Promise.all(
      Array.from({ length: 8 }, () =>
        sanctions.bindCertificates([{ completion: one.id, serial: 'GS-4' }]),
      ),
    )
    const { steps } = await sanctions.find(key, { reference: 'IEP/2023/7' })
    expect(steps.map(({ step }) => step)).to.deep.equal(['imposed', 'completed', 'certified'])
  })
})
