import type { Actor } from '../actor.js'
import type { Day } from '../clock.js'
import type { CourseVersion, Delivery } from '../courses/courses.js'
import type { TermKind } from '../people/people.js'
import type { Arrangement } from './arrangement.js'
import type { Seat } from './seat.js'

/** How a training session is given: never online, which is no training session at all. */
export const liveDeliveries = ['remote', 'face-to-face'] as const satisfies readonly Delivery[]
export type LiveDelivery = (typeof liveDeliveries)[number]

/** Who may book a place; everybody where a list is empty. */
export interface Invited {
  kinds?: readonly TermKind[]
  house?: 'commons' | 'lords'
}

/** What is decided when a training session is planned (domain, section 2). */
export interface Plan {
  course: string
  delivery: LiveDelivery
  on: Day
  /** London wall-clock times, `HH:MM`; an end that is not later than the start is on the next day. */
  from: string
  to: string
  venue?: string
  /** For a remote one. Only those with a place, and its trainers, are shown it. */
  link?: string
  /** Places. */
  capacity: number
  /** People of the directory. */
  trainers: readonly string[]
  invited: Invited
  arrangements: readonly Arrangement[]
  /** People who manage one another, or are managed, are not given places together. */
  linesApart?: boolean
  /** A second person must verify the register before it locks. */
  verified?: boolean
}

/** What is taught: the version whose content a completion bears, and from when *part* completes it. */
export interface Taught {
  hash: string
  label: string
  minutes: number
  partCountsFrom?: number
}

/** Who did something, and when. */
export interface Deed {
  by: Actor
  at: Date
}

/**
 * A register: open while it is marked, then signed by the trainer, verified where that is asked for,
 * and locked. From the signature on it changes only by visible amendments.
 */
export interface Register {
  state: 'open' | 'signed' | 'locked'
  /** The first mark; from then on it is settled which version was taught. */
  begun?: Deed
  signed?: Deed
  /** The signature has still to reach every entry. */
  signing?: true
  verified?: Deed
  /** With a SHA-256 of everything the register said when it was locked. */
  locked?: Deed & { sha256: string }
}

/** A dated face-to-face or remote delivery of a course. */
export interface TrainingSession extends Plan {
  id: string
  startsAt: Date
  endsAt: Date
  planned: Deed
  /** Planned here, or known only from a register that was uploaded. */
  origin: 'planned' | 'register'
  /** Training with one person: nobody else sees it or asks for a place in it. */
  onlyFor?: string
  cancelled?: Deed & { reason: string }
  series?: string
  /** Grows with every change that calendars must hear of. */
  edition: number
  /** Grows with every change of seats; a change made to an older version is not taken. */
  version: number
  seats: readonly Seat[]
  taught: Taught
  register: Register
  /** The secret from which check-in codes are made. */
  checkInSecret: string
}

/** The courses that can be given live, as the catalogue has them. */
export type Courses = ReadonlyMap<
  string,
  Pick<
    CourseVersion,
    'course' | 'hash' | 'label' | 'title' | 'deliveries' | 'accreditations' | 'retiredOn'
  >
>

/** What is taught of a course in one way of giving it; nothing where it is not given that way. */
export function taughtOf(
  courses: Courses,
  course: string,
  delivery: LiveDelivery,
): Taught | undefined {
  const version = courses.get(course)
  const terms = version?.deliveries.find((one) => one.delivery === delivery)
  return version && terms
    ? {
        hash: version.hash,
        label: version.label,
        minutes: terms.minutes,
        ...(terms.partCountsFrom === undefined ? {} : { partCountsFrom: terms.partCountsFrom }),
      }
    : undefined
}

/** Until its register has been begun, what is taught is what the catalogue has now. */
export const asTaught = <
  Session extends Pick<TrainingSession, 'course' | 'delivery' | 'register' | 'taught'>,
>(
  session: Session,
  courses: Courses,
): Session =>
  session.register.begun
    ? session
    : { ...session, taught: taughtOf(courses, session.course, session.delivery) ?? session.taught }
