import { Readable } from 'node:stream'
import { setImmediate as breathe } from 'node:timers/promises'
import { parse } from 'csv-parse'

/** One record of delimited text: the line it begins on, counted from 1, and its cells, trimmed. */
export interface TextRecord {
  line: number
  cells: readonly string[]
}

interface Parsed {
  record: string[]
  info: { lines: number }
}

/** Thrown where a quotation mark is opened and not closed: past it nothing can be told apart. */
export class BrokenQuotes extends Error {
  readonly line: number
  constructor(line: number) {
    super(`broken quotes in line ${line}`)
    this.name = 'BrokenQuotes'
    this.line = line
  }
}

const lineBreaksIn = (record: readonly string[]): number =>
  record.join('').match(/\r\n|\r|\n/g)?.length ?? 0

const delimiters = [',', ';', '\t']

/** How far to look for the delimiter and the header: titles may stand above the table. */
const head = 20

/**
 * The delimiter of a text: the one that Excel's own first line `sep=;` names, else the comma,
 * semicolon or tab that divides most of the first lines, quoted cells aside.
 */
function delimiterOf(text: string): { delimiter: string; skip: number } {
  const named = /^sep=(.)(\r\n|\r|\n)/i.exec(text)
  if (named?.[1]) return { delimiter: named[1], skip: named[0].length }
  const lines = text.slice(0, 20_000).split(/\r\n|\r|\n/, head)
  const bare = lines.map((line) => line.replace(/"[^"]*"/g, ''))
  const divided = (mark: string) => bare.filter((line) => line.includes(mark)).length
  const cells = (mark: string) => Math.max(...bare.map((line) => line.split(mark).length))
  const best = delimiters.toSorted((a, b) => divided(b) - divided(a) || cells(b) - cells(a))
  return { delimiter: best[0] ?? ',', skip: 0 }
}

// The parser takes all that it is given in one go: a piece is so much that others soon have their turn.
const piece = 64 * 1024

async function* inPieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += piece) {
    yield bytes.subarray(from, from + piece)
    await breathe()
  }
}

/**
 * Reads delimited text record by record: any line ending, quoted cells with delimiters and line
 * breaks in them. Empty records are passed over. Throws `BrokenQuotes`.
 */
export async function* readRecords(text: string): AsyncGenerator<TextRecord> {
  const { delimiter, skip } = delimiterOf(text)
  const parser = parse({
    bom: true,
    info: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
  })
  Readable.from(inPieces(Buffer.from(skip === 0 ? text : text.slice(skip)))).pipe(parser)
  const above = skip === 0 ? 0 : 1
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      if (record.every((cell) => cell === '')) continue
      yield { line: info.lines - lineBreaksIn(record) + above, cells: record }
    }
  } catch (error) {
    const { lines } = error as { lines?: number }
    if (lines === undefined) throw error
    throw new BrokenQuotes(lines + above)
  }
}
