import type { CourseVersion } from '../courses/courses.js'
import type { Fact } from './facts.js'
import type { AttemptRecord, Kept } from './learning-store.js'
import type { Learner } from './path.js'
import { progress, type Attempt, type Progress } from './progress.js'

/** Where somebody is in a course. */
export interface Place {
  course: string
  version: CourseVersion
  /** How often it has been begun, the one under way included; 0 when it has never been. */
  number: number
  /** What has happened; before a course is begun an attempt without an id, in which nothing has. */
  attempt: Attempt
  progress: Progress
  /** When the last needed step was done, once the attempt is over. */
  endedAt?: Date
  /** A newer version asks for the course to be taken again before this one was finished. */
  changed?: true
}

/** What is settled when an attempt begins. */
export type Settled = Pick<Learner, 'audience' | 'mayShorten'>

/** The facts that an attempt was told from last, for as long as the database gives the same record. */
const known = new WeakMap<AttemptRecord, readonly Fact[]>()

/**
 * The facts that an attempt is told from: its own, and the steps done in the attempts it carries.
 * A step done in an older version counts where its hash is the same; tests are always asked anew.
 * The same facts are the same list, so that what was told from them is known.
 */
function factsOf(record: AttemptRecord, { facts }: Kept): readonly Fact[] {
  const carried = new Set(record.carries)
  const own = facts.filter(
    ({ attempt, kind }) =>
      attempt === record.attempt || (carried.has(attempt) && kind !== 'tested'),
  )
  const last = known.get(record)
  if (last?.length === own.length && own.every((fact, index) => fact === last[index])) return last
  known.set(record, own)
  return own
}

export function attemptOf(
  record: AttemptRecord,
  kept: Kept,
  version: CourseVersion,
  way: Pick<Learner, 'quiet' | 'under18'>,
): Attempt {
  const { attempt, seed, audience, mayShorten } = record
  return {
    id: attempt,
    version,
    seed,
    learner: { audience, mayShorten, ...way },
    facts: factsOf(record, kept),
  }
}

/**
 * When the last needed step was done: the moment from which the facts saved up to then are enough.
 * Nothing where they are not enough at all.
 */
export function completedAt(attempt: Attempt, begunAt: Date): Date | undefined {
  if (!progress(attempt).complete) return undefined
  const facts = attempt.facts.toSorted((a, b) => a.at.getTime() - b.at.getTime())
  let [enough, short] = [facts.length, -1]
  while (enough - short > 1) {
    const middle = (enough + short) >> 1
    if (progress({ ...attempt, facts: facts.slice(0, middle) }).complete) enough = middle
    else short = middle
  }
  const last = facts[enough - 1]?.at
  return last && last > begunAt ? last : begunAt
}
