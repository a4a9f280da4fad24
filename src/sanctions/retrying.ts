import type { Attempt } from './sending.js'

const second = 1000
const minute = 60 * second
const hour = 60 * minute

/** How long after each failed attempt the next one follows; the last repeats until three days are over. */
const delays = [
  5 * second,
  30 * second,
  2 * minute,
  10 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
]

/** A message that is not delivered by then is parked, where an officer sees it. */
export const giveUpAfter = 72 * hour

/** How the delivery of one message to one address goes. Sealed with the outcome it tells of. */
export interface Progress {
  state: 'pending' | 'delivered' | 'parked'
  attempts: number
  firstAt?: Date
  lastAt?: Date
  /** Present while pending. */
  nextAt?: Date
  /** What came of the last attempt, such as `failed 503`. */
  last?: string
}

export const fresh: Progress = { state: 'pending', attempts: 0 }

/** The progress after an attempt. */
export function afterAttempt(before: Progress, attempt: Attempt, at: Date): Progress {
  const attempts = before.attempts + 1
  const firstAt = before.firstAt ?? at
  const last = 'status' in attempt ? `${attempt.came} ${attempt.status}` : attempt.came
  const made = { attempts, firstAt, lastAt: at, last }
  if (attempt.came === 'delivered') return { ...made, state: 'delivered' }
  const end = firstAt.getTime() + giveUpAfter
  if (at.getTime() >= end) return { ...made, state: 'parked' }
  const delay = delays[Math.min(attempts, delays.length) - 1] ?? 0
  return { ...made, state: 'pending', nextAt: new Date(Math.min(at.getTime() + delay, end)) }
}

/** Whether a failure speaks of the whole receiver, so that a success elsewhere lifts it. */
const ofReceiver = (last: string | undefined): boolean =>
  last === 'unreachable' || last?.startsWith('failed') === true

/**
 * Whether a message is to be tried now: its time has come, something newer about the same outcome has
 * joined the queue behind it, or its receiver has answered since it last did not.
 */
export function isDue(
  progress: Progress,
  now: Date,
  known: { newest?: Date | undefined; answered?: Date | undefined } = {},
): boolean {
  const { nextAt, lastAt, last } = progress
  if (!nextAt || nextAt <= now) return true
  if (!lastAt) return true
  if (known.newest && known.newest > lastAt) return true
  return known.answered !== undefined && known.answered > lastAt && ofReceiver(last)
}
