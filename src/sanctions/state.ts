import { dayOf, latest, type Day } from '../clock.js'
import {
  apply,
  countingCompletion,
  factsOf,
  heldCompletion,
  isInForce,
  outstandingParties,
  satisfiedOn,
  type Facts,
  type KnownCompletion,
  type PlannedSession,
} from './facts.js'
import { conditionalSuspension, type OutcomeTerms, type RestrictionState } from './outcome.js'
import type { Step, StepNamed } from './steps.js'

export type { PlannedSession } from './facts.js'

export const stateNames = [
  'imposed',
  'stayed',
  'in-training',
  'awaiting-confirmation',
  'satisfied',
  'withdrawn',
  'unenforceable',
] as const
export type StateName = (typeof stateNames)[number]

/** An outcome as it stands at the end of a day (domain, section 4). */
export interface OutcomeState {
  terms: OutcomeTerms
  state: StateName
  /** Whether a duty exists: every officer and party that is needed has agreed. */
  inForce: boolean
  /** Labels of the parties who have not agreed yet. */
  outstanding: readonly string[]
  /** Steps that count only once a second officer agrees. */
  waitingForSecond: readonly Step[]
  due?: Day
  /** The event from which the due date will be counted, while it has not happened. */
  awaitedEvent?: string
  /** Whether the date has passed with the training outstanding. */
  overdue: boolean
  /** Days left when it was stayed; nothing where no date was set. */
  remained?: number
  /** The completion that counts; nothing while no duty runs. */
  completion?: KnownCompletion
  /** Whether a completion that meets the requirement is known, counting now or later. */
  trained: boolean
  satisfiedOn?: Day
  /** Whether the training was done after its date. Present once it is done. */
  late?: boolean
  /** `ordered` while it has been decided and not lifted, whether or not its date has come. */
  restriction?: { state: RestrictionState; from?: Day; liftedOn?: Day; ordered: boolean }
  /** A suspension that lasts until trained; `until`, its last day, once that is known. */
  suspension?: { from?: Day; until?: Day }
  missed: readonly Day[]
  sessions: readonly PlannedSession[]
  questions: readonly (StepNamed<'asked'> & { answer?: string })[]
  /** The day on which it was last closed; nothing while something is outstanding. */
  closedOn?: Day
  keptUntil?: Day
  privateAddress?: string
  shareToken?: string
}

/** Whether nothing more is asked of anybody. */
export const isClosed = ({ state }: Pick<OutcomeState, 'state'>): boolean =>
  state === 'satisfied' || state === 'withdrawn' || state === 'unenforceable'

function stateName(facts: Facts): StateName {
  if (facts.ended) return facts.ended.state
  if (facts.stay) return 'stayed'
  if (satisfiedOn(facts)) return 'satisfied'
  if (countingCompletion(facts)) return 'awaiting-confirmation'
  const planned = [...facts.sessions.values()].some(({ cancelled }) => !cancelled)
  return isInForce(facts) && (facts.begun || planned) ? 'in-training' : 'imposed'
}

function restrictionOf(facts: Facts, asAt: Day): OutcomeState['restriction'] {
  const { terms, restrictedFrom, liftedOn } = facts
  if (!restrictedFrom && !terms.restriction) return undefined
  const from = restrictedFrom ?? terms.restriction?.from
  const dated = from ? { from } : {}
  if (restrictedFrom && liftedOn) return { state: 'lifted', ...dated, liftedOn, ordered: false }
  // It is never active before there is a duty, nor before its effective date.
  const ordered = restrictedFrom !== undefined && isInForce(facts)
  const active = ordered && restrictedFrom <= asAt
  return { state: active ? 'active' : 'recommended', ...dated, ordered }
}

function suspensionOf(facts: Facts): OutcomeState['suspension'] {
  const suspended = conditionalSuspension(facts.terms)
  if (!suspended) return undefined
  const met = satisfiedOn(facts)
  const withdrawn = facts.ended?.state === 'withdrawn' ? facts.ended.on : undefined
  const until = withdrawn ?? (met && latest(met, suspended.to ?? met))
  return { ...(suspended.from ? { from: suspended.from } : {}), ...(until ? { until } : {}) }
}

function stateOf(facts: Facts, waiting: readonly Step[], closedOn: Day | undefined, asAt: Day) {
  const { terms, due, stay, keptUntil, privateAddress, shareToken } = facts
  const completion = countingCompletion(facts)
  const met = satisfiedOn(facts)
  const inForce = isInForce(facts)
  const runs = inForce && !stay && !facts.ended && !completion
  const restriction = restrictionOf(facts, asAt)
  const suspension = suspensionOf(facts)
  const awaited = facts.happenedOn ? undefined : terms.training.dueAfter?.event
  return {
    terms,
    state: stateName(facts),
    inForce,
    outstanding: outstandingParties(facts),
    waitingForSecond: waiting,
    overdue: runs && due !== undefined && due < asAt,
    trained: heldCompletion(facts) !== undefined,
    missed: facts.missed,
    sessions: [...facts.sessions.values()],
    questions: [...facts.questions.values()],
    ...(due ? { due } : {}),
    ...(awaited && !due ? { awaitedEvent: awaited } : {}),
    ...(stay?.remained === undefined ? {} : { remained: stay.remained }),
    ...(completion ? { completion, late: due !== undefined && completion.on > due } : {}),
    ...(met && !facts.ended ? { satisfiedOn: met } : {}),
    ...(restriction ? { restriction } : {}),
    ...(suspension ? { suspension } : {}),
    ...(closedOn ? { closedOn } : {}),
    ...(keptUntil ? { keptUntil } : {}),
    ...(privateAddress ? { privateAddress } : {}),
    ...(shareToken ? { shareToken } : {}),
  } satisfies OutcomeState
}

/**
 * The outcome as the steps recorded up to the end of a day make it: nothing else is ever kept of its
 * state. A step that needs a second officer counts from the moment that the second one agreed.
 * Throws where the first step is not the imposing one: such a list was never an outcome.
 */
export function outcomeState(steps: readonly Step[], asAt: Day): OutcomeState {
  const [first, ...rest] = steps
  if (first?.step !== 'imposed') throw new RangeError('an outcome begins with being imposed')
  const facts = factsOf(first.terms, !first.needsSecond)
  const waiting = new Map<string, Step>(first.needsSecond ? [[first.id, first]] : [])
  let closedOn: Day | undefined
  for (const step of rest.filter(({ at }) => dayOf(at) <= asAt)) {
    if (step.needsSecond) waiting.set(step.id, step)
    else if (step.step !== 'seconded') apply(facts, step, step.at)
    else {
      const other = waiting.get(step.of)
      waiting.delete(step.of)
      if (other?.step === 'imposed') facts.seconded = true
      if (other) apply(facts, other, step.at)
    }
    if (facts.ended === undefined && satisfiedOn(facts) === undefined) closedOn = undefined
    else closedOn ??= dayOf(step.at)
  }
  return stateOf(facts, [...waiting.values()], closedOn, asAt)
}
