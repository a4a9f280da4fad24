import type { Times } from './schedule.js'

/** One stretch in a call, as a log of joining and leaving has it. */
export interface Stay {
  line: number
  name?: string
  email?: string
  joined: Date
  left: Date
}

/** Minutes that somebody was in a call during the training session, whatever devices they used at once. */
export function minutesInCall(
  stays: readonly Pick<Stay, 'joined' | 'left'>[],
  times: Times,
): number {
  const within = stays
    .map(({ joined, left }) => ({
      from: Math.max(joined.getTime(), times.startsAt.getTime()),
      to: Math.min(left.getTime(), times.endsAt.getTime()),
    }))
    .filter(({ from, to }) => to > from)
    .toSorted((one, other) => one.from - other.from)
  let total = 0
  let reached = 0
  for (const { from, to } of within) {
    total += Math.max(0, to - Math.max(from, reached))
    reached = Math.max(reached, to)
  }
  return Math.round(total / 60_000)
}
