import type { Day } from '../clock.js'
import type { Delivery } from '../courses/courses.js'

export const sanctionKinds = [
  'apology',
  'training',
  'service-withdrawal',
  'suspension',
  'recall',
  'other',
] as const
type SanctionKind = (typeof sanctionKinds)[number]

/** One thing that a decision imposes. Only the training is followed here; the others are recorded. */
export interface Sanction {
  kind: SanctionKind
  from?: Day
  /** Last day of a fixed term; of a suspension until trained, the last day of its minimum term. */
  to?: Day
  /** A conditional suspension: it ends on the later of `to` and the confirmed completion. */
  untilTrained?: true
  /** The body's own words, where the kind says too little. */
  description?: string
}

/** What is to be learned: a course with what counts as equal *as decided*, or training made for one person. */
export type Subject =
  { course: string; equivalents: readonly string[] } | { bespoke: string | true }

/** The training that an outcome requires (domain, section 4). */
export interface Training {
  subject: Subject
  /** Which deliveries discharge it. Remote is never face to face unless it is named here. */
  delivery: readonly Delivery[]
  /** Last day, inclusive; nothing where the decision sets none. */
  dueOn?: Day
  /** Counted in calendar months from an event that is yet to happen. */
  dueAfter?: { event: string; months: number }
  /** Whether the body must be satisfied that the respondent has understood. */
  confirmationRequired: boolean
}

export const restrictionStates = ['recommended', 'active', 'lifted'] as const
export type RestrictionState = (typeof restrictionStates)[number]

/** What a conduct body decided on a case, as recorded; it never changes. Steps follow it. */
export interface OutcomeTerms {
  /** The body's own case reference. */
  reference: string
  /** The directory's id of the person it concerns. */
  respondent: string
  body: string
  decidedOn: Day
  sanctions: readonly Sanction[]
  training: Training
  /** Opaque labels of those who must agree before any duty exists, such as `party-1`. */
  agreementOf: readonly string[]
  /** The conduct body that hears of a missed date. */
  noticeTo: string
  restriction?: { state: 'recommended' | 'active'; from?: Day }
}

/** The suspension among the sanctions that does not end before the training is done. */
export const conditionalSuspension = (terms: OutcomeTerms): Sanction | undefined =>
  terms.sanctions.find(({ kind, untilTrained }) => kind === 'suspension' && untilTrained)

/** The word in place of a course where training was made for one person. */
export const bespokeSubject = 'bespoke'
