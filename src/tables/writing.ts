import { setImmediate as breathe } from 'node:timers/promises'
import { stringify } from 'csv-stringify/sync'

/** A cell to be written: text, a number, or nothing. */
export type Cell = string | number | undefined
export type Rows = Iterable<readonly Cell[]> | AsyncIterable<readonly Cell[]>
/** Rows of a long table, many in one step: to wait for each alone costs more than to write it. */
export interface Handfuls {
  handfuls: AsyncIterable<readonly (readonly Cell[])[]>
}

/** A cell that a spreadsheet would run as a formula. Such a cell is data here, and is refused as a value. */
export const isFormula = (cell: string): boolean => /^\s*[=@]|^\s*[+-][^\d\s]/.test(cell)

/** Text that no spreadsheet runs or divides: tabs become blanks, and what it would take for a formula begins with an apostrophe. */
function harmless(cell: Cell): string | number {
  if (typeof cell !== 'string') return cell ?? ''
  const text = cell.replace(/[\t\r]+/g, ' ')
  return isFormula(text) ? `'${text}` : text
}

const handful = 500

async function* handfuls(rows: Rows | Handfuls): AsyncGenerator<readonly (readonly Cell[])[]> {
  if ('handfuls' in rows) {
    for await (const some of rows.handfuls) {
      yield some
      await breathe()
    }
    return
  }
  let held: (readonly Cell[])[] = []
  for await (const row of rows) {
    held.push(row)
    if (held.length < handful) continue
    yield held
    held = []
    await breathe()
  }
  if (held.length > 0) yield held
}

/**
 * Writes a table as CSV: UTF-8 with a byte-order mark, so that Excel shows every letter (without one
 * where a program asks for none), and nothing in it that a spreadsheet would run. Comes in pieces and
 * lets other work through between them.
 */
export async function* writeCsv(
  header: readonly string[],
  rows: Rows | Handfuls,
  { mark = true }: { mark?: boolean } = {},
): AsyncGenerator<Buffer> {
  const encode = (some: readonly (readonly Cell[])[]) =>
    Buffer.from(
      stringify(
        some.map((row) => row.map(harmless)),
        { record_delimiter: 'windows' },
      ),
    )
  yield Buffer.concat([Buffer.from(mark ? [0xef, 0xbb, 0xbf] : []), encode([header])])
  for await (const some of handfuls(rows)) yield encode(some)
}

/** Writes a table as a workbook of one sheet; text stays text, whatever it begins with. */
export async function* writeXlsx(
  name: string,
  header: readonly string[],
  rows: Rows | Handfuls,
): AsyncGenerator<Buffer> {
  const { writeXlsxStream } = await import('hucre/xlsx')
  async function* all() {
    yield [...header]
    for await (const some of handfuls(rows)) {
      for (const row of some) yield row.map((cell) => cell ?? null)
    }
  }
  // A sheet's name has at most 31 characters and none of the signs that formulas use.
  const sheet = name.replace(/[[\]:*?/\\]/g, ' ').slice(0, 31)
  const bytes = writeXlsxStream(all(), { name: sheet, freezePane: { rows: 1 } })
  for await (const piece of bytes) yield Buffer.from(piece)
}
