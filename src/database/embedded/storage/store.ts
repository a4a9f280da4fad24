import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, open } from 'lmdb'
import { CommandError } from '../errors.js'

export type Table = Database<Buffer, Buffer>

/**
 * What is on disk: the catalogue of collections and indexes, the records (documents by number) and
 * the entries of indexes. All writing goes through `write`.
 */
export interface Store {
  readonly catalogue: Table
  readonly records: Table
  readonly entries: Table
  write: Writer
  close(): Promise<void>
}

/**
 * Runs a job alone: it sees all that was written before it, and nobody writes in between. Resolves
 * with what the job returned once everything it wrote is on disk; jobs that wait together share
 * that moment. A `CommandError` from a job is its outcome like any other, so a job must check
 * before it writes; anything else that it throws undoes every job of the same transaction.
 */
export type Writer = <T>(job: () => T) => Promise<T>

/** The layout of keys and values in the file; raised whenever that changes. */
const format = 1

/** The data directory holds another format, or something that is no database of ours. */
export class FormatUnknown extends Error {
  constructor(dir: string, found: string) {
    super(
      `the data in ${dir} has format ${found}, and this version reads format ${format}: ` +
        'restore a backup made by the version that wrote it',
    )
    this.name = 'FormatUnknown'
  }
}

/** How long jobs may share one transaction before it is committed, in milliseconds. */
const sharedTime = 40

interface Waiting {
  run(): void
  failed(error: unknown): void
  done(): void
}

/** Opens the data below a directory, which is made where there is none. */
export function openStore(dir: string, onCommit: () => void, onUndo: () => void): Store {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  // Without overlapping sync a commit resolves only when fdatasync has returned.
  const root = open<Buffer, Buffer>({
    path: join(dir, 'data'),
    maxDbs: 4,
    overlappingSync: false,
    encoding: 'binary',
    keyEncoding: 'binary',
  })
  const table = (name: string): Table =>
    root.openDB<Buffer, Buffer>(name, { encoding: 'binary', keyEncoding: 'binary' })
  const catalogue = table('catalogue')
  const records = table('records')
  const entries = table('entries')
  checkFormat(catalogue, dir)
  syncDirectory(join(dir, 'data'))
  syncDirectory(dir)
  return {
    catalogue,
    records,
    entries,
    write: queueOn((batch) => root.childTransaction(batch), onCommit, onUndo),
    close: () => root.close(),
  }
}

function checkFormat(catalogue: Table, dir: string): void {
  const key = Buffer.from('format')
  const found = catalogue.getBinary(key)?.toString()
  if (found === String(format)) return
  if (found !== undefined) throw new FormatUnknown(dir, found)
  if (catalogue.getKeysCount({ limit: 1 }) > 0) throw new FormatUnknown(dir, 'unknown')
  catalogue.putSync(key, Buffer.from(String(format)))
}

/** So that files made just now are still there after a power cut. */
function syncDirectory(path: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/**
 * One transaction at a time takes all jobs that wait. While it is committed and synced in another
 * thread, reads go on and the next jobs gather.
 */
function queueOn(
  transaction: (batch: () => void) => Promise<void>,
  onCommit: () => void,
  onUndo: () => void,
): Writer {
  const waiting: Waiting[] = []
  let busy = false

  const commit = async (): Promise<void> => {
    const taken: Waiting[] = []
    try {
      await transaction(() => {
        const until = performance.now() + sharedTime
        do {
          const next = waiting.shift()
          if (!next) return
          taken.push(next)
          next.run()
        } while (performance.now() < until)
      })
    } catch (error) {
      onUndo()
      const reason = await reasonOf(error)
      for (const each of taken) each.failed(reason)
      return
    }
    onCommit()
    for (const each of taken) each.done()
  }

  const drain = async (): Promise<void> => {
    if (busy) return
    busy = true
    while (waiting.length > 0) await commit()
    busy = false
  }

  return <T>(job: () => T) =>
    new Promise<T>((resolve, reject) => {
      let settle: () => void = () => undefined
      waiting.push({
        run() {
          try {
            const result = job()
            settle = () => resolve(result)
          } catch (error) {
            if (!(error instanceof CommandError)) throw error
            settle = () => reject(error)
          }
        },
        failed: (error) => reject(error instanceof Error ? error : new Error(String(error))),
        done: () => settle(),
      })
      void drain()
    })
}

/** Why a transaction could not be committed, as MongoDB would say it. */
async function reasonOf(error: unknown): Promise<unknown> {
  let cause: unknown = error
  if (error instanceof Error && 'commitError' in error) {
    cause = await Promise.resolve(error.commitError).catch((inner: unknown) => inner)
  }
  const text = cause instanceof Error ? cause.message : String(cause)
  if (/no space|ENOSPC|MDB_MAP_FULL|File too large|quota/i.test(text)) {
    return new CommandError(14031, `the disk is full, nothing was written: ${text}`)
  }
  return cause
}
