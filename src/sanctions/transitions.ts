import type { Day } from '../clock.js'
import { DomainError, type ProblemKind } from '../errors.js'
import { quiet } from './quiet.js'
import { isClosed, type OutcomeState } from './state.js'
import type { Doer, StepName, Wish } from './steps.js'

/** Why a step cannot be taken, and the field that a caller would have to change. */
export interface Refusal {
  kind: Extract<ProblemKind, 'invalid' | 'conflict'>
  key: string
  field: string
  with?: Record<string, string>
}

type Asked<Name extends StepName> = Extract<Wish, { step: Name }>
type Check<Name extends StepName> = (
  state: OutcomeState,
  wish: Asked<Name>,
  today: Day,
) => Refusal | undefined

const wrong = (field: string, key: string, params?: Record<string, string>): Refusal => ({
  kind: 'invalid',
  key,
  field,
  ...(params ? { with: params } : {}),
})
const untimely = (key: string): Refusal => ({ kind: 'conflict', key, field: 'state' })

/** A date on which something is said to have happened: not before the decision, not after today. */
const pastDate = (state: OutcomeState, on: Day, today: Day): Refusal | undefined =>
  on > today
    ? wrong('on', 'future')
    : on < state.terms.decidedOn
      ? wrong('on', 'before-decision')
      : undefined

const whileOpen = (state: OutcomeState): Refusal | undefined =>
  isClosed(state) ? untimely('closed') : undefined

const planned = (state: OutcomeState, id: string): Refusal | undefined => {
  const session = state.sessions.find((candidate) => candidate.id === id)
  return !session || session.cancelled ? wrong('session', 'no-such-session') : undefined
}

const checks: { [Name in StepName]?: Check<Name> } = {
  agreed(state, { party, on }, today) {
    if (!state.terms.agreementOf.includes(party)) return wrong('party', 'not-a-party')
    if (!state.outstanding.includes(party)) return wrong('party', 'agreed-already')
    return whileOpen(state) ?? (on > today ? wrong('on', 'future') : undefined)
  },
  stayed(state, { on }, today) {
    if (state.state === 'stayed') return untimely('stayed-already')
    return whileOpen(state) ?? pastDate(state, on, today)
  },
  resumed(state, { on, dueOn }, today) {
    if (state.state !== 'stayed') return untimely('not-stayed')
    if (dueOn && dueOn < on) return wrong('dueOn', 'due-before-resuming')
    return pastDate(state, on, today)
  },
  extended(state, { dueOn }) {
    if (state.state === 'stayed') return untimely('extend-stayed')
    if (state.state === 'awaiting-confirmation') return untimely('trained-already')
    if (!state.due) return whileOpen(state) ?? untimely('no-date-to-extend')
    return whileOpen(state) ?? (dueOn <= state.due ? wrong('dueOn', 'not-later') : undefined)
  },
  happened(state, { event, on }, today) {
    const { dueAfter } = state.terms.training
    if (!dueAfter) return wrong('event', 'no-event-awaited')
    if (dueAfter.event !== event) return wrong('event', 'other-event')
    if (state.awaitedEvent === undefined) return wrong('event', 'happened-already')
    return whileOpen(state) ?? pastDate(state, on, today)
  },
  confirmed(state, { on }, today) {
    if (state.state !== 'awaiting-confirmation') return untimely('nothing-to-confirm')
    if (state.completion && on < state.completion.on) return wrong('on', 'before-training')
    return pastDate(state, on, today)
  },
  'not-confirmed'(state, { on }, today) {
    if (state.state !== 'awaiting-confirmation') return untimely('nothing-to-confirm')
    return pastDate(state, on, today)
  },
  restricted(state, { from }) {
    if (!state.inForce) return untimely('not-in-force')
    if (state.restriction?.ordered) return untimely('restricted-already')
    if (from < state.terms.decidedOn) return wrong('from', 'before-decision')
    return whileOpen(state)
  },
  lifted(state, { on }, today) {
    if (!state.restriction?.ordered) return untimely('not-restricted')
    return pastDate(state, on, today)
  },
  withdrawn(state, { on }, today) {
    if (state.state === 'withdrawn' || state.state === 'unenforceable') return untimely('closed')
    return pastDate(state, on, today)
  },
  unenforceable: (state, { on }, today) => whileOpen(state) ?? pastDate(state, on, today),
  answered: (state, { question }) =>
    state.questions.some(({ id, answer }) => id === question && answer === undefined)
      ? undefined
      : wrong('question', 'no-such-question'),
  asked: whileOpen,
  planned(state, { session }, today) {
    if (!('bespoke' in state.terms.training.subject)) return untimely('not-bespoke')
    if (!state.inForce) return untimely('not-in-force')
    if (state.state === 'awaiting-confirmation') return untimely('trained-already')
    if (!state.terms.training.delivery.includes(session.delivery)) {
      return wrong('delivery', 'delivery-not-allowed')
    }
    if (session.on < state.terms.decidedOn) return wrong('on', 'before-decision')
    if (session.end <= session.start) return wrong('end', 'ends-before')
    if (session.readableUntil < today) return wrong('readableUntil', 'past')
    return whileOpen(state)
  },
  cancelled: (state, { session }) =>
    planned(state, session) ??
    (state.sessions.some(({ id, attendance }) => id === session && attendance)
      ? wrong('session', 'marked-already')
      : undefined),
  booked: (state, { session }) => planned(state, session) ?? whileOpen(state),
  marked(state, { session: id }, today) {
    const session = state.sessions.find((candidate) => candidate.id === id)
    if (session?.attendance) return wrong('session', 'marked-already')
    return planned(state, id) ?? (session && session.on > today ? wrong('on', 'future') : undefined)
  },
  kept: (_state, { until }, today) => (until < today ? wrong('until', 'past') : undefined),
}

/** Why a step cannot be taken on a day, given how the outcome stands; nothing where it can. */
export function refusalOf(state: OutcomeState, wish: Wish, today: Day): Refusal | undefined {
  const check = checks[wish.step] as
    ((state: OutcomeState, wish: Wish, today: Day) => Refusal | undefined) | undefined
  return check?.(state, wish, today)
}

/** Why an officer cannot be the second one for a step of another. */
export function secondingRefusal(
  state: OutcomeState,
  of: string,
  second: Doer,
): Refusal | undefined {
  const waiting = state.waitingForSecond.find(({ id }) => id === of)
  if (!waiting) return wrong('of', 'nothing-to-second')
  const same = waiting.by.id === second.id || (second.person && waiting.by.person === second.person)
  return same ? { kind: 'conflict', key: 'own-step', field: 'of' } : undefined
}

/** The refusal as an error whose text tells a log nothing. */
export const refusalError = ({ kind, key, field, with: params }: Refusal): DomainError =>
  quiet(kind, { key: `outcomes.refused.${key}`, ...(params ? { with: params } : {}) }, field)
