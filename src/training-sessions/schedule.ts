import { addDays, addMonths, instantOf, type Day } from '../clock.js'

/** When something begins and ends. */
export interface Times {
  startsAt: Date
  endsAt: Date
}

const clockTime = /^([01]\d|2[0-3]):[0-5]\d$/

export const isClockTime = (text: string): boolean => clockTime.test(text)

/**
 * The instants of London wall-clock times on a day. An end that is not later than the start is on
 * the next day. Nothing for a time that is none, or that is skipped when the clocks go forward.
 */
export function timesOf(on: Day, from: string, to: string): Times | undefined {
  if (!isClockTime(from) || !isClockTime(to)) return undefined
  const startsAt = instantOf(on, from)
  const endsAt = instantOf(to > from ? on : addDays(on, 1), to)
  return startsAt && endsAt ? { startsAt, endsAt } : undefined
}

export const minutesOf = ({ startsAt, endsAt }: Times): number =>
  Math.round((endsAt.getTime() - startsAt.getTime()) / 60_000)

/** A wall-clock time so many minutes after another; past midnight it begins again at 00:00. */
export function minutesAfter(time: string, minutes: number): string {
  const [hours = 0, past = 0] = time.split(':').map(Number)
  const at = (hours * 60 + past + minutes) % (24 * 60)
  return `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`
}

/** How often a series repeats, and how many training sessions it has, the first one included. */
export interface Repeat {
  every: 'week' | 'two-weeks' | 'month'
  times: number
}

/** The days of a series: the same weekday, or the same day of the month clamped to its end. */
export function daysOf(first: Day, { every, times }: Repeat): Day[] {
  return Array.from({ length: times }, (_, n) => {
    if (every === 'month') return addMonths(first, n)
    return addDays(first, n * (every === 'week' ? 7 : 14))
  })
}

export const timesOverlap = (one: Times, other: Times): boolean =>
  one.startsAt < other.endsAt && other.startsAt < one.endsAt
