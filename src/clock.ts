import { Temporal } from 'temporal-polyfill'
import { remembering } from './remembering.js'

/**
 * A calendar date in Europe/London, written `YYYY-MM-DD`. Obligations are calendar dates, not
 * instants (domain, section 3), so days compare as plain text.
 */
export type Day = string & { readonly calendarDay: unique symbol }

/** Where time comes from. Nothing else in `src` reads the machine's clock. */
export interface Clock {
  /** This moment. */
  now(): Date
  /** The calendar date in London at this moment. */
  today(): Day
}

const londonDate = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/London',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
})

const hourLength = 3_600_000

// A register's ten thousand rows speak of a few days and times, and each question to the calendar of
// London takes as long as reading a row: what was worked out is remembered, here and below.
const dayInHour = remembering((hour: number) => londonDate.format(hour * hourLength) as Day)

/** The calendar date in London at an instant. */
export function dayOf(instant: Date): Day {
  // London's midnight falls on a whole hour of UTC, in summer and in winter: an hour is in one day.
  return dayInHour(Math.floor(instant.getTime() / hourLength))
}

export const systemClock: Clock = {
  now: () => new Date(),
  today: () => dayOf(new Date()),
}

/** Reads `YYYY-MM-DD`; nothing for a date that does not exist or lies outside the years 1900 to 2199. */
export function parseDay(text: string): Day | undefined {
  if (!/^(19|20|21)\d\d-\d\d-\d\d$/.test(text)) return undefined
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() as Day
  } catch {
    return undefined
  }
}

/** A date written in the source or read from a place that has checked it. Throws on nonsense. */
export function day(text: string): Day {
  const parsed = parseDay(text)
  if (!parsed) throw new RangeError(`not a date: ${text}`)
  return parsed
}

const dayLength = 86_400_000

// Calendar arithmetic runs tens of millions of times when everybody's standing is worked out. Days
// have the same length in UTC, so whole numbers are exact here; each number is written out once.

/** Days from 1 January 1970 to the first of a month; months count on past the ends of the year. */
function monthStart(year: number, month: number): number {
  // Years are counted from March, so that the leap day comes last (Hinnant, days_from_civil).
  const months = year * 12 + month - 3
  const marchYear = Math.floor(months / 12)
  const marchMonth = months - marchYear * 12
  const century = Math.floor(marchYear / 100)
  const leapDays = Math.floor(marchYear / 4) - century + Math.floor(century / 4)
  return marchYear * 365 + leapDays + Math.floor((153 * marchMonth + 2) / 5) - 719_468
}

const digits = (text: string, from: number, to: number): number => {
  let number = 0
  for (let at = from; at < to; at++) number = number * 10 + text.charCodeAt(at) - 48
  return number
}

/** A day as a number that counts on by one each day: days since 1 January 1970. */
export const dayNumber = (on: Day): number =>
  monthStart(digits(on, 0, 4), digits(on, 5, 7)) + digits(on, 8, 10) - 1

const written = new Map<number, Day>()

/** The day that has a number. */
export function dayNumbered(number: number): Day {
  const known = written.get(number)
  if (known !== undefined) return known
  const on = new Date(number * dayLength).toISOString().slice(0, 10) as Day
  written.set(number, on)
  return on
}

export const addDays = (from: Day, days: number): Day => dayNumbered(dayNumber(from) + days)

/** Calendar months, clamped to the month's end: 30 November + 3 months = 28 February. */
export function addMonths(from: Day, months: number): Day {
  const year = digits(from, 0, 4)
  const month = digits(from, 5, 7) + months
  const wanted = monthStart(year, month) + digits(from, 8, 10) - 1
  return dayNumbered(Math.min(wanted, monthStart(year, month + 1) - 1))
}

/** Whole days from one date to another; negative when `to` is earlier. */
export const daysBetween = (from: Day, to: Day): number => dayNumber(to) - dayNumber(from)

const endOf = remembering(
  (on: Day) =>
    Temporal.PlainDate.from(on).add({ days: 1 }).toZonedDateTime('Europe/London').epochMilliseconds,
)

/** The first instant after a day has ended in London: what is recorded before it was known that day. */
export const endOfDay = (on: Day): Date => new Date(endOf(on))

const millisecondsOf = remembering((written: string) => {
  const local = Temporal.PlainDateTime.from(written)
  const zoned = local.toZonedDateTime('Europe/London')
  return zoned.toPlainDateTime().equals(local) ? zoned.epochMilliseconds : undefined
})

/** The instant of a London wall-clock time such as `14:30` on a day; nothing where that time is skipped. */
export function instantOf(on: Day, time: string): Date | undefined {
  const milliseconds = millisecondsOf(`${on}T${time}`)
  return milliseconds === undefined ? undefined : new Date(milliseconds)
}

export const earliest = (one: Day, other: Day): Day => (other < one ? other : one)

export const latest = (one: Day, other: Day): Day => (other > one ? other : one)
