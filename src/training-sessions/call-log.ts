import { instantOf } from '../clock.js'
import type { Fault } from '../errors.js'
import type { SheetRow } from '../tables/tables.js'
import { readDate, readEmail, readTime } from './cells.js'
import type { Stay } from './video-log.js'

type LogField = 'name' | 'email' | 'joined' | 'left'

/** What makers of video calls name these columns. */
const names: Record<LogField, RegExp> = {
  name: /^(full |user |display |participant )?name( \(original name\))?$|^participant$|^enw$/,
  email: /^(user |participant )?e-?mail( address)?$|^(upn|user principal name)$|^e-?bost$/,
  joined: /^(first )?join(ed)?( time)?$|^start time$|^ymuno$/,
  left: /^(last )?(leave|left)( time)?$|^end time$|^gadael$/,
}
const fields = ['name', 'email', 'joined', 'left'] as const

function columnsOf(cells: readonly string[]): Partial<Record<LogField, number>> {
  const plain = cells.map((cell) => cell.toLowerCase().trim())
  return Object.fromEntries(
    fields.flatMap((field) => {
      const at = plain.findIndex((cell) => names[field].test(cell))
      return at < 0 ? [] : [[field, at]]
    }),
  )
}

/** Reads a date with a time, as logs write them: `2026-03-02 10:05`, `02/03/2026, 10:05:12`. */
function readInstant(cell: string): Date | undefined {
  const [, date = '', time = ''] = /^(\S+?),?[T ]\s*(.+)$/.exec(cell.trim()) ?? []
  const on = readDate(date)
  const at = readTime(time.replace(/Z$/, ''))
  if (!('value' in on) || !('value' in at)) return undefined
  return time.endsWith('Z') ? new Date(`${on.value}T${at.value}Z`) : instantOf(on.value, at.value)
}

/**
 * Reads the log of a video call: who joined and left when, in a table somewhere in the file, as the
 * makers of such calls write it. A row without times or without anybody is a fault.
 */
export function readCallLog(rows: readonly SheetRow[]): { stays: Stay[]; faults: Fault[] } {
  const stays: Stay[] = []
  const faults: Fault[] = []
  let columns: Partial<Record<LogField, number>> = {}
  for (const { line, cells } of rows) {
    const found = columnsOf(cells)
    if (found.joined !== undefined && found.left !== undefined) {
      columns = found
      continue
    }
    const { joined, left } = columns
    if (joined === undefined || left === undefined) continue
    const from = readInstant(cells[joined] ?? '')
    const to = readInstant(cells[left] ?? '')
    const name = columns.name === undefined ? '' : (cells[columns.name] ?? '')
    const address = readEmail(columns.email === undefined ? '' : (cells[columns.email] ?? ''))
    const email = 'value' in address ? address.value : undefined
    if (!from || !to || to < from) faults.push({ line, say: { key: 'register.log.times' } })
    else if (name === '' && email === undefined) {
      faults.push({ line, say: { key: 'register.log.nobody' } })
    } else {
      stays.push({
        line,
        ...(name ? { name } : {}),
        ...(email ? { email } : {}),
        joined: from,
        left: to,
      })
    }
  }
  if (columns.joined === undefined) faults.push({ say: { key: 'register.log.columns' } })
  return { stays, faults }
}
