import { endOfDay, type Day } from '../clock.js'

/** A name as the directory had it from a moment on. */
export interface DatedName {
  name: string
  recordedAt: Date
}

/**
 * The name that somebody bore on a day: what the directory said when that day ended, or the first that it
 * ever said, for a day before it knew of them. `versions` run from oldest to newest.
 */
export function nameOn(versions: readonly DatedName[], on: Day): string | undefined {
  const end = endOfDay(on)
  return (versions.findLast(({ recordedAt }) => recordedAt < end) ?? versions[0])?.name
}
