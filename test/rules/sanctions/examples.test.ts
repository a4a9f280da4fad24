import { expect } from 'chai'
import { stepsByDate } from '../../../src/sanctions/by-date.js'
import { bespokeTraining, completion, d, life, terms } from '../../support/outcomes.js'

describe('outcomes: the examples of the domain', () => {
  it('2. remedial: due one month after the next contribution, satisfied by attending before', () => {
    const outcome = life(
      terms({
        agreementOf: ['party-1', 'party-2'],
        training: { dueAfter: { event: 'the next contribution', months: 1 } },
      }),
    )
    expect(outcome.state('2021-05-18')).to.include({ state: 'imposed', inForce: false })
    outcome.on('2021-05-18', { step: 'agreed', party: 'party-1', on: d('2021-05-18') })
    expect(outcome.state('2021-05-18')).to.deep.include({
      inForce: false,
      outstanding: ['party-2'],
    })
    outcome.on('2021-05-18', { step: 'agreed', party: 'party-2', on: d('2021-05-18') })
    expect(outcome.state('2021-06-07')).to.include({
      inForce: true,
      awaitedEvent: 'the next contribution',
    })
    outcome.on('2021-06-09', {
      step: 'happened',
      event: 'the next contribution',
      on: d('2021-06-08'),
    })
    expect(outcome.state('2021-06-09')).to.include({ due: '2021-07-08', overdue: false })
    outcome.known('2021-07-01', completion('2021-07-01'))
    expect(outcome.state('2021-07-01')).to.include({
      state: 'satisfied',
      satisfiedOn: '2021-07-01',
      late: false,
      closedOn: '2021-07-01',
    })
  })

  it('3. refuser: a restriction is active once agreed, and lifted when the training became known', () => {
    const outcome = life(
      terms({
        decidedOn: d('2021-07-08'),
        restriction: { state: 'recommended' },
        training: { delivery: ['face-to-face'] },
      }),
    )
    const restriction = (asAt: string) => outcome.state(asAt).restriction
    expect(restriction('2021-07-08')).to.include({ state: 'recommended' })
    outcome.on('2021-07-20', { step: 'restricted', from: d('2021-07-20') })
    expect(restriction('2021-07-19')).to.include({ state: 'recommended' })
    expect(restriction('2021-07-20')).to.include({ state: 'active', from: '2021-07-20' })
    outcome.on('2021-10-01', { step: 'begun', on: d('2021-10-01') })
    expect(outcome.state('2021-10-01')).to.include({ state: 'in-training' })
    expect(restriction('2021-10-13')).to.include({ state: 'active' })
    outcome.known('2021-10-14', completion('2021-10-12'))
    expect(outcome.state('2021-10-13').state).to.equal('in-training')
    expect(outcome.state('2021-10-14')).to.include({
      state: 'satisfied',
      satisfiedOn: '2021-10-12',
    })
    expect(restriction('2021-10-14')).to.include({ state: 'lifted', liftedOn: '2021-10-14' })
  })

  it('7. conditional suspension: the later of the minimum term and the confirmed completion', () => {
    const outcome = life(
      terms({
        decidedOn: d('2020-12-07'),
        sanctions: [
          { kind: 'suspension', from: d('2020-12-07'), to: d('2022-06-07'), untilTrained: true },
        ],
        training: { ...bespokeTraining, delivery: ['face-to-face'], confirmationRequired: true },
      }),
    )
    expect(outcome.state('2022-06-08').suspension).to.deep.equal({ from: d('2020-12-07') })
    outcome.known('2022-07-01', completion('2022-07-01'))
    expect(outcome.state('2022-07-01')).to.include({ state: 'imposed' })
    outcome.on('2022-08-10', {
      step: 'completed',
      completion: 'bespoke-1',
      subject: 'bespoke',
      delivery: 'face-to-face',
      on: d('2022-08-10'),
    })
    expect(outcome.state('2022-08-10')).to.include({ state: 'awaiting-confirmation' })
    expect(outcome.state('2022-08-31').suspension).to.not.have.property('until')
    outcome.on('2022-09-01', { step: 'confirmed', on: d('2022-09-01') })
    expect(outcome.state('2022-09-01')).to.include({ state: 'satisfied' })
    expect(outcome.state('2022-09-01').suspension).to.include({ until: '2022-09-01' })
  })

  it('7. trained before the minimum term ends: the suspension still lasts its minimum', () => {
    const outcome = life(
      terms({
        decidedOn: d('2020-12-07'),
        sanctions: [
          { kind: 'suspension', from: d('2020-12-07'), to: d('2022-06-07'), untilTrained: true },
        ],
      }),
    ).known('2021-02-01', completion('2021-02-01'))
    expect(outcome.state('2021-02-01').suspension).to.include({ until: '2022-06-07' })
  })

  it("8. the panel's training: one notice of the missed date, and satisfied late", () => {
    const decided = terms({
      body: 'independent-expert-panel',
      noticeTo: 'commissioner-for-standards',
      decidedOn: d('2023-09-04'),
      training: { dueOn: d('2023-12-04') },
    })
    const outcome = life(decided)
    const byDate = (today: string) =>
      stepsByDate(outcome.state(today), outcome.steps, { remindBefore: [] }, d(today))
    expect(byDate('2023-12-04')).to.deep.equal([])
    expect(byDate('2023-12-05')).to.deep.equal([{ step: 'missed', due: '2023-12-04' }])
    expect(byDate('2023-12-11')).to.deep.equal([{ step: 'missed', due: '2023-12-04' }])
    outcome.on('2023-12-05', { step: 'missed', due: d('2023-12-04') })
    expect(byDate('2023-12-06')).to.deep.equal([])
    outcome.known('2023-12-12', completion('2023-12-12'))
    expect(outcome.state('2023-12-12')).to.include({
      state: 'satisfied',
      satisfiedOn: '2023-12-12',
      late: true,
    })
    expect(byDate('2023-12-13')).to.deep.equal([])
  })
})
