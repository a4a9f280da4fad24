import type { Day } from '../clock.js'
import type { Sentence } from '../language.js'
import type { RollLine } from './roll-query.js'
import type { StandingState } from './timeline.js'

/** How far somebody is with what they have not completed. Neither a booking nor a wait is attendance. */
export type Progress = 'not-started' | 'in-progress' | 'waiting-list' | 'booked'

/** One requirement of one person, as at a date, with the sentence that says why. */
export interface Line extends RollLine {
  /** The course that was completed, or that is asked for. */
  course: string
  why: Sentence
  /** Only today, and where something is still to be done. */
  progress?: Progress
}

/** Standing as other programs get it (interface, *API*). */
export interface StandingJson {
  person: string
  course: string
  rule?: string
  standing: StandingState
  since?: Day
  due?: Day
  validUntil?: Day
  progress?: Progress
  reason: string
}

export function standingJson(line: Line, say: (sentence: Sentence) => string): StandingJson {
  const { person, course, why, answer, progress } = line
  const { rule, state, since, due, until } = answer
  return {
    person,
    course,
    ...(rule ? { rule } : {}),
    standing: state,
    ...(since ? { since } : {}),
    ...(due ? { due } : {}),
    ...(state === 'complete' && until ? { validUntil: until } : {}),
    ...(progress ? { progress } : {}),
    reason: say(why),
  }
}
