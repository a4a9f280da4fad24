import { expect } from 'chai'
import type { StateName } from '../../../src/sanctions/state.js'
import type { Wish } from '../../../src/sanctions/steps.js'
import { refusalOf, secondingRefusal } from '../../../src/sanctions/transitions.js'
import {
  bespokeTraining,
  completion,
  d,
  life,
  officer,
  step,
  terms,
} from '../../support/outcomes.js'

const decidedOn = d('2023-09-04')
const fixed = terms({ decidedOn, training: { dueOn: d('2023-12-04') } })
const confirmed = terms({
  decidedOn,
  training: { dueOn: d('2023-12-04'), confirmationRequired: true },
})
const counted = terms({ decidedOn, training: { dueAfter: { event: 'the recess', months: 1 } } })
const agreed = terms({ decidedOn, agreementOf: ['party-1', 'party-2'] })
const bespoke = terms({ decidedOn, training: bespokeTraining })

const session = {
  id: 'session-1',
  trainer: 'trainer-1',
  delivery: 'face-to-face' as const,
  on: d('2023-10-10'),
  start: '10:00',
  end: '12:00',
  place: 'Room 4',
  aims: 'aims',
  safetyNotes: '',
  readableUntil: d('2023-10-31'),
}

/** Outcomes at each point of their life, as at 2 November 2023. */
const lives = {
  imposed: () => life(fixed),
  'awaiting agreement': () =>
    life(agreed).on('2023-09-05', { step: 'agreed', party: 'party-1', on: d('2023-09-05') }),
  'awaiting an event': () => life(counted),
  stayed: () => life(fixed).on('2023-10-01', { step: 'stayed', on: d('2023-10-01') }),
  restricted: () => life(fixed).on('2023-10-01', { step: 'restricted', from: d('2023-10-01') }),
  'awaiting confirmation': () => life(confirmed).known('2023-11-01', completion('2023-11-01')),
  satisfied: () => life(fixed).known('2023-11-01', completion('2023-11-01')),
  withdrawn: () => life(fixed).on('2023-10-01', { step: 'withdrawn', on: d('2023-10-01') }),
  unenforceable: () => life(fixed).on('2023-10-01', { step: 'unenforceable', on: d('2023-10-01') }),
  'bespoke, planned': () => life(bespoke).on('2023-10-01', { step: 'planned', session }),
}
type Life = keyof typeof lives

const today = d('2023-11-02')
const at = (name: Life) => lives[name]().state(today)

