import { createHash } from 'node:crypto'
import type { Fault } from '../errors.js'
import type { Sentence } from '../language.js'
import type { Sheet, SheetRow } from '../tables/tables.js'
import {
  fieldOf,
  findHeadings,
  isNoteColumn,
  mappingOf,
  missingFrom,
  type Mapping,
  type RegisterField,
} from './columns.js'
import type { Reading } from './row.js'

/** A sheet as it may be kept: how it is read, its rows, and what was left out of them. */
export interface Received {
  reading: Reading
  rows: readonly SheetRow[]
  /** Headings of columns whose cells were left out before anything was stored. */
  dropped: readonly string[]
  /** Whether something stood in those columns: then the file itself is not kept either. */
  droppedContent: boolean
  faults: readonly Fault[]
}

export const sha256Of = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex')

const missing = (field: RegisterField): Fault => ({
  column: field,
  say: { key: `register.column.missing.${field}` },
})

/** What is wrong with a mapping as a whole. */
export const mappingFaults = (mapping: Mapping, session: string | undefined): Fault[] =>
  missingFrom(mapping, session !== undefined).map(missing)

/**
 * Takes from a sheet what a register is made of. A column for notes is left out at once and for good:
 * it invites disclosures. Other columns that say nothing of a register are left out as soon as every
 * needed one has been found; until then they stay, because one of them may be the missing one.
 */
export function receive(sheet: Sheet, session: string | undefined): Received {
  const at = findHeadings(sheet.rows) ?? 0
  const headings = (sheet.rows[at]?.cells ?? []).map((heading) => heading.slice(0, 80))
  const mapping = mappingOf(headings)
  const faults = mappingFaults(mapping, session)
  const keeps = headings.map((heading) => {
    if (isNoteColumn(heading)) return false
    return faults.length > 0 || fieldOf(heading) !== undefined
  })
  return {
    ...leaveOut(sheet.rows.slice(at + 1), headings, keeps),
    reading: {
      kind: sheet.kind,
      headings,
      mapping,
      ...(sheet.countsFrom === undefined ? {} : { countsFrom: sheet.countsFrom }),
      ...(session === undefined ? {} : { session }),
    },
    faults,
  }
}

/** Empties the cells of columns that are not kept; rows and columns stay where they are. */
export function leaveOut<Row extends SheetRow>(
  rows: readonly Row[],
  headings: readonly string[],
  keeps: readonly boolean[],
): { rows: Row[]; dropped: string[]; droppedContent: boolean } {
  let droppedContent = false
  const left = rows.map((row) => {
    const cells = row.cells.map((cell, column) => {
      // A cell beyond the headings belongs to no column, and shows that the row is out of step.
      if (keeps[column] ?? false) return cell
      droppedContent ||= cell !== ''
      return column < headings.length || cell === '' ? '' : '…'
    })
    return { ...row, cells }
  })
  const dropped = headings.filter((heading, column) => !keeps[column] && heading !== '')
  return { rows: left, dropped, droppedContent }
}

/** The file was seen before: who uploaded it is told that nothing will happen twice. */
export const seenBefore = (on: string): Fault => ({
  say: { key: 'register.seen-before', with: { on } } satisfies Sentence,
})
