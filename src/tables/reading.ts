import { readText, startsWith } from './encoding.js'
import { BrokenQuotes, readRecords } from './records.js'
import { unreadable, type Sheet, type SheetLimits, type SheetRow } from './sheet.js'
import { readXlsx } from './xlsx.js'

async function readDelimited(bytes: Uint8Array, file: string, limits: SheetLimits): Promise<Sheet> {
  const no = (key: string, params?: Record<string, number>, line?: number) =>
    unreadable('csv', {
      file,
      ...(line === undefined ? {} : { line }),
      say: params ? { key, with: params } : { key },
    })
  const read = readText(bytes, file)
  if ('fault' in read) return unreadable('csv', read.fault)
  const rows: SheetRow[] = []
  try {
    for await (const { line, cells } of readRecords(read.text)) {
      if (cells.length > limits.columns) {
        return no('table.too-many-columns', { limit: limits.columns }, line)
      }
      if (rows.length > limits.rows) return no('table.too-many-rows', { limit: limits.rows })
      rows.push({ line, cells: cells.map((cell) => cell.slice(0, limits.cell)) })
    }
  } catch (error) {
    if (!(error instanceof BrokenQuotes)) throw error
    return no('table.broken-quotes', undefined, error.line)
  }
  if (rows.length === 0) return no('table.empty')
  return { kind: 'csv', rows, notes: read.note ? [read.note] : [], faults: [] }
}

/**
 * Reads a spreadsheet file, CSV or XLSX by its bytes and not by its name, in this thread. Whatever a
 * file holds comes back as a value: rows, or the one fault that says why there are none.
 */
export const readHere = (bytes: Uint8Array, file: string, limits: SheetLimits): Promise<Sheet> =>
  startsWith(bytes, 0x50, 0x4b) ? readXlsx(bytes, file, limits) : readDelimited(bytes, file, limits)