describe('the life of an outcome', () => {
  const states: [Life, StateName][] = [
    ['imposed', 'imposed'],
    ['awaiting agreement', 'imposed'],
    ['awaiting an event', 'imposed'],
    ['stayed', 'stayed'],
    ['restricted', 'imposed'],
    ['awaiting confirmation', 'awaiting-confirmation'],
    ['satisfied', 'satisfied'],
    ['withdrawn', 'withdrawn'],
    ['unenforceable', 'unenforceable'],
    ['bespoke, planned', 'in-training'],
  ]
  for (const [name, state] of states) {
    it(`${name}: ${state}`, () => expect(at(name).state).to.equal(state))
  }

  const on = today
  const refused: [Life, Wish, field: string, key: string][] = [
    ['awaiting agreement', { step: 'agreed', party: 'party-9', on }, 'party', 'not-a-party'],
    ['awaiting agreement', { step: 'agreed', party: 'party-1', on }, 'party', 'agreed-already'],
    [
      'awaiting agreement',
      { step: 'agreed', party: 'party-2', on: d('2023-11-03') },
      'on',
      'future',
    ],
    ['awaiting agreement', { step: 'restricted', from: on }, 'state', 'not-in-force'],
    ['stayed', { step: 'stayed', on }, 'state', 'stayed-already'],
    ['stayed', { step: 'extended', dueOn: d('2024-01-01') }, 'state', 'extend-stayed'],
    ['imposed', { step: 'stayed', on: d('2023-09-03') }, 'on', 'before-decision'],
    ['imposed', { step: 'stayed', on: d('2023-11-03') }, 'on', 'future'],
    ['imposed', { step: 'resumed', on }, 'state', 'not-stayed'],
    ['stayed', { step: 'resumed', on, dueOn: d('2023-11-01') }, 'dueOn', 'due-before-resuming'],
    ['imposed', { step: 'extended', dueOn: d('2023-12-04') }, 'dueOn', 'not-later'],
    [
      'awaiting an event',
      { step: 'extended', dueOn: d('2024-01-01') },
      'state',
      'no-date-to-extend',
    ],
    [
      'awaiting confirmation',
      { step: 'extended', dueOn: d('2024-01-01') },
      'state',
      'trained-already',
    ],
    ['imposed', { step: 'happened', event: 'the recess', on }, 'event', 'no-event-awaited'],
    ['awaiting an event', { step: 'happened', event: 'a speech', on }, 'event', 'other-event'],
    ['imposed', { step: 'confirmed', on }, 'state', 'nothing-to-confirm'],
    ['awaiting confirmation', { step: 'confirmed', on: d('2023-10-31') }, 'on', 'before-training'],
    ['imposed', { step: 'not-confirmed', on }, 'state', 'nothing-to-confirm'],
    ['restricted', { step: 'restricted', from: on }, 'state', 'restricted-already'],
    ['imposed', { step: 'lifted', on }, 'state', 'not-restricted'],
    ['satisfied', { step: 'unenforceable', on }, 'state', 'closed'],
    ['withdrawn', { step: 'withdrawn', on }, 'state', 'closed'],
    ['unenforceable', { step: 'stayed', on }, 'state', 'closed'],
    ['satisfied', { step: 'asked', about: 'fact', text: 'why' }, 'state', 'closed'],
    ['imposed', { step: 'answered', question: 'q', text: 'so' }, 'question', 'no-such-question'],
    ['imposed', { step: 'planned', session }, 'state', 'not-bespoke'],
    [
      'bespoke, planned',
      { step: 'planned', session: { ...session, delivery: 'online' } },
      'delivery',
      'delivery-not-allowed',
    ],
    [
      'bespoke, planned',
      { step: 'planned', session: { ...session, end: '09:00' } },
      'end',
      'ends-before',
    ],
    [
      'bespoke, planned',
      { step: 'planned', session: { ...session, readableUntil: d('2023-11-01') } },
      'readableUntil',
      'past',
    ],
    ['bespoke, planned', { step: 'booked', session: 'session-9' }, 'session', 'no-such-session'],
    ['imposed', { step: 'kept', until: d('2023-11-01') }, 'until', 'past'],
  ]
  for (const [name, wish, field, key] of refused) {
    it(`${name}: ${wish.step} is refused, ${field} ${key}`, () => {
      expect(refusalOf(at(name), wish, today)).to.include({ field, key })
    })
  }

  it('marks a register once, and not before its day', () => {
    const marked: Wish = { step: 'marked', session: 'session-1', attendance: 'attended' }
    const outcome = lives['bespoke, planned']()
    expect(refusalOf(outcome.state('2023-10-09'), marked, d('2023-10-09'))).to.include({
      key: 'future',
    })
    outcome.on('2023-10-10', marked)
    expect(refusalOf(outcome.state(today), marked, today)).to.include({ key: 'marked-already' })
  })

  describe('stay and resume', () => {
    it('leaves the days that remained', () => {
      const outcome = lives.stayed()
      expect(outcome.state(today).remained).to.equal(64)
      outcome.on('2023-11-02', { step: 'resumed', on: today })
      expect(outcome.state(today)).to.include({ state: 'imposed', due: '2024-01-05' })
    })

    it('takes the date that the officer sets', () => {
      const dueOn = d('2024-03-01')
      const outcome = lives.stayed().on('2023-11-02', { step: 'resumed', on: today, dueOn })
      expect(outcome.state(today).due).to.equal(dueOn)
    })

    it('does not move a date that had passed', () => {
      const outcome = life(fixed)
        .on('2023-12-10', { step: 'stayed', on: d('2023-12-10') })
        .on('2023-12-20', { step: 'resumed', on: d('2023-12-20') })
      expect(outcome.state('2023-12-20')).to.include({ due: '2023-12-04', overdue: true })
    })

    it('is never overdue, and lets what was done meanwhile count afterwards', () => {
      const outcome = lives.stayed().known('2023-11-20', completion('2023-11-20'))
      expect(outcome.state('2023-12-24')).to.include({ state: 'stayed', overdue: false })
      outcome.on('2023-12-24', { step: 'resumed', on: d('2023-12-24') })
      expect(outcome.state('2023-12-24')).to.include({ state: 'satisfied', late: false })
    })
  })

  it('lets what was done before the last party agreed count afterwards', () => {
    const outcome = lives['awaiting agreement']().known('2023-10-01', completion('2023-10-01'))
    expect(outcome.state(today).state).to.equal('imposed')
    outcome.on('2023-11-02', { step: 'agreed', party: 'party-2', on: today })
    expect(outcome.state(today)).to.include({ state: 'satisfied', satisfiedOn: '2023-10-01' })
  })

  it('is not late for a register that was uploaded late', () => {
    const outcome = life(fixed).known('2023-12-20', completion('2023-12-04'))
    expect(outcome.state('2023-12-19').overdue).to.be.true
    expect(outcome.state('2023-12-20')).to.include({ state: 'satisfied', late: false })
  })

  it('is open again when the completion is taken back, and takes the next one', () => {
    const outcome = lives
      .satisfied()
      .on('2023-11-02', { step: 'annulled', completion: 'completion-2023-11-01' })
    expect(outcome.state(today)).to.include({ state: 'imposed' })
    expect(outcome.state(today)).to.not.have.any.keys('satisfiedOn', 'closedOn', 'completion')
    outcome.known('2023-11-20', completion('2023-11-20'))
    expect(outcome.state('2023-11-20')).to.include({ state: 'satisfied' })
  })

  it('asks for training again where the body is not satisfied', () => {
    const outcome = lives['awaiting confirmation']().on('2023-11-02', {
      step: 'not-confirmed',
      on: today,
    })
    expect(outcome.state(today)).to.include({ state: 'in-training', trained: false })
  })

  it('lifts a restriction when the outcome is withdrawn', () => {
    const outcome = lives.restricted().on('2023-11-02', { step: 'withdrawn', on: today })
    expect(outcome.state(today).restriction).to.include({ state: 'lifted', liftedOn: today })
  })

  it('has a restriction active from its effective date only', () => {
    const outcome = life(fixed).on('2023-10-01', { step: 'restricted', from: d('2023-10-15') })
    expect(outcome.state('2023-10-14').restriction).to.include({
      state: 'recommended',
      ordered: true,
    })
    expect(outcome.state('2023-10-15').restriction).to.include({ state: 'active' })
  })

  describe('two officers', () => {
    const other = { as: 'officer', id: 'officer-2' } as const
    const proposed = [
      step('2023-09-04', { step: 'imposed', terms: confirmed }),
      step('2023-11-01', {
        step: 'completed',
        completion: 'c',
        subject: 'lords-seminar',
        delivery: 'remote',
        on: d('2023-11-01'),
      }),
      step(
        '2023-11-05',
        { step: 'confirmed', on: d('2023-11-05') },
        { id: 'mine', needsSecond: true },
      ),
    ]
    const told = () => life(confirmed)

    it('counts only once a second officer has agreed', () => {
      const outcome = told()
      outcome.steps.splice(0, 1, ...proposed)
      expect(outcome.state('2023-11-06').state).to.equal('awaiting-confirmation')
      expect(outcome.state('2023-11-06').waitingForSecond).to.have.length(1)
      outcome.steps.push(step('2023-11-08', { step: 'seconded', of: 'mine' }, { by: other }))
      expect(outcome.state('2023-11-08')).to.include({ state: 'satisfied', closedOn: '2023-11-08' })
      expect(outcome.state('2023-11-07').state).to.equal('awaiting-confirmation')
    })

    it('refuses the one who proposed it, also under another account', () => {
      const outcome = told()
      outcome.steps.splice(0, 1, ...proposed)
      const state = outcome.state('2023-11-06')
      expect(secondingRefusal(state, 'mine', officer)).to.include({ key: 'own-step' })
      expect(secondingRefusal(state, 'mine', { ...officer, id: 'another' })).to.include({
        key: 'own-step',
      })
      expect(secondingRefusal(state, 'mine', other)).to.equal(undefined)
      expect(secondingRefusal(state, 'nothing', other)).to.include({ field: 'of' })
    })

    it('is no duty before the second officer agrees that it was decided so', () => {
      const first = step(
        '2023-09-04',
        { step: 'imposed', terms: fixed },
        { id: 'first', needsSecond: true },
      )
      const outcome = life(fixed)
      outcome.steps.splice(0, 1, first)
      outcome.known('2023-10-01', completion('2023-10-01'))
      expect(outcome.state('2023-12-24')).to.include({
        state: 'imposed',
        inForce: false,
        overdue: false,
      })
      outcome.steps.push(step('2023-12-24', { step: 'seconded', of: 'first' }, { by: other }))
      expect(outcome.state('2023-12-24').state).to.equal('satisfied')
    })
  })
})
