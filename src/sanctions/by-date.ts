import { addDays, type Day } from '../clock.js'
import { confirmBy, expungeOn, type ConductBody } from './conduct-body.js'
import { isClosed, type OutcomeState } from './state.js'
import type { Step, Wish } from './steps.js'

/**
 * The steps that a date alone brings: the one notice of a missed date, and reminders before one. They
 * follow from the dates, not from when somebody looks, so a scan that comes days late, or twice, or
 * after the training was done too late, records exactly the same (domain, section 4.4).
 */
export function stepsByDate(
  state: OutcomeState,
  steps: readonly Step[],
  body: Pick<ConductBody, 'remindBefore'>,
  today: Day,
): Wish[] {
  const { due, completion } = state
  if (!due) return []
  const missed = state.overdue || (completion !== undefined && state.late === true)
  if (missed) return state.missed.includes(due) ? [] : [{ step: 'missed', due }]
  if (isClosed(state) || completion || !state.inForce || state.state === 'stayed') return []
  const days = body.remindBefore
    .filter((before) => addDays(due, -before) <= today)
    .reduce((least, before) => Math.min(least, before), Infinity)
  if (days === Infinity) return []
  // Only the nearest one: who was away for a fortnight gets no pile of reminders.
  const reminded = steps.some((s) => s.step === 'reminded' && s.due === due && s.days <= days)
  return reminded ? [] : [{ step: 'reminded', due, days }]
}

export const nextThings = [
  'second',
  'answer',
  'overdue',
  'confirm',
  'resume',
  'agree',
  'event',
  'plan',
  'due',
  'undated',
  'expunge',
] as const

/** What an officer has to look at next, and by when; it orders the quiet list. */
export interface Next {
  what: (typeof nextThings)[number]
  by?: Day
}

export function nextOf(state: OutcomeState, body: ConductBody): Next {
  const dated = (what: Next['what'], by: Day | undefined): Next => (by ? { what, by } : { what })
  if (state.waitingForSecond.length > 0) return { what: 'second' }
  if (state.questions.some(({ answer }) => answer === undefined)) return { what: 'answer' }
  if (isClosed(state)) return dated('expunge', expungeOn(state, body))
  if (state.state === 'awaiting-confirmation') return dated('confirm', confirmBy(state, body))
  if (state.state === 'stayed') return { what: 'resume' }
  if (!state.inForce) return { what: 'agree' }
  if (state.overdue) return dated('overdue', state.due)
  if (state.awaitedEvent) return { what: 'event' }
  const planned = state.sessions.some(({ cancelled }) => !cancelled)
  if ('bespoke' in state.terms.training.subject && !planned) return dated('plan', state.due)
  return state.due ? { what: 'due', by: state.due } : { what: 'undated' }
}

/** The order of the quiet list: what cannot wait, then by date. */
export const byNext = (one: Next, other: Next): number =>
  rank(one) - rank(other) || (one.by ?? '9999').localeCompare(other.by ?? '9999')

const rank = ({ what }: Next): number =>
  what === 'expunge' ? 3 : what === 'due' || what === 'plan' ? 1 : what === 'undated' ? 2 : 0
