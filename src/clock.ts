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

/** The calendar date in London at an instant. */
export const dayOf = (instant: Date): Day => londonDate.format(instant) as Day

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

/**
 * Remembers what was worked out last: a register's ten thousand rows speak of a few days and times, and
 * each question to the calendar of London takes as long as reading a row.
 */
function remembering<Value>(work: (key: string) => Value, most = 1000): (key: string) => Value {
  const known = new Map<string, { value: Value }>()
  return (key) => {
    const held = known.get(key)
    if (held) return held.value
    const value = work(key)
    if (known.size >= most) known.clear()
    known.set(key, { value })
    return value
  }
}

const endOf = remembering(
  (on) =>
    Temporal.PlainDate.from(on).add({ days: 1 }).toZonedDateTime('Europe/London').epochMilliseconds,
)

/** The first instant after a day has ended in London: what is recorded before it was known that day. */
export const endOfDay = (on: Day): Date => new Date(endOf(on))

const millisecondsOf = remembering((written) => {
  const local = Temporal.PlainDateTime.from(written)
  const zoned = local.toZonedDateTime('Europe/London')
  return zoned.toPlainDateTime().equals(local) ? zoned.epochMilliseconds : undefined
})

/** The instant of a London wall-clock time such as `14:30` on a day; nothing where that time is skipped. */
export function instantOf(on: Day, time: string): Date | undefined {
  const milliseconds = millisecondsOf(`${on}T${time}`)
  return milliseconds === undefined ? undefined : new Date(milliseconds)
}

export const earliest = (...days: readonly Day[]): Day =>
  days.reduce((least, next) => (next < least ? next : least))

export const latest = (...days: readonly Day[]): Day =>
  days.reduce((most, next) => (next > most ? next : most))
