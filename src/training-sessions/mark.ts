import type { Actor } from '../actor.js'

/** What a register says of somebody. */
export const attendances = ['attended', 'part', 'absent', 'apologies'] as const
export type Attendance = (typeof attendances)[number]

export interface Mark {
  attendance: Attendance
  /** Minutes present; always given for `part`. */
  minutes?: number
}

/** Where a statement comes from: marked on screen, an uploaded register, or a visible amendment. */
export type StatementSource = 'screen' | 'upload' | 'amendment'

/** Somebody's mark for one person in one training session: who said it, when, and by which way. */
export interface Statement extends Mark {
  id: string
  by: Actor
  at: Date
  source: StatementSource
  /** The upload it came with, and the SHA-256 of its file. */
  upload?: string
  file?: string
  /** Why it was amended. */
  reason?: string
  /** Marks for one's own manager, employer or staff count once a second person has signed them. */
  countersign?: 'needed' | { by: Actor; at: Date }
  /** Taken back, with the whole upload it came with. */
  withdrawn?: { by: Actor; at: Date; reason: string }
}

/** What else is known of who was there, to be compared with the register before it locks. */
export const claimSources = ['paper', 'check-in', 'video'] as const
export type ClaimSource = (typeof claimSources)[number]

export interface Claim {
  source: ClaimSource
  present: boolean
  minutes?: number
  by: Actor
  at: Date
}

export const sameMark = (one: Mark, other: Mark): boolean =>
  one.attendance === other.attendance && one.minutes === other.minutes

/** Whether a mark completes the course: attended does, part from the course's own number of minutes. */
export function completes(mark: Mark, partCountsFrom: number | undefined): boolean {
  if (mark.attendance === 'attended') return true
  return (
    mark.attendance === 'part' &&
    partCountsFrom !== undefined &&
    (mark.minutes ?? 0) >= partCountsFrom
  )
}
