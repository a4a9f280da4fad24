import type { Actor } from '../actor.js'
import type { RevocationReason } from '../certificates/certificates.js'
import type { Day } from '../clock.js'
import type { Delivery } from '../courses/courses.js'

/** How a completion is known: an online attempt, an entry of a register, or recognised prior learning. */
export interface Evidence {
  kind: 'attempt' | 'register' | 'prior-learning'
  /** The random id of the attempt, register entry or decision. */
  id: string
}

/** What somebody completed, before it has been recorded. */
export interface Completed {
  person: string
  course: string
  /** The version that was taught: SHA-256 of its content, and the label that people read. */
  version: { hash: string; label: string }
  delivery: Delivery
  /** The date of attendance or of the last answer, never that of an upload. */
  on: Day
  evidence: Evidence
}

/** Why a completion is taken back: for everybody, and for the record. */
export interface Correction {
  /** What whoever checks its certificate is told, and all that they are told. */
  why: RevocationReason
  /** In the officer's own words, for those who decide and those who audit; nobody else reads it. */
  note?: string
}

/** The fact that a person completed a course version on a date. Recorded once, never edited. */
export interface Completion extends Completed {
  id: string
  recordedAt: Date
  by: Actor
  /** Taken back by a reasoned correction. */
  annulled?: Correction & { at: Date; by: Actor }
}

/** What standing asks of a completion: read for everybody at once, it is a third of the whole. */
export type CompletionOutline = Pick<Completion, 'id' | 'person' | 'course' | 'delivery' | 'on'>

/** Whether a completion stood as the system knew it at an instant, or stands as it knows it now. */
export const stood = (
  completion: { recordedAt: Date; annulled?: { at: Date } },
  instant?: Date,
): boolean =>
  instant === undefined
    ? completion.annulled === undefined
    : completion.recordedAt <= instant &&
      (completion.annulled === undefined || completion.annulled.at > instant)
