import { addDays, day, parseDay, type Day } from '../clock.js'
import type { Sentence } from '../language.js'
import type { Delivery } from '../courses/courses.js'
import { attendances, type Attendance } from './mark.js'
import { isClockTime } from './schedule.js'

/** What a cell says, or the sentence that says why it says nothing, perhaps with what may be meant. */
export type CellValue<Value> = { value: Value } | { say: Sentence; suggestion?: string }

const wrong = (
  key: string,
  cell: string,
  suggestion?: string,
): { say: Sentence; suggestion?: string } => ({
  say: {
    key: `register.cell.${key}`,
    with: { value: cell.slice(0, 60), ...(suggestion === undefined ? {} : { suggestion }) },
  },
  ...(suggestion === undefined ? {} : { suggestion }),
})

const plain = (cell: string): string =>
  cell
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}✓✔]+/gu, ' ')
    .trim()

const said: Record<Attendance, string> = {
  attended:
    'attended|attend|present|yes|y|1|true|✓|✔|full|complete|completed|here|mynychodd|mynychwyd|presennol|yn bresennol|do|ie|ydy',
  part: 'part|partial|partly|part attended|attended part|left early|late|arrived late|rhan|rhannol|yn rhannol',
  absent:
    'absent|no|n|0|false|no show|did not attend|dna|not attended|not present|missing|absennol|na|nac oedd|heb fynychu',
  apologies:
    'apologies|apology|sent apologies|apologies given|apologised|ymddiheuriadau|ymddiheurodd',
}
const attendanceBy = new Map(
  attendances.flatMap((attendance) =>
    said[attendance].split('|').map((word) => [plain(word), attendance] as const),
  ),
)

export function readAttendance(cell: string): CellValue<Attendance> {
  const value = attendanceBy.get(plain(cell))
  return value ? { value } : wrong('attendance', cell)
}

const slashed = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/
const short = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{2})$/
const serial = /^\d{5}(\.\d+)?$/
const instant = /^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}/

const joined = (year: string, month: string, date: string): Day | undefined =>
  parseDay(`${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`)

/** The day that a workbook's number stands for; its day 60, the 29 February 1900 that never was, is none. */
function dayOfSerial(number: number, countsFrom: 1900 | 1904): Day {
  const whole = Math.floor(number)
  return countsFrom === 1904
    ? addDays(day('1904-01-01'), whole)
    : addDays(day('1900-01-01'), whole - 2)
}

/**
 * Reads a date: ISO, or day, month, year. A year of two figures is asked about, for 15/10/20 is 2020
 * here and 2015 elsewhere; so is a bare number, unless the workbook says from when it counts.
 */
export function readDate(cell: string, countsFrom?: 1900 | 1904): CellValue<Day> {
  const iso = parseDay(cell) ?? parseDay(instant.exec(cell)?.[1] ?? '')
  if (iso) return { value: iso }
  const [, date = '', month = '', year = ''] = slashed.exec(cell) ?? []
  const written = joined(year, month, date)
  if (written) return { value: written }
  const [, shortDate = '', shortMonth = '', shortYear = ''] = short.exec(cell) ?? []
  const meant = shortYear && joined(`20${shortYear}`, shortMonth, shortDate)
  if (meant) return wrong('short-year', cell, meant)
  if (serial.test(cell)) {
    const counted = dayOfSerial(Number(cell), countsFrom ?? 1900)
    return countsFrom ? { value: counted } : wrong('date-number', cell, counted)
  }
  return wrong('date', cell)
}

const spoken = /^(\d{1,2})(?:[:.](\d{2}))?(?::\d{2})?\s*(am|pm|yb|yh)?$/i

/** Reads a time of day: 14:30, 14.30, 2:30 pm, or what a workbook keeps of one. */
export function readTime(cell: string): CellValue<string> {
  const [, hour, minute, half] = spoken.exec(cell.replace(instantDate, '')) ?? []
  if (hour !== undefined && (minute !== undefined || half !== undefined)) {
    const later = /pm|yh/i.test(half ?? '') ? 12 : 0
    const base = half === undefined ? Number(hour) : Number(hour) % 12
    const time = `${String(base + later).padStart(2, '0')}:${minute ?? '00'}`
    const possible = half === undefined || (Number(hour) >= 1 && Number(hour) <= 12)
    if (possible && isClockTime(time)) return { value: time }
  }
  const fraction = Number(cell)
  if (/^0?\.\d+$/.test(cell) && fraction < 1) {
    const total = Math.round(fraction * 24 * 60)
    const [hours, minutes] = [Math.floor(total / 60), total % 60]
    return { value: `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}` }
  }
  return wrong('time', cell)
}
const instantDate = /^\d{4}-\d{2}-\d{2}[T ]/

/** Reads a count of minutes: 90, 90 min, 1:30, 1h30. */
export function readMinutes(cell: string): CellValue<number> {
  const text = cell.toLowerCase().trim()
  const alone = /^(\d{1,4})\s*(m|mins?|minutes?|munud(au)?)?$/.exec(text)
  const hours =
    /^(\d{1,2})\s*(?:h|hrs?|hours?|awr|:)\s*(?:(\d{1,2})\s*(?:m|mins?|minutes?)?)?$/.exec(text)
  const value = alone
    ? Number(alone[1])
    : hours
      ? Number(hours[1]) * 60 + Number(hours[2] ?? 0)
      : undefined
  return value !== undefined && value <= 24 * 60 ? { value } : wrong('minutes', cell)
}

const ways: Record<Exclude<Delivery, 'online'>, string> = {
  remote: 'remote|remotely|virtual|video|teams|zoom|webinar|live online|o bell|rhithwir',
  'face-to-face': 'face to face|f2f|in person|classroom|room|on site|wyneb yn wyneb',
}
const deliveryBy = new Map<string, keyof typeof ways>(
  (['remote', 'face-to-face'] as const).flatMap((way) =>
    ways[way].split('|').map((word) => [plain(word), way] as const),
  ),
)

/** Reads how a training session was given. *Online* is refused: that is a course without a session. */
export function readDelivery(cell: string): CellValue<keyof typeof ways> {
  const value = deliveryBy.get(plain(cell))
  return value ? { value } : wrong(plain(cell) === 'online' ? 'online' : 'delivery', cell)
}

export function readEmail(cell: string): CellValue<string> {
  const value = cell.toLowerCase().replace(/^mailto:/, '')
  return /^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@,;<>".]{2,}$/.test(value)
    ? { value }
    : wrong('email', cell)
}
