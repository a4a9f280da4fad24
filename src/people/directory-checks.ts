import { omit } from 'es-toolkit'
import type { Day } from '../clock.js'
import type { Fault } from '../errors.js'
import type { Params } from '../language.js'
import type { Work } from '../turns.js'
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

/** Rows by what they say in one column; those that say nothing stand together. */
function* grouped(rows: readonly DirectoryRow[], column: Field): Work<Map<string, DirectoryRow[]>> {
  const groups = new Map<string, DirectoryRow[]>()
  for (const row of rows) {
    yield
    const value = row.fields[column] ?? ''
    const group = groups.get(value)
    if (group) group.push(row)
    else groups.set(value, [row])
  }
  return groups
}

const valueOf = (fields: Fields, name: Field): string | undefined => fields[name] ?? undefined

function* checkDuplicates(rows: Rows, quarantine: Quarantine): Work<void> {
  for (const file of directoryFiles) {
    const lines = new Map<string, number>()
    for (const row of rows[file]) {
      yield
      if (row.key === undefined) continue
      const line = lines.get(row.key)
      if (line === undefined) lines.set(row.key, row.line)
      else quarantine(file, row, 'key', 'directory.twice', { line })
    }
  }
}

function* checkReferences(rows: Rows, stored: Stored, quarantine: Quarantine): Work<void> {
  function* keysOf(file: 'people' | 'offices'): Work<ReadonlySet<string | undefined>> {
    const keys = new Set<string | undefined>()
    for (const some of [rows[file], stored[file]]) {
      for (const row of some) {
        yield
        keys.add(row.key)
      }
    }
    return keys
  }
  const people = { keys: yield* keysOf('people'), fault: 'directory.unknown-person' }
  const offices = { keys: yield* keysOf('offices'), fault: 'directory.unknown-office' }
  const columns = { person: people, employer: people, office: offices, parent: offices }
  for (const file of directoryFiles) {
    for (const row of rows[file]) {
      yield
      for (const column of ['person', 'employer', 'office', 'parent'] as const) {
        const value = row.fields[column]
        const { keys, fault } = columns[column]
        if (value && !keys.has(value)) quarantine(file, row, column, fault, { value })
      }
    }
  }
}

function* checkDates(rows: Rows, quarantine: Quarantine): Work<void> {
  for (const file of ['terms', 'absences', 'managers'] as const) {
    for (const row of rows[file]) {
      yield
      const { from, to } = row.fields
      if (from && to && to < from)
        quarantine(file, row, 'to', 'directory.ends-before', { from, to })
    }
  }
}

function* checkParties(rows: Rows, quarantine: Quarantine): Work<void> {
  for (const row of rows.terms) {
    yield
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

function* checkContradictions(rows: Rows, quarantine: Quarantine): Work<void> {
  const byPerson = yield* grouped(rows.terms, 'person')
  for (const own of byPerson.values()) {
    yield
    const whole = own.filter((row) => row.fields.from && row.fields.person)
    for (const [at, row] of whole.entries()) {
      const rival = whole.slice(0, at).find((earlier) => contradict(earlier.fields, row.fields))
      if (rival) quarantine('terms', row, 'from', 'directory.contradicts', { line: rival.line })
    }
  }
}

function* checkParents(rows: Rows, stored: Stored, quarantine: Quarantine): Work<void> {
  const parents = new Map(stored.offices.map((row) => [row.key, valueOf(row.fields, 'parent')]))
  for (const row of rows.offices) {
    yield
    if (row.key !== undefined && !row.faulty.has('parent')) {
      parents.set(row.key, valueOf(row.fields, 'parent'))
    }
  }
  for (const row of rows.offices) {
    yield
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

function* checkManagers(rows: Rows, stored: Stored, quarantine: Quarantine): Work<void> {
  const employers = new Map(
    [...stored.offices, ...rows.offices].map((row) => [row.key, valueOf(row.fields, 'employer')]),
  )
  const above = new Set([...stored.offices, ...rows.offices].map((row) => row.fields.parent))
  const staffOf = yield* grouped(rows.terms, 'office')
  for (const row of rows.managers) {
    yield
    const { office, person } = row.fields
    if (!office || !person || employers.get(office) || above.has(office)) continue
    const staff = staffOf.get(office) ?? []
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
export function* checkDirectory(rows: Rows, stored: Stored): Work<{ rows: Rows; faults: Fault[] }> {
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
  yield* checkDuplicates(rows, quarantine)
  yield* checkReferences(rows, stored, quarantine)
  yield* checkDates(rows, quarantine)
  yield* checkParties(rows, quarantine)
  yield* checkContradictions(rows, quarantine)
  yield* checkParents(rows, stored, quarantine)
  yield* checkManagers(rows, stored, quarantine)
  const mend = (row: DirectoryRow): DirectoryRow => {
    const columns = wrong.get(row)
    if (!columns) return row
    const fields = omit(row.fields, [...columns])
    return { ...row, fields, faulty: new Set([...row.faulty, ...columns]) }
  }
  const mended = {} as Record<DirectoryFile, DirectoryRow[]>
  for (const file of directoryFiles) {
    mended[file] = []
    for (const row of rows[file]) {
      yield
      // The second of two equal rows is dropped; the first stands.
      if (!repeated.has(row)) mended[file].push(mend(row))
    }
  }
  return { rows: mended, faults }
}
