import { expect } from 'chai'
import fc from 'fast-check'
import { addDays, dayOf, type Day } from '../../../src/clock.js'
import { stepsByDate } from '../../../src/sanctions/by-date.js'
import { consequencesOf } from '../../../src/sanctions/consequences.js'
import { isClosed, outcomeState, type OutcomeState } from '../../../src/sanctions/state.js'
import type { Step, Wish } from '../../../src/sanctions/steps.js'
import { refusalOf } from '../../../src/sanctions/transitions.js'
import { completion, d, life, step, terms } from '../../support/outcomes.js'
import { property } from '../../support/property.js'

const start = d('2023-09-04')
const days = fc.integer({ min: 0, max: 40 })

/** Something that might be tried some days after the last thing, whether or not it is allowed. */
const attempt = fc.tuple(
  days,
  fc.constantFrom(
    'agree-1',
    'agree-2',
    'stay',
    'resume',
    'extend',
    'happen',
    'complete',
    'annul',
    'confirm',
    'not-confirm',
    'restrict',
    'lift',
    'withdraw',
    'leave',
    'scan',
  ),
)

const decidedBy = fc.record({
  agreementOf: fc.constantFrom([], ['party-1'], ['party-1', 'party-2']),
  restricted: fc.boolean(),
  confirmationRequired: fc.boolean(),
  date: fc.constantFrom('fixed', 'counted', 'none'),
})

function wishOf(name: string, on: Day, state: OutcomeState): Wish | undefined {
  switch (name) {
    case 'agree-1':
      return { step: 'agreed', party: 'party-1', on }
    case 'agree-2':
      return { step: 'agreed', party: 'party-2', on }
    case 'stay':
      return { step: 'stayed', on }
    case 'resume':
      return { step: 'resumed', on }
    case 'extend':
      return { step: 'extended', dueOn: addDays(on, 30) }
    case 'happen':
      return { step: 'happened', event: 'the recess', on }
    case 'annul':
      return state.completion && { step: 'annulled', completion: state.completion.id }
    case 'confirm':
      return { step: 'confirmed', on }
    case 'not-confirm':
      return { step: 'not-confirmed', on }
    case 'restrict':
      return { step: 'restricted', from: on }
    case 'lift':
      return { step: 'lifted', on }
    case 'withdraw':
      return { step: 'withdrawn', on }
    case 'leave':
      return { step: 'unenforceable', on }
    default:
      return undefined
  }
}

/** A random history in which only allowed steps happen, as the door would let them. */
const history = fc
  .tuple(decidedBy, fc.array(attempt, { maxLength: 25 }))
  .map(([given, attempts]) => {
    const { date, confirmationRequired, agreementOf, restricted } = given
    const decided = terms({
      decidedOn: start,
      agreementOf,
      ...(restricted ? { restriction: { state: 'active' as const } } : {}),
      training: {
        confirmationRequired,
        ...(date === 'fixed' ? { dueOn: addDays(start, 60) } : {}),
        ...(date === 'counted' ? { dueAfter: { event: 'the recess', months: 1 } } : {}),
      },
    })
    const outcome = life(decided)
    let today = start
    for (const [n, [gap, name]] of attempts.entries()) {
      today = addDays(today, gap)
      const state = outcome.state(today)
      if (name === 'complete' && !state.trained && !isClosed(state)) {
        outcome.known(today, completion(today, { id: `completion-${n}` }))
      } else if (name === 'scan') {
        for (const wish of stepsByDate(state, outcome.steps, { remindBefore: [14, 3] }, today)) {
          outcome.steps.push(step(today, wish, { id: `scan-${n}` }))
        }
      } else {
        const wish = wishOf(name, today, state)
        if (wish && !refusalOf(state, wish, today)) outcome.on(today, wish)
      }
    }
    return { steps: outcome.steps, last: today }
  })

const runs = property(150, 5000)

describe('an outcome is always what its steps make it', () => {
  it('is told anew from any part of its history as it was told then', () => {
    fc.assert(
      fc.property(history, ({ steps }) => {
        for (const [n, { at }] of steps.entries()) {
          const then = dayOf(at)
          // Steps of the same day belong to the same answer.
          const upTo = steps.filter((later, m) => m <= n || dayOf(later.at) <= then)
          expect(outcomeState(steps, then)).to.deep.equal(outcomeState(upTo, then))
        }
      }),
      runs,
    )
  })

  it('does not change its steps in telling', () => {
    fc.assert(
      fc.property(history, ({ steps, last }) => {
        const before = structuredClone(steps)
        outcomeState(steps, last)
        expect(steps).to.deep.equal(before)
      }),
      runs,
    )
  })

  it('holds together: satisfied, late, restricted, overdue and suspended never contradict', () => {
    fc.assert(
      fc.property(history, ({ steps, last }) => {
        const state = outcomeState(steps, last)
        const { terms: decided, completion: done } = state
        const met = state.state === 'satisfied'
        expect(met).to.equal(state.satisfiedOn !== undefined)
        if (met && decided.training.confirmationRequired)
          expect(done?.confirmedOn).to.be.a('string')
        if (done) expect(state.late).to.equal(state.due !== undefined && done.on > state.due)
        if (isClosed(state)) {
          expect(state.overdue).to.be.false
          expect(state.restriction?.ordered ?? false).to.be.false
          expect(state.closedOn).to.be.a('string')
        }
        if (!state.inForce || state.state === 'stayed') {
          expect([state.overdue, state.completion]).to.deep.equal([false, undefined])
        }
        if (state.overdue) expect(state.due).to.satisfy((due: Day) => due < last)
      }),
      runs,
    )
  })

  it('gives one notice of each missed date, whenever and however often somebody looks', () => {
    fc.assert(
      fc.property(history, ({ steps, last }) => {
        const scan = (known: readonly Step[]): Step[] =>
          stepsByDate(outcomeState(known, last), known, { remindBefore: [] }, last).map((wish) =>
            step(last, wish),
          )
        const once = [...steps, ...scan(steps)]
        expect(scan(once)).to.deep.equal([])
        const notices = once.filter((one) => one.step === 'missed').map(({ due }) => due)
        expect(new Set(notices).size).to.equal(notices.length)
      }),
      runs,
    )
  })

  it('tells of a restriction in turns: imposed, lifted, imposed', () => {
    fc.assert(
      fc.property(history, ({ steps }) => {
        const told: string[] = []
        for (let n = 1; n <= steps.length; n += 1) {
          const added = steps[n - 1]!
          const on = dayOf(added.at)
          const before = n === 1 ? undefined : outcomeState(steps.slice(0, n - 1), on)
          for (const one of consequencesOf(before, outcomeState(steps.slice(0, n), on), [added])) {
            if (one.what === 'webhook' && one.event.startsWith('restriction')) told.push(one.event)
          }
        }
        for (const [n, event] of told.entries()) {
          expect(event).to.equal(n % 2 === 0 ? 'restriction.imposed' : 'restriction.lifted')
        }
      }),
      runs,
    )
  })
})
