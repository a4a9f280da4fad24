import type { Day } from '../clock.js'
import type { Delivery } from '../courses/courses.js'
import type { Bilingual } from '../language.js'
import type { AbsenceKind, Employment, House, TermKind } from '../people/people.js'

/** Whom a rule speaks of. What is left out does not matter to it. */
export interface Audience {
  kind: TermKind
  house?: Exclude<House, 'both'>
  /** For staff: whose staff. */
  employedBy?: Employment
}

/** What an event brings: a date, a stretch counted from the event, or no date at all (`expected`). */
export type Owed = { by: Day } | { months: number } | { days: number } | 'expected'

/** Who hears of it when a date has passed. */
export type Escalation = 'manager' | 'member' | 'sponsor' | 'commissioner' | 'nobody'

/** One dated rule of the programme (domain, section 3, *Rules as data*). */
export interface Rule {
  id: string
  title: Bilingual
  audience: Audience
  /** The first and last day on which an event can bring somebody under this rule. */
  begins: Day
  ends?: Day
  /** Owed by those who are there, their clock running, on the day the rule begins. */
  there?: Owed
  /** Owed from the first day of a term: election, introduction, a new post. */
  start?: Owed
  /** Owed from the day after an absence that stopped the clock. */
  return?: Owed
  /** Which absences stop the clock. */
  stops: readonly AbsenceKind[]
  /** What satisfies it; the first is the one that people are sent to. */
  courses: readonly string[]
  /** Earlier or later courses that count as well. */
  equivalents: readonly string[]
  deliveries: readonly Delivery[]
  /** How long a completion lasts, and how long before its end it may be renewed. For good where absent. */
  validity?: { months: number; renewalMonths: number }
  /** Courses that a passed pre-test may shorten for those whom the rule speaks of. */
  shortens?: readonly string[]
  escalate: Escalation
}

/**
 * One thing that people owe, under rules that follow each other in time: whoever satisfied an
 * earlier rule of a duty is asked for nothing new by a later one that accepts it.
 */
export interface Duty {
  id: string
  title: Bilingual
  rules: readonly Rule[]
}

/** The rules in force from a date, until the next programme's. */
export interface Programme {
  from: Day
  /** When it was adopted, for answers as known at the time. */
  adoptedAt: Date
  duties: readonly Duty[]
}
