import type { CellValue } from 'hucre/xlsx'
import type { Fault } from '../errors.js'
import { unreadable, type Sheet, type SheetLimits, type SheetRow } from './sheet.js'
import { packFlat, unpackWorkbook, type Parts } from './unpack.js'
import {
  formulasOf,
  hasHiddenRows,
  mergesOf,
  partText,
  sheetsOf,
  type Merge,
  type SheetEntry,
} from './workbook.js'

const dayMs = 86_400_000

/** A cell as text. Workbooks keep a date as a count of days; a time alone falls on day nought. */
function textOf(value: CellValue, limit: number): string {
  if (value === null) return ''
  if (!(value instanceof Date)) return String(value).slice(0, limit).trim()
  if (Number.isNaN(value.getTime())) return ''
  const minute = new Date(Math.round(value.getTime() / 60_000) * 60_000).toISOString()
  const [date = '', time = ''] = minute.slice(0, 16).split('T')
  if (value.getUTCFullYear() < 1905 && value.getTime() < Date.UTC(1904, 0, 2)) return time
  return value.getTime() % dayMs === 0 ? date : `${date} ${time}`
}

function fillMerged(rows: Map<number, string[]>, merges: readonly Merge[]): void {
  for (const { top, bottom, left, right } of merges) {
    const value = rows.get(top)?.[left] ?? ''
    if (value === '') continue
    for (let row = top; row <= bottom; row++) {
      const cells = rows.get(row)
      if (!cells) continue
      while (cells.length < left) cells.push('')
      for (let column = left; column <= right; column++) cells[column] = value
    }
  }
}

interface Place {
  file: string
  parts: Parts
  packed: Uint8Array
  limits: SheetLimits
}

async function readEntry(
  { file, parts, packed, limits }: Place,
  entry: SheetEntry,
): Promise<{ rows: SheetRow[]; notes: Fault[] } | { fault: Fault }> {
  const { streamXlsxRows } = await import('hucre/xlsx')
  const filled = new Map<number, string[]>()
  for await (const { index, values } of streamXlsxRows(packed, { sheet: entry.place })) {
    const last = values.findLastIndex((value) => value !== null && value !== '')
    if (last < 0) continue
    if (last >= limits.columns) {
      const say = { key: 'table.too-many-columns', with: { limit: limits.columns } }
      return { fault: { file, line: index + 1, say } }
    }
    if (filled.size > limits.rows) {
      return { fault: { file, say: { key: 'table.too-many-rows', with: { limit: limits.rows } } } }
    }
    filled.set(
      index,
      Array.from(values.slice(0, last + 1), (value) => textOf(value, limits.cell)),
    )
  }
  const xml = partText(parts, entry.part)
  // A block merged within one row is a title or a label; down the rows it says the same of each.
  const merges = mergesOf(xml).filter(({ top, bottom }) => bottom > top)
  fillMerged(filled, merges)
  const formulas = formulasOf(xml)
  const rows = [...filled].map(([index, cells]): SheetRow => {
    const worked = formulas.get(index)
    return { line: index + 1, cells, ...(worked ? { formulas: worked } : {}) }
  })
  const notes: Fault[] = []
  const [merged] = merges
  if (merged) {
    const line = merged.top + 1
    notes.push({ file, line, say: { key: 'table.merged', with: { line } } })
  }
  if (hasHiddenRows(xml)) notes.push({ file, say: { key: 'table.hidden-rows' } })
  return { rows, notes }
}

function sheetNotes(file: string, read: SheetEntry, all: readonly SheetEntry[]): Fault[] {
  return all
    .filter((entry) => entry !== read)
    .map(({ name, hidden }) => ({
      file,
      say: {
        key: hidden ? 'table.sheet-hidden' : 'table.sheet-not-read',
        with: { sheet: name, read: read.name },
      },
    }))
}

/**
 * Reads the first visible sheet of a workbook that has a table in it. Merged cells say the same for
 * every row they cover; a formula counts with the value it last had; hidden sheets and all others
 * are left out, and said.
 */
export async function readXlsx(
  bytes: Uint8Array,
  file: string,
  limits: SheetLimits,
): Promise<Sheet> {
  const no = (key: string, params?: Record<string, number>) =>
    unreadable('xlsx', { file, say: params ? { key, with: params } : { key } })
  const unpacked = unpackWorkbook(bytes, limits.unpacked)
  if ('no' in unpacked) {
    const megabytes = Math.round(limits.unpacked / (1024 * 1024))
    return no(unpacked.no, { limit: megabytes })
  }
  try {
    const { parts } = unpacked
    const { sheets, countsFrom } = sheetsOf(parts)
    const place = { file, parts, packed: packFlat(parts), limits }
    for (const entry of sheets.filter(({ hidden }) => !hidden)) {
      const read = await readEntry(place, entry)
      if ('fault' in read) return unreadable('xlsx', read.fault)
      if (read.rows.filter(({ cells }) => cells.filter(Boolean).length > 1).length === 0) continue
      const notes = [...read.notes, ...sheetNotes(file, entry, sheets)]
      return { kind: 'xlsx', rows: read.rows, notes, faults: [], countsFrom }
    }
    return no('table.empty')
  } catch {
    return no('table.broken-workbook')
  }
}
