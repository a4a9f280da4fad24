import type { Fault } from '../errors.js'

/** A row as the sheet has it: its line or row number there, counted from 1, and its cells as text. */
export interface SheetRow {
  line: number
  /** Dates as `YYYY-MM-DD`, times as `HH:MM`, both as `YYYY-MM-DD HH:MM`, numbers as digits. */
  cells: readonly string[]
  /** Which cells a formula works out, by their place; what was read is the value it last had. */
  formulas?: readonly number[]
}

/** A table of somebody's spreadsheet, header and titles among its rows, as nothing has yet read it. */
export interface Sheet {
  kind: 'csv' | 'xlsx'
  rows: readonly SheetRow[]
  /** What the reader should know of how it was read: encoding, merged cells, sheets left out. */
  notes: readonly Fault[]
  /** Why it could not be read. Then there are no rows: half a table is none. */
  faults: readonly Fault[]
  /** The day from which a workbook counts its dates, where a bare number may be one. */
  countsFrom?: 1900 | 1904
}

/** What a sheet may be at most, so that no file can take the machine. */
export interface SheetLimits {
  rows: number
  columns: number
  /** Characters of a cell; what is longer is cut. */
  cell: number
  /** Bytes that a workbook may unpack to. */
  unpacked: number
  /** Time to read it, in milliseconds. */
  time: number
  /** Memory for reading it, in megabytes. */
  memory: number
}

export const usualLimits: SheetLimits = {
  rows: 20_000,
  columns: 200,
  cell: 1000,
  unpacked: 64 * 1024 * 1024,
  time: 20_000,
  memory: 256,
}

export const unreadable = (kind: Sheet['kind'], fault: Fault): Sheet => ({
  kind,
  rows: [],
  notes: [],
  faults: [fault],
})
