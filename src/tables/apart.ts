import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Semaphore } from 'es-toolkit'
import { fromSource, loading } from '../from-source.js'
import { unreadable, usualLimits, type Sheet, type SheetLimits, type SheetRow } from './sheet.js'

/** What the reading process is given, and what it sends back. */
export interface Order {
  bytes: Uint8Array
  file: string
  limits: SheetLimits
}
export type Reply = { rows: readonly SheetRow[] } | { done: Omit<Sheet, 'rows'> }

const readerFile = fileURLToPath(
  new URL(fromSource ? './sheet-process.ts' : './sheet-process.js', import.meta.url),
)

// Two files at a time: a third person waits a moment, and what a few hostile files cost is bounded.
const turns = new Semaphore(2)

/**
 * Reads a spreadsheet file in a process of its own, within limits of time and memory: pages stay
 * quick meanwhile, and a file that takes all it can get takes only that process with it. (A thread
 * will not do: V8 may end the whole process when a thread runs out of memory.) Never throws for what
 * a file holds.
 */
export async function readSheet(
  bytes: Uint8Array,
  file: string,
  limits: SheetLimits = usualLimits,
): Promise<Sheet> {
  await turns.acquire()
  try {
    return await readApart({ bytes, file, limits })
  } finally {
    turns.release()
  }
}

function readApart(order: Order): Promise<Sheet> {
  const { file, limits } = order
  return new Promise((resolve) => {
    const rows: SheetRow[] = []
    const reader = fork(readerFile, [], {
      execArgv: [...loading, `--max-old-space-size=${limits.memory}`],
      // It needs none of what this process knows.
      env: {},
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    const finish = (sheet: Sheet) => {
      clearTimeout(timer)
      resolve(sheet)
      reader.kill('SIGKILL')
    }
    const tooHeavy = () => finish(unreadable('csv', { file, say: { key: 'table.too-heavy' } }))
    const timer = setTimeout(tooHeavy, limits.time)
    reader.on('message', (reply: Reply) => {
      if ('rows' in reply) for (const row of reply.rows) rows.push(row)
      else finish({ ...reply.done, rows })
    })
    reader.on('error', tooHeavy)
    reader.on('exit', tooHeavy)
    reader.send(order)
  })
}
