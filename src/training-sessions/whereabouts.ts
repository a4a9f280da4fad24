import type { Day } from '../clock.js'
import type { Sentence } from '../language.js'
import { foldName } from '../people/people.js'
import type { RegisterField } from './columns.js'
import type { RowFacts } from './row.js'
import { minutesAfter, minutesOf, timesOf } from './schedule.js'
import {
  taughtOf,
  type Courses,
  type LiveDelivery,
  type Taught,
  type TrainingSession,
} from './training-session.js'

/** A training session as rows of a register are compared with it. */
export type HeldSession = Pick<
  TrainingSession,
  | 'id'
  | 'course'
  | 'delivery'
  | 'on'
  | 'from'
  | 'to'
  | 'startsAt'
  | 'endsAt'
  | 'venue'
  | 'trainers'
  | 'cancelled'
  | 'register'
  | 'taught'
  | 'origin'
  | 'seats'
  | 'capacity'
  | 'linesApart'
>

/** A training session of which only the register knows: recorded with it. */
export interface UnplannedSession {
  /** Which rows mean the same one. */
  key: string
  course: string
  delivery: LiveDelivery
  on: Day
  from: string
  to: string
  venue?: string
  trainers: readonly string[]
  taught: Taught
}

/** Which training session a row belongs to, or why it belongs to none. */
export type Whereabouts =
  { held: HeldSession } | { unplanned: UnplannedSession } | { field: RegisterField; say: Sentence }

export interface Sessions {
  courses: Courses
  byId: ReadonlyMap<string, HeldSession>
  /** By `timeKey`. */
  byTime: ReadonlyMap<string, readonly HeldSession[]>
  /** Whose register the uploader may keep. */
  mayKeep: (session: Pick<HeldSession, 'trainers'>) => boolean
  /** The person that a trainer's cell means. */
  trainer: (written: string) => string | undefined
  accredited: (trainer: string, course: string, on: Day) => boolean
  /** Who gives an unplanned one where no cell says so: the uploader, where they are a trainer. */
  usualTrainer: string | undefined
  now: Date
}

export const timeKey = (course: string, on: string, from: string): string =>
  `${course}/${on}/${from}`

/** The course that a cell means, by its id or its title in either language. */
export function courseOf(courses: Courses, written: string): string | undefined {
  if (courses.has(written.toLowerCase())) return written.toLowerCase()
  const sought = foldName(written)
  for (const { course, title } of courses.values()) {
    if (foldName(title.en) === sought || foldName(title.cy) === sought) return course
    if (foldName(course) === sought) return course
  }
  return undefined
}

const no = (field: RegisterField, key: string, params?: Sentence['with']): Whereabouts => ({
  field,
  say: params ? { key: `register.row.${key}`, with: params } : { key: `register.row.${key}` },
})

const sameText = (one: string | undefined, other: string | undefined): boolean =>
  foldName(one ?? '') === foldName(other ?? '')

/** Whether a register may be kept of a training session, and what the row says of it agrees. */
function check(session: HeldSession, facts: RowFacts, sessions: Sessions): Whereabouts {
  const { on, from } = session
  if (session.cancelled) return no('session', 'cancelled', { on, from })
  if (session.startsAt > sessions.now) return no('date', 'not-yet', { on, from })
  const { course, delivery, trainer } = facts
  if (course !== undefined && courseOf(sessions.courses, course) !== session.course) {
    return no('course', 'differs', { field: course })
  }
  if (facts.on !== undefined && facts.on !== on) return no('date', 'differs', { field: facts.on })
  if (facts.from !== undefined && facts.from !== from) {
    return no('start', 'differs', { field: facts.from })
  }
  if (delivery !== undefined && delivery !== session.delivery) {
    return no('delivery', 'differs', { field: delivery })
  }
  if (trainer !== undefined && session.trainers.length > 0) {
    const named = sessions.trainer(trainer)
    if (named === undefined) return no('trainer', 'unknown-trainer', { value: trainer })
    if (!session.trainers.includes(named)) return no('trainer', 'differs', { field: trainer })
  }
  const minutes = facts.mark?.minutes ?? 0
  const length = minutesOf(session)
  return minutes > length
    ? no('minutes', 'minutes-too-many', { minutes, length })
    : { held: session }
}

