import type { Day } from '../clock.js'
import type { Delivery } from '../courses/courses.js'
import type { OutcomeTerms } from './outcome.js'

/** Who took a step. A person has both the account they acted with and their id in the directory. */
export interface Doer {
  as: 'officer' | 'key' | 'respondent' | 'trainer' | 'system'
  id: string
  person?: string
}

/** Training made for one person: planned by the body, given by a named trainer. */
export interface BespokeSession {
  id: string
  trainer: string
  delivery: Delivery
  on: Day
  /** London wall-clock times such as `14:30`. */
  start: string
  end: string
  place: string
  /** The body's written aims and safety notes: the trainer reads them, and nothing else of the case. */
  aims: string
  safetyNotes: string
  /** Last day on which the trainer can read them. */
  readableUntil: Day
}

export const attendances = ['attended', 'part', 'absent', 'apologies'] as const
export type Attendance = (typeof attendances)[number]

/** What can happen to an outcome, and what is said of it. */
interface Steps {
  imposed: { terms: OutcomeTerms }
  /** A second officer lets another's step count. */
  seconded: { of: string }
  agreed: { party: string; on: Day }
  stayed: { on: Day }
  /** Without a date the days that remained when it was stayed. */
  resumed: { on: Day; dueOn?: Day }
  extended: { dueOn: Day }
  /** The event from which the due date is counted. */
  happened: { event: string; on: Day }
  begun: { on: Day }
  completed: { completion: string; subject: string; delivery: Delivery; on: Day }
  /** A correction took the completion away. */
  annulled: { completion: string }
  certified: { completion: string; serial: string }
  revoked: { serial: string }
  confirmed: { on: Day }
  /** The body was not satisfied that the respondent has understood: more training is needed. */
  'not-confirmed': { on: Day }
  /** The one notice of a missed date. */
  missed: { due: Day }
  reminded: { due: Day; days: number }
  restricted: { from: Day }
  lifted: { on: Day }
  withdrawn: { on: Day }
  unenforceable: { on: Day }
  /** The respondent asks for more time or contests a fact. */
  asked: { about: 'extension' | 'fact' | 'other'; text: string }
  answered: { question: string; text: string }
  planned: { session: BespokeSession }
  cancelled: { session: string }
  booked: { session: string }
  marked: { session: string; attendance: Attendance }
  /** An officer stood aside for a conflict of interest and another took it over. */
  passed: { to: string }
  /** Where the respondent wants mail; nothing for the address in the directory. */
  address: { private?: string }
  /** Kept longer than the body's period says. */
  kept: { until: Day }
  /** A link by which a certificate of bespoke training can be shown to others; nothing ends it. */
  shared: { token?: string }
  /** The end has begun: what belongs to the outcome is being destroyed. */
  expunged: object
}

export type StepName = keyof Steps

interface Common {
  id: string
  at: Date
  by: Doer
  reason?: string
  /** Counts only once a second officer has agreed. */
  needsSecond?: true
  /** The request that asked for it, so that asking again changes nothing. */
  request?: string
}

/** One step in the life of an outcome: who, when, why. Added, never changed. */
export type Step = { [Name in StepName]: Common & { step: Name } & Steps[Name] }[StepName]

export type StepNamed<Name extends StepName> = Extract<Step, { step: Name }>

/** What somebody wants to happen, before it has an id and a moment. */
export type Wish = { [Name in StepName]: { step: Name; reason?: string } & Steps[Name] }[StepName]
