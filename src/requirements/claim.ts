import type { Actor } from '../actor.js'
import type { Day } from '../clock.js'
import type { Delivery } from '../courses/courses.js'

/**
 * Somebody says that they have learnt elsewhere what a course teaches. One officer looks at what they
 * say, another decides; where it is granted it becomes a completion (domain, section 2).
 */
export interface Claim {
  id: string
  person: string
  course: string
  delivery: Delivery
  /** When they learnt it. */
  on: Day
  /** Where, with whom, and what shows it, in their words. */
  says: string
  at: Date
  reviewed?: { by: Actor; at: Date; recommends: boolean; says: string }
  decided?: { by: Actor; at: Date; granted: boolean; says: string }
}

/** Something in somebody's record that they say is wrong, and what they were answered. */
export interface Contest {
  id: string
  person: string
  /** Which entry: a requirement as it stood from a day. */
  duty: string
  from: Day
  says: string
  at: Date
  answered?: { by: Actor; at: Date; upheld: boolean; says: string }
}