function planFor(course: string, facts: RowFacts, sessions: Sessions): Whereabouts {
  const { on, from, venue, trainer } = facts
  if (on === undefined || from === undefined) return no('date', 'unknown-session')
  const version = sessions.courses.get(course)
  const given = (version?.deliveries ?? []).flatMap(({ delivery }) =>
    delivery === 'online' ? [] : [delivery],
  )
  const delivery = facts.delivery ?? (given.length === 1 ? given[0] : undefined)
  if (delivery === undefined) return no('delivery', 'delivery-needed', { on, from })
  const taught = taughtOf(sessions.courses, course, delivery)
  if (!taught) return no('delivery', 'not-given-so', { value: delivery })
  if (version?.retiredOn !== undefined && on > version.retiredOn) {
    return no('course', 'retired', { on: version.retiredOn })
  }
  const to = facts.to ?? minutesAfter(from, taught.minutes)
  const times = timesOf(on, from, to)
  if (!times) return no('start', 'no-such-time', { on, from })
  if (times.startsAt > sessions.now) return no('date', 'not-yet', { on, from })
  const named = trainer === undefined ? sessions.usualTrainer : sessions.trainer(trainer)
  if (trainer !== undefined && named === undefined) {
    return no('trainer', 'unknown-trainer', { value: trainer })
  }
  const trainers = named === undefined ? [] : [named]
  if (!sessions.mayKeep({ trainers })) return no('trainer', 'another-trainer', { on, from })
  if (named !== undefined && !sessions.accredited(named, course, on)) {
    return no('trainer', 'not-accredited', { on })
  }
  const minutes = facts.mark?.minutes ?? 0
  const length = minutesOf(times)
  if (minutes > length) return no('minutes', 'minutes-too-many', { minutes, length })
  const key = [timeKey(course, on, from), delivery, foldName(venue ?? '')].join('/')
  const place = venue === undefined ? {} : { venue }
  return { unplanned: { key, course, delivery, on, from, to, ...place, trainers, taught } }
}

/**
 * Finds the training session that a row belongs to: by its id, or by course, date and start, with
 * venue and delivery where there are several. One that nobody planned is taken from the register,
 * as long as the uploader could have planned it.
 */
export function whereaboutsOf(facts: RowFacts, sessions: Sessions): Whereabouts {
  if (facts.session !== undefined) {
    const session = sessions.byId.get(facts.session)
    // Somebody else's is answered like one that does not exist: an id alone tells nothing.
    if (!session || !sessions.mayKeep(session)) {
      return no('session', 'unknown-session', { value: facts.session })
    }
    return check(session, facts, sessions)
  }
  const { on, from } = facts
  const course = courseOf(sessions.courses, facts.course ?? '')
  if (course === undefined) return no('course', 'unknown-course', { value: facts.course ?? '' })
  if (on === undefined || from === undefined) return no('date', 'unknown-session', { value: '' })
  const there = sessions.byTime.get(timeKey(course, on, from)) ?? []
  const own = there.filter(sessions.mayKeep)
  if (own.length === 0 && there.length > 0) return no('trainer', 'another-trainer', { on, from })
  let fitting = own
  if (fitting.length > 1 && facts.delivery !== undefined) {
    fitting = fitting.filter(({ delivery }) => delivery === facts.delivery)
  }
  if (fitting.length > 1) {
    const running = fitting.filter(({ cancelled }) => !cancelled)
    const there = running.filter(({ venue }) => sameText(venue, facts.venue))
    fitting = there.length > 0 ? there : running
  }
  const [only, another] = fitting
  if (another) return no('venue', 'several-sessions', { on, from })
  return only ? check(only, facts, sessions) : planFor(course, facts, sessions)
}
