import { omit } from 'es-toolkit'
import { fieldOf, registerFields, type Mapping, type RegisterField } from './columns.js'
import { leaveOut, mappingFaults } from './receiving.js'
import type { Fixes } from './row.js'
import type { KeptRow, Upload } from './uploads-store.js'

/** What somebody changes in a rehearsal: how columns are read, cells that were wrong, whom a row means. */
export interface Adjustment {
  mapping?: Mapping
  /** The training session of all rows that name none. */
  session?: string
  fixes?: readonly { line: number; cells: Fixes }[]
  /** Who a row is about, by id of the directory; nothing takes the choice back. */
  choices?: readonly { line: number; person?: string }[]
}

/** A rehearsal with somebody's changes in it, before it is judged again. */
export function adjust(
  upload: Upload,
  rows: readonly KeptRow[],
  { mapping, session, fixes = [], choices = [] }: Adjustment,
): { upload: Upload; rows: KeptRow[] } {
  const { headings } = upload.reading
  const wanted: Mapping = mapping
    ? Object.fromEntries(
        registerFields.flatMap((field: RegisterField) => {
          const column = mapping[field]
          const usable = column !== undefined && headings[column] !== undefined
          return usable && !upload.dropped.includes(headings[column] ?? '') ? [[field, column]] : []
        }),
      )
    : upload.reading.mapping
  const chosen = session ?? upload.reading.session
  const faults = mappingFaults(wanted, chosen)
  const keeps = headings.map(
    (heading, column) =>
      !upload.dropped.includes(heading) &&
      (faults.length > 0 ||
        fieldOf(heading) !== undefined ||
        Object.values(wanted).includes(column)),
  )
  const left = leaveOut(rows, headings, keeps)
  const fixOf = new Map(fixes.map(({ line, cells }) => [line, cells]))
  const choiceOf = new Map(choices.map((choice) => [choice.line, choice]))
  const changed = left.rows.map((row): KeptRow => {
    const fix = fixOf.get(row.line)
    const choice = choiceOf.get(row.line)
    const bare = omit(row, ['choice'])
    const person = choice ? choice.person : row.choice
    return {
      ...bare,
      ...(fix ? { fixes: { ...row.fixes, ...fix } } : {}),
      ...(person === undefined ? {} : { choice: person }),
    }
  })
  const reading = {
    ...upload.reading,
    mapping: wanted,
    ...(chosen === undefined ? {} : { session: chosen }),
  }
  return { upload: { ...upload, reading, faults, dropped: left.dropped }, rows: changed }
}
