import type { Day } from '../clock.js'
import type { Sentence } from '../language.js'
import { isFormula, type Sheet, type SheetRow } from '../tables/tables.js'
import {
  readAttendance,
  readDate,
  readDelivery,
  readEmail,
  readMinutes,
  readTime,
  type CellValue,
} from './cells.js'
import { registerFields, type Mapping, type RegisterField } from './columns.js'
import type { Mark } from './mark.js'
import type { LiveDelivery } from './training-session.js'

/** Something wrong in one cell, and what may be meant where that can be guessed. */
export interface CellFault {
  field: RegisterField
  say: Sentence
  suggestion?: string
}

/** How a sheet is to be read: its headings, which of them says what, and the session chosen for all rows. */
export interface Reading {
  kind: Sheet['kind']
  headings: readonly string[]
  mapping: Mapping
  countsFrom?: 1900 | 1904
  session?: string
}

/** Cells that were mended on the page, by what they say. */
export type Fixes = Readonly<Partial<Record<RegisterField, string>>>

/** What a row says, as far as it can be understood by itself. */
export interface RowFacts {
  line: number
  session?: string
  course?: string
  on?: Day
  from?: string
  to?: string
  venue?: string
  trainer?: string
  delivery?: LiveDelivery
  person?: string
  name?: string
  email?: string
  mark?: Mark
  faults: readonly CellFault[]
  remarks: readonly Sentence[]
}

const errorValue = /^#(N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NUM!|NULL!)$/

/** The text of each mapped cell, mended where somebody has mended it; what is empty is left out. */
function cellsOf(row: SheetRow, reading: Reading, fixes: Fixes): Map<RegisterField, string> {
  const texts = new Map<RegisterField, string>()
  for (const field of registerFields) {
    const column = reading.mapping[field]
    const text = fixes[field] ?? (column === undefined ? '' : (row.cells[column] ?? ''))
    if (text.trim() !== '') texts.set(field, text.trim())
  }
  return texts
}

/** Reads one row of a register. Nothing is looked up: the row is taken by itself. */
export function readRow(row: SheetRow, reading: Reading, fixes: Fixes = {}): RowFacts {
  const faults: CellFault[] = []
  const remarks: Sentence[] = []
  const texts = cellsOf(row, reading, fixes)
  const spoilt = new Set<RegisterField>()
  const missing = (field: RegisterField) =>
    faults.push({ field, say: { key: 'register.cell.missing' } })

  function take<Value>(field: RegisterField, read: (text: string) => CellValue<Value>) {
    const text = texts.get(field)
    if (text === undefined || spoilt.has(field)) return undefined
    const result = read(text)
    if ('value' in result) return result.value
    faults.push({ field, ...result })
    return undefined
  }

  for (const [field, text] of texts) {
    const column = reading.mapping[field]
    if (errorValue.test(text) || (reading.kind === 'csv' && isFormula(text))) {
      const key = errorValue.test(text) ? 'register.cell.error' : 'register.cell.formula'
      faults.push({ field, say: { key, with: { value: text.slice(0, 60) } } })
      spoilt.add(field)
    } else if (
      column !== undefined &&
      fixes[field] === undefined &&
      row.formulas?.includes(column)
    ) {
      const heading = reading.headings[column] ?? ''
      remarks.push({ key: 'register.row.formula', with: { heading, value: text.slice(0, 60) } })
    }
  }
  const extra = row.cells.slice(reading.headings.length).some(Boolean)
  if (reading.kind === 'csv' && (extra || row.cells.length < reading.headings.length)) {
    const counts = { cells: row.cells.length, columns: reading.headings.length }
    faults.push({ field: 'attendance', say: { key: 'register.row.cell-count', with: counts } })
  }

  const on = take('date', (text) => readDate(text, reading.countsFrom))
  const from = take('start', readTime)
  const to = take('end', readTime)
  const delivery = take('delivery', readDelivery)
  const email = take('email', readEmail)
  const attendance = take('attendance', readAttendance)
  const minutes = take('minutes', readMinutes)
  const session = texts.get('session') ?? reading.session
  const firstAndLast = [texts.get('first-name'), texts.get('last-name')].filter(Boolean).join(' ')
  const name = texts.get('name') ?? firstAndLast

  for (const field of ['course', 'date', 'start'] as const) {
    if (session === undefined && !texts.has(field)) missing(field)
  }
  if (!texts.has('attendance')) missing('attendance')
  if (name === '' && !texts.has('email') && !texts.has('person')) missing('name')
  if (attendance === 'part' && minutes === undefined && !texts.has('minutes')) {
    faults.push({ field: 'minutes', say: { key: 'register.cell.part-needs-minutes' } })
  }
  if ((attendance === 'absent' || attendance === 'apologies') && (minutes ?? 0) > 0) {
    const say = { key: 'register.cell.absent-with-minutes', with: { minutes: minutes ?? 0 } }
    faults.push({ field: 'minutes', say })
  }
  const optional = {
    session,
    course: texts.get('course'),
    on,
    from,
    to,
    venue: texts.get('venue'),
    trainer: texts.get('trainer'),
    delivery,
    person: texts.get('person'),
    name: name === '' ? undefined : name,
    email,
    mark: attendance && markOf(attendance, minutes),
  }
  const facts = Object.fromEntries(
    Object.entries(optional).filter(([, value]) => value !== undefined),
  ) as Omit<RowFacts, 'line' | 'faults' | 'remarks'>
  return { line: row.line, ...facts, faults, remarks }
}

/** Minutes are kept of those who were there; nought of somebody who was not says nothing. */
const markOf = (attendance: Mark['attendance'], minutes: number | undefined): Mark => {
  const came = attendance === 'attended' || attendance === 'part'
  return { attendance, ...(came && minutes !== undefined ? { minutes } : {}) }
}
