import { omit } from 'es-toolkit'
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
  /** Ended before its time: from that day on it does not hold; on the days before it did. */
  ended?: { by: Actor; at: Date }
}

/**
 * A granted decision as it was known at an instant, or is known now: one that was ended later had not
 * been ended then. Nothing where it had not been granted.
 */
export function asGranted(decision: Decision, instant?: Date): Decision | undefined {
  const { decided, ended } = decision
  if (!decided?.granted || (instant && decided.at > instant)) return undefined
  return ended && instant && ended.at > instant ? omit(decision, ['ended']) : decision
}
