import { groupBy, omit } from 'es-toolkit'
import type { Day } from '../clock.js'
import type { Fault } from '../errors.js'
import type { Params } from '../language.js'
import type { DirectoryContent, StoredRow } from './directory-plan.js'
import {
  directoryFiles,
  type DirectoryFile,
  type DirectoryRow,
  type Field,
  type Fields,
} from './directory-rows.js'
import { overlap } from './person.js'

/** Says that a column of a row is wrong: its value is left out and the stored one, if any, stays. */
type Quarantine = (
  file: DirectoryFile,
  row: DirectoryRow,
  column: Field | 'key',
  key: string,
  params?: Params,
) => void

type Rows = DirectoryContent<DirectoryRow>
type Stored = DirectoryContent<StoredRow>

const valueOf = (fields: Fields, name: Field): string | undefined => fields[name] ?? undefined

function checkDuplicates(rows: Rows, quarantine: Quarantine): void {
  for (const file of directoryFiles) {
    const lines = new Map<string, number>()
    for (const row of rows[file]) {
      if (row.key === undefined) continue
      const line = lines.get(row.key)
      if (line === undefined) lines.set(row.key, row.line)
      else quarantine(file, row, 'key', 'directory.twice', { line })
    }
  }
}

function checkReferences(rows: Rows, stored: Stored, quarantine: Quarantine): void {
  const keysOf = (file: 'people' | 'offices') =>
    new Set([...rows[file], ...stored[file]].map((row) => row.key))
  const people = { keys: keysOf('people'), fault: 'directory.unknown-person' }
  const offices = { keys: keysOf('offices'), fault: 'directory.unknown-office' }
  const columns = { person: people, employer: people, office: offices, parent: offices }
  for (const file of directoryFiles) {
    for (const row of rows[file]) {
      for (const column of ['person', 'employer', 'office', 'parent'] as const) {
        const value = row.fields[column]
        const { keys, fault } = columns[column]
        if (value && !keys.has(value)) quarantine(file, row, column, fault, { value })
      }
    }
  }
}

function checkDates(rows: Rows, quarantine: Quarantine): void {
  for (const file of ['terms', 'absences', 'managers'] as const) {
    for (const row of rows[file]) {
      const { from, to } = row.fields
      if (from && to && to < from)
        quarantine(file, row, 'to', 'directory.ends-before', { from, to })
    }
  }
}

function checkParties(rows: Rows, quarantine: Quarantine): void {
  for (const row of rows.terms) {
    if (row.fields.kind === 'staff' && row.fields.party) {
      quarantine('terms', row, 'party', 'directory.party-of-staff')
    }
  }
}

/** Nobody sits twice, or in both Houses, on one day; nobody holds the same post twice. */
function contradict(one: Fields, other: Fields): boolean {
  const stretch = ({ from, to }: Fields) => ({
    from: from as Day,
    ...(to ? { to: to as Day } : {}),
  })
  const sits = (fields: Fields) => fields.kind === 'mp' || fields.kind === 'peer'
  const samePost =
    one.kind === 'staff' &&
    other.kind === 'staff' &&
    one.office === other.office &&
    one.title === other.title
  return ((sits(one) && sits(other)) || samePost) && overlap(stretch(one), stretch(other))
}

function checkContradictions(rows: Rows, quarantine: Quarantine): void {
  const byPerson = groupBy([...rows.terms], (row) => row.fields.person ?? '')
  for (const own of Object.values(byPerson)) {
    const whole = own.filter((row) => row.fields.from && row.fields.person)
    for (const [at, row] of whole.entries()) {
      const rival = whole.slice(0, at).find((earlier) => contradict(earlier.fields, row.fields))
      if (rival) quarantine('terms', row, 'from', 'directory.contradicts', { line: rival.line })
    }
  }
}

function checkParents(rows: Rows, stored: Stored, quarantine: Quarantine): void {
  const parents = new Map(stored.offices.map((row) => [row.key, valueOf(row.fields, 'parent')]))
  for (const row of rows.offices) {
    if (row.key !== undefined && !row.faulty.has('parent')) {
      parents.set(row.key, valueOf(row.fields, 'parent'))
    }
  }
  for (const row of rows.offices) {
    if (row.key === undefined) continue
    const above = new Set<string>()
    let at = parents.get(row.key)
    while (at !== undefined && at !== row.key && !above.has(at)) {
      above.add(at)
      at = parents.get(at)
    }
    if (at === row.key) {
      quarantine('offices', row, 'parent', 'directory.own-parent')
      // The circle is cut here, so that its other offices keep their parents.
      parents.set(row.key, undefined)
    }
  }
}

function checkManagers(rows: Rows, stored: Stored, quarantine: Quarantine): void {
  const employers = new Map(
    [...stored.offices, ...rows.offices].map((row) => [row.key, valueOf(row.fields, 'employer')]),
  )
  const above = new Set([...stored.offices, ...rows.offices].map((row) => row.fields.parent))
  const staffOf = groupBy([...rows.terms], (row) => row.fields.office ?? '')
  for (const row of rows.managers) {
    const { office, person } = row.fields
    if (!office || !person || employers.get(office) || above.has(office)) continue
    const staff = staffOf[office] ?? []
    if (staff.length > 0 && staff.every((term) => term.fields.person === person)) {
      quarantine('managers', row, 'person', 'directory.own-manager')
    }
  }
}

/**
 * Holds the rows of a directory against each other and against what is stored: the same row twice,
 * unknown people and offices, dates that run backwards, terms that contradict each other, an office
 * that is its own parent, a manager of nobody but themselves, a party for staff. Answers the rows
 * without their wrong values, and the faults.
 */
export function checkDirectory(rows: Rows, stored: Stored): { rows: Rows; faults: Fault[] } {
  const faults: Fault[] = []
  const wrong = new Map<DirectoryRow, Set<Field>>()
  const repeated = new Set<DirectoryRow>()
  const quarantine: Quarantine = (file, row, column, key, params) => {
    if (column === 'key') repeated.add(row)
    else wrong.set(row, (wrong.get(row) ?? new Set()).add(column))
    faults.push({
      file: `${file}.csv`,
      line: row.line,
      ...(column === 'key' ? {} : { column }),
      say: params ? { key, with: params } : { key },
    })
  }
  checkDuplicates(rows, quarantine)
  checkReferences(rows, stored, quarantine)
  checkDates(rows, quarantine)
  checkParties(rows, quarantine)
  checkContradictions(rows, quarantine)
  checkParents(rows, stored, quarantine)
  checkManagers(rows, stored, quarantine)
  const mend = (row: DirectoryRow): DirectoryRow => {
    const columns = wrong.get(row)
    if (!columns) return row
    const fields = omit(row.fields, [...columns])
    return { ...row, fields, faulty: new Set([...row.faulty, ...columns]) }
  }
  const mended = directoryFiles.map((file) => {
    // The second of two equal rows is dropped; the first stands.
    const kept = rows[file].filter((row) => !repeated.has(row))
    return [file, kept.map(mend)] as const
  })
  return { rows: Object.fromEntries(mended) as unknown as Rows, faults }
}
