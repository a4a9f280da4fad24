import type { Day } from '../clock.js'
import type { Fault } from '../errors.js'
import type { Work } from '../turns.js'
import {
  directoryFiles,
  type DirectoryFile,
  type DirectoryRow,
  type Field,
  type Fields,
} from './directory-rows.js'

/** A stored row of the directory, as the plan needs it. */
export interface StoredRow {
  id: string
  key: string
  /** Rows of another source are seen, and never ended or changed. */
  own: boolean
  fields: Fields
  retracted: boolean
  recordedAt: Date
}

export type ChangeKind = 'added' | 'changed' | 'ended' | 'retracted'

/** One thing that an import would do. `line` is absent where a row is gone from the file. */
export interface PlannedChange {
  kind: ChangeKind
  file: DirectoryFile
  key: string
  line?: number
  /** The stored row that gets a new version; absent for an addition. */
  stored?: StoredRow
  /** All fields after the change. */
  fields: Fields
}

export interface DirectoryPlan {
  changes: readonly PlannedChange[]
  faults: readonly Fault[]
  /** Rows that could not be taken in at all, because a column that they need is wrong. */
  waiting: number
  unchanged: number
  /** Terms that this import would end, as a share (0 to 1) of all terms running on its date. */
  endingShare: number
}

export type DirectoryContent<Row> = Readonly<Record<DirectoryFile, readonly Row[]>>

const dated = new Set<DirectoryFile>(['terms', 'absences', 'managers'])
const dateFields: readonly Field[] = ['from', 'to']

const same = (one: Fields, other: Fields): boolean =>
  (Object.keys(one) as Field[]).every((name) => (one[name] ?? null) === (other[name] ?? null))

/** What one row of the file does to what is stored under its key. */
function planRow(
  file: DirectoryFile,
  row: DirectoryRow,
  stored?: StoredRow,
): PlannedChange | 'waits' | 'same' {
  const key = row.key ?? ''
  if (!stored) {
    const usable = ![...row.faulty].some((name) => essential[file].includes(name))
    return usable ? { kind: 'added', file, key, line: row.line, fields: row.fields } : 'waits'
  }
  const fields = { ...stored.fields, ...row.fields }
  if (same(fields, stored.fields) && !stored.retracted) return 'same'
  return { kind: 'changed', file, key, line: row.line, stored, fields }
}

// A new row is recorded without a column that is wrong, unless that column says who, what or when.
const essential: Record<DirectoryFile, readonly (Field | 'id')[]> = {
  people: ['name'],
  offices: ['name', 'house', 'kind'],
  terms: ['person', 'kind', 'house', 'office', ...dateFields],
  absences: ['person', 'kind', ...dateFields],
  managers: ['office', 'person', ...dateFields],
}

/** What becomes of a stored row that the file no longer has: ended on the import's date, or taken back. */
function planGone(file: DirectoryFile, stored: StoredRow, on: Day): PlannedChange | undefined {
  const { from, to } = stored.fields
  if (stored.retracted || (to && to <= on)) return undefined
  const base = { file, key: stored.key, stored }
  return from && from > on
    ? { ...base, kind: 'retracted', fields: stored.fields }
    : { ...base, kind: 'ended', fields: { ...stored.fields, to: on } }
}

// A row whose key cannot be read may be any of that person's rows, so none of theirs is ended.
function sheltered(rows: readonly DirectoryRow[]): (stored: StoredRow) => boolean {
  const unread = rows.filter((row) => row.key === undefined)
  const people = new Set(unread.map((row) => row.fields.person))
  return (stored) => people.has(undefined) || people.has(stored.fields.person)
}

/**
 * Works out what a directory would change: replace-by-key within one source (interface, *Files*).
 * `usable` names the files whose rows could be read; a file that could not be read ends nothing.
 */
export function* planDirectory(
  given: DirectoryContent<DirectoryRow>,
  stored: DirectoryContent<StoredRow>,
  usable: ReadonlySet<DirectoryFile>,
  on: Day,
): Work<Omit<DirectoryPlan, 'faults'>> {
  const changes: PlannedChange[] = []
  let waiting = 0
  let unchanged = 0
  for (const file of directoryFiles) {
    if (!usable.has(file)) continue
    const byKey = new Map<string, StoredRow>()
    for (const row of stored[file]) {
      yield
      byKey.set(row.key, row)
    }
    const seen = new Set<string>()
    for (const row of given[file]) {
      yield
      if (row.key !== undefined) seen.add(row.key)
      const planned = row.key === undefined ? 'waits' : planRow(file, row, byKey.get(row.key))
      if (planned === 'waits') waiting++
      else if (planned === 'same') unchanged++
      else changes.push(planned)
    }
    if (!dated.has(file)) continue
    const shelters = sheltered(given[file])
    for (const row of stored[file]) {
      yield
      if (!row.own || seen.has(row.key) || shelters(row)) continue
      const gone = planGone(file, row, on)
      if (gone) changes.push(gone)
    }
  }
  return { changes, waiting, unchanged, endingShare: shareEnded(changes, stored.terms, on) }
}

function shareEnded(
  changes: readonly PlannedChange[],
  terms: readonly StoredRow[],
  on: Day,
): number {
  const running = terms.filter(
    ({ fields, retracted }) => !retracted && (!fields.to || fields.to >= on),
  ).length
  const ending = changes.filter(
    ({ file, kind }) => file === 'terms' && (kind === 'ended' || kind === 'retracted'),
  )
  return running === 0 ? 0 : ending.length / running
}
