import { parse, type CsvError } from 'csv-parse'
import type { Fault } from '../errors.js'
import { decodeText } from './encoding.js'

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

interface Parsed {
  record: string[]
  info: { lines: number }
}

const lineBreaksIn = (record: readonly string[]): number =>
  record.join('').match(/\r\n|\r|\n/g)?.length ?? 0

/** The delimiter that the header line uses: comma, or the semicolon or tab of other spreadsheets. */
function delimiterOf(text: string): string {
  const header = text.slice(0, 2000).split(/[\r\n]/, 1)[0] ?? ''
  const counts = [',', ';', '\t'].map((mark) => [header.split(mark).length, mark] as const)
  return counts.toSorted((a, b) => b[0] - a[0])[0]?.[1] ?? ','
}

/** A cell that a spreadsheet would run as a formula. Such a cell is data here, and is refused as a value. */
export const isFormula = (cell: string): boolean => /^\s*[=@]|^\s*[+-][^\d\s]/.test(cell)

/**
 * Reads a CSV file with a header row: UTF-8, any line ending, quoted cells with commas and line
 * breaks. Cells are trimmed; empty rows are passed over; a row with too many or too few cells, an
 * open quote, or a header that names a column twice is a fault with its line.
 */
export async function readCsv(bytes: Uint8Array, file: string): Promise<Table> {
  const decoded = decodeText(bytes, file)
  if ('fault' in decoded) return nothing(decoded.fault)
  if (decoded.text.trim() === '') return nothing({ file, say: { key: 'table.empty' } })
  const parser = parse(decoded.text, {
    bom: true,
    info: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
    delimiter: delimiterOf(decoded.text),
    record_delimiter: ['\r\n', '\n', '\r'],
  })
  let columns: string[] | undefined
  const rows: Row[] = []
  const faults: Fault[] = []
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      const line = info.lines - lineBreaksIn(record)
      if (!columns) {
        columns = record.map((name) => name.toLowerCase())
        const twice = columns.find((name, at) => columns?.indexOf(name) !== at)
        if (twice !== undefined) {
          return nothing({
            file,
            line,
            say: { key: 'table.column-twice', with: { column: twice } },
          })
        }
        continue
      }
      if (record.every((cell) => cell === '')) continue
      if (record.length !== columns.length) {
        const counts = { cells: record.length, columns: columns.length }
        faults.push({ file, line, say: { key: 'table.cell-count', with: counts } })
        continue
      }
      rows.push({
        line,
        cells: Object.fromEntries(columns.map((name, at) => [name, record[at] ?? ''])),
      })
    }
  } catch (error) {
    // Past an open quote nothing can be told apart any more: the whole file is refused.
    const { lines = 1 } = error as CsvError & { lines?: number }
    return nothing({ file, line: lines, say: { key: 'table.broken-quotes' } })
  }
  return { columns: columns ?? [], rows, faults }
}
