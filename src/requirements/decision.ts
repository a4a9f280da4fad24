import type { Actor } from '../actor.js'
import type { Day } from '../clock.js'

/** What is asked for somebody: no duty from a date until another, or a later due date. */
export type Relief = { kind: 'excusal'; from: Day; to: Day } | { kind: 'extension'; until: Day }

/** A recorded, dated, reasoned decision about what one person owes (domain, section 2). */
export interface Decision {
  id: string
  person: string
  duty: string
  relief: Relief
  /** Visible to decision-makers; of an excusal also to the person it concerns. Never evidence itself. */
  reason: string
  proposed: { by: Actor; at: Date }
  /** Who decided, and when: from then on it is in force. An excusal needs a second person. */
  decided?: { by: Actor; at: Date; granted: boolean }
  /** Ended before its time, by a later decision or a correction. */
  ended?: { by: Actor; at: Date }
}

/** Whether a decision is in force, as known now or at an instant. */
export function inForce({ decided, ended }: Decision, instant?: Date): boolean {
  if (!decided?.granted) return false
  return instant === undefined
    ? ended === undefined
    : decided.at <= instant && (ended === undefined || ended.at > instant)
}
