import { Temporal } from 'temporal-polyfill'

/**
 * A calendar date in Europe/London, written `YYYY-MM-DD`. Obligations are calendar dates, not
 * instants (domain, section 3), so days compare as plain text.
 */
export type Day = string & { readonly calendarDay: unique symbol }

/** Where time comes from. Nothing else in `src` reads the machine's clock. */
export interface Clock {
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
let [latestHour, latestDay] = [Number.NaN, '' as Day]

/** The calendar date in London at an instant. */
export function dayOf(instant: Date): Day {
  // London's midnight falls on a whole hour of UTC, in summer and in winter: within an hour it is
  // one day, and nearly everything asks for the day that it is now.
  const hour = Math.floor(instant.getTime() / hourLength)
  if (hour !== latestHour) [latestHour, latestDay] = [hour, londonDate.format(instant) as Day]
  return latestDay
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

// Calendar arithmetic runs millions of times when everybody's standing is worked out. In UTC every
// day has the same length, so plain numbers are exact here, and fifty times faster than Temporal.

export const addDays = (from: Day, days: number): Day =>
  new Date(Date.parse(from) + days * dayLength).toISOString().slice(0, 10) as Day

/** Calendar months, clamped to the month's end: 30 November + 3 months = 28 February. */
export function addMonths(from: Day, months: number): Day {
  const [year = 0, month = 1, date = 1] = from.split('-').map(Number)
  const wanted = Date.UTC(year, month - 1 + months, date)
  const monthEnd = Date.UTC(year, month + months, 0)
  return new Date(Math.min(wanted, monthEnd)).toISOString().slice(0, 10) as Day
}

/** Whole days from one date to another; negative when `to` is earlier. */
export const daysBetween = (from: Day, to: Day): number =>
  (Date.parse(to) - Date.parse(from)) / dayLength

/** The first instant after a day has ended in London: what is recorded before it was known that day. */
export const endOfDay = (on: Day): Date =>
  new Date(
    Temporal.PlainDate.from(on).add({ days: 1 }).toZonedDateTime('Europe/London').epochMilliseconds,
  )

/** The instant of a London wall-clock time such as `14:30` on a day; nothing where that time is skipped. */
export function instantOf(on: Day, time: string): Date | undefined {
  const local = Temporal.PlainDateTime.from(`${on}T${time}`)
  const zoned = local.toZonedDateTime('Europe/London')
  return zoned.toPlainDateTime().equals(local) ? new Date(zoned.epochMilliseconds) : undefined
}

export const earliest = (...days: readonly Day[]): Day =>
  days.reduce((least, next) => (next < least ? next : least))

export const latest = (...days: readonly Day[]): Day =>
  days.reduce((most, next) => (next > most ? next : most))
