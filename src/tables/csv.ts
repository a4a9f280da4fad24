import type { Fault } from '../errors.js'
import { decodeText } from './encoding.js'
import { BrokenQuotes, readRecords } from './records.js'

/** One row of a table: the line it begins on (the header is line 1) and its cells by column name. */
export interface Row {
  line: number
  cells: Readonly<Record<string, string>>
}

/** A table as read: its columns in their order, its rows, and what could not be read. */
export interface Table {
  columns: readonly string[]
  rows: readonly Row[]
  faults: readonly Fault[]
}

const nothing = (fault: Fault): Table => ({ columns: [], rows: [], faults: [fault] })

/**
 * Reads a CSV file with a header row: UTF-8, any line ending, quoted cells with commas and line
 * breaks. Cells are trimmed; empty rows are passed over; a row with too many or too few cells, an
 * open quote, or a header that names a column twice is a fault with its line.
 */
export async function readCsv(bytes: Uint8Array, file: string): Promise<Table> {
  const decoded = decodeText(bytes, file)
  if ('fault' in decoded) return nothing(decoded.fault)
  if (decoded.text.trim() === '') return nothing({ file, say: { key: 'table.empty' } })
  let columns: string[] | undefined
  const rows: Row[] = []
  const faults: Fault[] = []
  try {
    for await (const { line, cells } of readRecords(decoded.text)) {
      if (!columns) {
        columns = cells.map((name) => name.toLowerCase())
        const twice = columns.find((name, at) => columns?.indexOf(name) !== at)
        if (twice !== undefined) {
          const say = { key: 'table.column-twice', with: { column: twice } }
          return nothing({ file, line, say })
        }
        continue
      }
      if (cells.length !== columns.length) {
        const counts = { cells: cells.length, columns: columns.length }
        faults.push({ file, line, say: { key: 'table.cell-count', with: counts } })
        continue
      }
      const named = columns.map((name, at) => [name, cells[at] ?? ''])
      rows.push({ line, cells: Object.fromEntries(named) as Row['cells'] })
    }
  } catch (error) {
    if (!(error instanceof BrokenQuotes)) throw error
    return nothing({ file, line: error.line, say: { key: 'table.broken-quotes' } })
  }
  return { columns: columns ?? [], rows, faults }
}
