import type { Day } from '../clock.js'
import type { Delivery } from '../courses/courses.js'
import type { OutcomeTerms } from './outcome.js'

/** The few fields of an ordinary completion that an outcome needs to know. */
export interface OrdinaryCompletion {
  id: string
  person: string
  course: string
  delivery: Delivery
  /** The day of attendance or of the last module, not the day it became known. */
  on: Day
}

/** Somebody began a course, or booked a place in it. */
export type Beginning = Pick<OrdinaryCompletion, 'person' | 'course' | 'on'>

/** Whether something done in a course is about what an outcome requires of its respondent. */
export function isAbout(terms: OutcomeTerms, { person, course, on }: Beginning): boolean {
  const { subject } = terms.training
  return (
    'course' in subject &&
    person === terms.respondent &&
    [subject.course, ...subject.equivalents].includes(course) &&
    on >= terms.decidedOn
  )
}

/**
 * Whether a completion meets what an outcome requires: the course, or one that counted as equal when
 * it was decided; a delivery it allows; dated on or after the decision. Training made for one person
 * is never met by a course (domain, section 4.3).
 */
export const meets = (
  terms: OutcomeTerms,
  completion: Pick<OrdinaryCompletion, 'person' | 'course' | 'delivery' | 'on'>,
): boolean => isAbout(terms, completion) && terms.training.delivery.includes(completion.delivery)
