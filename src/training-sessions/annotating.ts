import type { Language, Sentence } from '../language.js'
import { writeCsv, writeXlsx, type Cell } from '../tables/tables.js'
import { registerFields } from './columns.js'
import type { KeptRow, Upload } from './uploads-store.js'

/** A file to be taken away: its name, its type, and its bytes piece by piece. */
export interface Download {
  name: string
  type: string
  pieces: AsyncGenerator<Buffer>
}

export type Say = (language: Language, sentence: Sentence) => string

const column = (name: string): Sentence => ({ key: `register.sheet.${name}` })

/** Everything there is to say of a row, each thing once. */
function saysOf({ judged }: KeptRow, language: Language, say: Say): string {
  if (!judged) return ''
  const all = [judged.say, ...judged.faults.map((fault) => fault.say), ...judged.remarks]
  return [...new Set(all.map((sentence) => say(language, sentence)))].join(' ')
}

/**
 * The sheet that was uploaded, taken back with what was said of each row: the same columns in the
 * same order, mended where somebody mended them, and two more. It can be corrected and uploaded as it
 * is: what stands in those two is passed over then. A column that was not kept does not come back.
 */
export function annotate(
  upload: Upload,
  chunks: AsyncIterable<{ rows: readonly KeptRow[] }>,
  language: Language,
  say: Say,
): Download {
  const { headings, mapping, kind } = upload.reading
  const shown = headings.flatMap((heading, at) => (upload.dropped.includes(heading) ? [] : [at]))
  const fieldAt = new Map(registerFields.map((field) => [mapping[field], field]))

  async function* rows(): AsyncGenerator<Cell[]> {
    for await (const { rows } of chunks) {
      for (const row of rows) {
        const cells = shown.map((at) => {
          const field = fieldAt.get(at)
          return (field && row.fixes?.[field]) ?? row.cells[at] ?? ''
        })
        const verdict = row.judged ? say(language, column(row.judged.verdict)) : ''
        yield [...cells, verdict, saysOf(row, language, say)]
      }
    }
  }

  const header = [
    ...shown.map((at) => headings[at] ?? ''),
    say(language, column('verdict')),
    say(language, column('because')),
  ]
  const name = upload.file.name.replace(/\.[^.]*$/, '')
  return kind === 'csv'
    ? { name: `${name}.csv`, type: 'text/csv; charset=utf-8', pieces: writeCsv(header, rows()) }
    : {
        name: `${name}.xlsx`,
        type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        pieces: writeXlsx(name, header, rows()),
      }
}
