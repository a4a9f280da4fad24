import { parseDay } from '../clock.js'
import type { Fault } from '../errors.js'
import { languages } from '../language.js'
import type { Row, Table } from '../tables/tables.js'
import type { Work } from '../turns.js'
import { absenceKinds, houses, termKinds } from './person.js'

/** The five files of a directory, each by the name of what its rows are (interface, *Files*). */
export const directoryFiles = ['people', 'offices', 'terms', 'absences', 'managers'] as const
export type DirectoryFile = (typeof directoryFiles)[number]

/** What a row says, column by column; null where its cell is empty, absent where its file lacks the column. */
export type Field =
  | 'name'
  | 'email'
  | 'language'
  | 'preferredName'
  | 'person'
  | 'kind'
  | 'house'
  | 'party'
  | 'office'
  | 'title'
  | 'from'
  | 'to'
  | 'parent'
  | 'employer'
export type Fields = Readonly<Partial<Record<Field, string | null>>>

/**
 * A row that has been read. `fields` holds what is right in it; `faulty` names the columns that are
 * not, whose stored values stay as they are. `key` finds the row again at the next import; it is
 * absent when the columns that make it are themselves wrong.
 */
export interface DirectoryRow {
  line: number
  key?: string
  fields: Fields
  faulty: ReadonlySet<Field | 'id'>
}

type Reader = (cell: string) => string | undefined
interface Column {
  name: string
  field?: Field
  read: Reader
  /** Without it a new row cannot be recorded. */
  needed?: boolean
  /** May be left out of the file altogether. */
  optional?: boolean
  fault: string
}

const emailShape = /^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@,;<>".]{2,}$/
const idShape = /^[\p{L}\p{N}][\p{L}\p{N}._:-]{0,63}$/u

const id: Reader = (cell) => (idShape.test(cell) ? cell : undefined)
// A cell that a spreadsheet would run (=1+1, @SUM) is no name of anybody or anything.
const name: Reader = (cell) =>
  cell.length <= 200 && !/[<>\p{Cc}]|^[=+@-]/u.test(cell) ? cell : undefined
const email: Reader = (cell) =>
  cell.length <= 254 && emailShape.test(cell) ? cell.toLowerCase() : undefined
const date: Reader = parseDay
const word: Reader = (cell) => /^[\p{L}\p{N} -]{1,40}$/u.exec(cell.toLowerCase())?.[0]
const oneOf =
  (values: readonly string[]): Reader =>
  (cell) =>
    values.find((value) => value === cell.toLowerCase())

const from: Column = { name: 'from', read: date, needed: true, fault: 'directory.date' }
const to: Column = { name: 'to', read: date, fault: 'directory.date' }
const personColumn: Column = { name: 'person', read: id, needed: true, fault: 'directory.id' }
const rowId: Column = { name: 'id', read: id, optional: true, fault: 'directory.id' }
const house: Column = { name: 'house', read: oneOf(houses), needed: true, fault: 'directory.house' }
const kindOf = (values: readonly string[], fault: string): Column => ({
  name: 'kind',
  read: oneOf(values),
  needed: true,
  fault,
})

const columns: Record<DirectoryFile, readonly Column[]> = {
  people: [
    { name: 'id', read: id, needed: true, fault: 'directory.id' },
    { name: 'name', read: name, needed: true, fault: 'directory.name' },
    { name: 'email', read: email, fault: 'directory.email' },
    { name: 'language', read: oneOf(languages), fault: 'directory.language' },
    {
      name: 'preferred_name',
      field: 'preferredName',
      read: name,
      optional: true,
      fault: 'directory.name',
    },
  ],
  offices: [
    { name: 'id', read: id, needed: true, fault: 'directory.id' },
    { name: 'name', read: name, needed: true, fault: 'directory.name' },
    house,
    { name: 'kind', read: word, needed: true, fault: 'directory.office-kind' },
    { name: 'parent', read: id, fault: 'directory.id' },
    { name: 'employer', read: id, fault: 'directory.id' },
  ],
  terms: [
    personColumn,
    kindOf(termKinds, 'directory.term-kind'),
    house,
    { name: 'party', read: name, fault: 'directory.name' },
    { name: 'office', read: id, fault: 'directory.id' },
    { name: 'title', read: name, fault: 'directory.name' },
    from,
    to,
    rowId,
  ],
  absences: [personColumn, kindOf(absenceKinds, 'directory.absence-kind'), from, to, rowId],
  managers: [
    { name: 'office', read: id, needed: true, fault: 'directory.id' },
    personColumn,
    from,
    to,
    rowId,
  ],
}

/** Which rows are the same row: the institution's id where the file has one, else who, what, where and since when. */
function keyOf(
  file: DirectoryFile,
  given: string | null | undefined,
  fields: Fields,
): string | undefined {
  const { person, kind, office, from: since } = fields
  if (given) return given
  if (file === 'people' || file === 'offices' || !person || !since) return undefined
  return [person, kind ?? '', office ?? '', since].join('/')
}

function readRow(file: DirectoryFile, row: Row, faults: Fault[]): DirectoryRow {
  const values: Partial<Record<Field | 'id', string | null>> = {}
  const faulty = new Set<Field | 'id'>()
  for (const { name: column, field = column as Field, read, needed, fault } of columns[file]) {
    const cell = row.cells[column]
    if (cell === undefined) continue
    const value = cell === '' ? undefined : read(cell)
    if (value !== undefined) values[field] = value
    else if (cell === '' && !needed) values[field] = null
    else {
      faulty.add(field)
      const wrong = { key: fault, with: { value: cell.slice(0, 80) } }
      const say = cell === '' ? { key: 'directory.missing' } : wrong
      faults.push({ file: `${file}.csv`, line: row.line, column, say })
    }
  }
  const { id, ...fields } = values
  const key = keyOf(file, id, fields)
  return { line: row.line, fields, faulty, ...(key === undefined ? {} : { key }) }
}

/** The rows of one directory file with what is wrong in them, by line and column. */
export function* readRows(
  file: DirectoryFile,
  table: Table,
): Work<{ rows: DirectoryRow[]; faults: Fault[]; usable: boolean }> {
  const faults = [...table.faults]
  const known = columns[file]
  const missing = known.filter((c) => !c.optional && !table.columns.includes(c.name))
  const readable = table.columns.length > 0
  for (const column of readable ? missing : []) {
    const say = { key: 'directory.column-missing' }
    faults.push({ file: `${file}.csv`, line: 1, column: column.name, say })
  }
  for (const name of table.columns) {
    if (known.some((column) => column.name === name)) continue
    const say = { key: 'directory.column-unknown' }
    faults.push({ file: `${file}.csv`, line: 1, column: name, say })
  }
  // A file without its columns says nothing about any row: it may neither add nor end one.
  const usable = readable && missing.length === 0
  const rows: DirectoryRow[] = []
  for (const row of usable ? table.rows : []) {
    rows.push(readRow(file, row, faults))
    yield
  }
  return { rows, faults, usable }
}
