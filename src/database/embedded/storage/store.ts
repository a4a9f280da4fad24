import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, open } from 'lmdb'
import { CommandError } from '../errors.js'

export type Table = Database<Buffer, Buffer>

/**
 * Runs a job alone: it sees all that was written before it, and nobody writes in between. Resolves
 * with what the job returned once everything it wrote is on disk; jobs that wait together share
 * that moment. A `CommandError` from a job is its outcome like any other, so a job must check
 * before it writes; anything else that it throws undoes every job of the same transaction.
 */
type Write = <T>(job: () => T) => Promise<T>

/** What is on disk. All writing goes through `write`. */
export interface Store {
  readonly catalogue: Table
  /** The documents, by collection and number. */
  readonly records: Table
  /** The entries of all indexes. */
  readonly entries: Table
  readonly write: Write
  /** How often something was written, so that what was read before can be told from what is. */
  readonly commits: number
  /** Where another thread writes: what is read from now on is what is committed now. */
  refresh(): void
  close(): Promise<void>
}

/** The layout of keys and values in the file; raised whenever that changes. */
const format = 1

/** The data directory holds another format, or something that is no database of ours. */
class FormatUnknown extends Error {
  constructor(dir: string, found: string) {
    super(
      `the data in ${dir} has format ${found}, and this version reads format ${format}: restore a backup made by the version that wrote it`,
    )
    this.name = 'FormatUnknown'
  }
}

/**
 * The addresses that are kept for the file, which are not memory. A map that must grow is made anew
 * beside the old one, and its pages then count twice.
 */
const addresses = 2 ** 35

/** How long jobs may share one transaction before it is committed, in milliseconds. */
const sharedTime = 40

/** What is told of transactions: that one is on disk, or that one came to nothing. */
interface Listener {
  committed(): void
  undone(): void
}

/** Opens the data below a directory, which is made where there is none. Throws `FormatUnknown`. */
export function openStore(dir: string, listener: () => Listener): Store {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const binary = { encoding: 'binary', keyEncoding: 'binary' } as const
  // Without overlapping sync a commit resolves only when fdatasync has returned. With batching by
  // event turns a commit that fails would also reject promises that nobody can catch.
  const path = join(dir, 'data')
  const root = open<Buffer, Buffer>({
    path,
    maxDbs: 4,
    ...(process.platform === 'win32' ? {} : { mapSize: addresses }),
    overlappingSync: false,
    eventTurnBatching: false,
    ...binary,
  })
  const table = (name: string): Table => root.openDB<Buffer, Buffer>(name, binary)
  const catalogue = table('catalogue')
  checkFormat(catalogue, dir)
  for (const each of [path, dir]) syncDirectory(each)
  let commits = 0
  const write = queueOn(async (batch) => {
    await root.childTransaction(batch)
    commits++
  }, listener)
  return {
    catalogue,
    records: table('records'),
    entries: table('entries'),
    write,
    get commits() {
      return commits
    },
    refresh: () => root.resetReadTxn(),
    close: () => root.close(),
  }
}

function checkFormat(catalogue: Table, dir: string): void {
  const key = Buffer.from('format')
  const found = catalogue.getBinary(key)?.toString()
  if (found === String(format)) return
  const empty = catalogue.getKeysCount({}) === 0
  if (found !== undefined || !empty) throw new FormatUnknown(dir, found ?? 'unknown')
  catalogue.putSync(key, Buffer.from(String(format)))
}

/** So that files made just now are still there after a power cut. */
function syncDirectory(path: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(path, 'r')
  fsyncSync(handle)
  closeSync(handle)
}

interface Waiting {
  run(): void
  settle(error?: Error): void
}

/**
 * One transaction at a time takes all jobs that wait. While it is committed and synced in another
 * thread, reads go on and the next jobs gather.
 */
function queueOn(
  transaction: (batch: () => void) => Promise<void>,
  listener: () => Listener,
): Write {
  const waiting: Waiting[] = []
  let busy = false

  const commit = async (): Promise<void> => {
    const taken: Waiting[] = []
    try {
      await transaction(() => {
        const until = performance.now() + sharedTime
        while (waiting.length > 0 && (taken.length === 0 || performance.now() < until)) {
          taken.push(...waiting.splice(0, 1))
          taken.at(-1)?.run()
        }
      })
    } catch (error) {
      listener().undone()
      const reason = await reasonOf(error)
      for (const each of taken) each.settle(reason)
      return
    }
    listener().committed()
    for (const each of taken) each.settle()
  }

  const drain = async (): Promise<void> => {
    if (busy) return
    busy = true
    while (waiting.length > 0) await commit()
    busy = false
  }

  return <T>(job: () => T) =>
    new Promise<T>((resolve, reject: (error: Error) => void) => {
      let finish: () => void = () => undefined
      waiting.push({
        run() {
          try {
            const result = job()
            finish = () => resolve(result)
          } catch (error) {
            if (!(error instanceof CommandError)) throw error
            finish = () => reject(error)
          }
        },
        settle: (error) => (error ? reject(error) : finish()),
      })
      void drain()
    })
}

/** Why a transaction could not be committed, as MongoDB would say it. */
async function reasonOf(error: unknown): Promise<Error> {
  let cause: unknown = error
  if (error instanceof Error && 'commitError' in error) {
    cause = await Promise.resolve(error.commitError).catch((inner: unknown) => inner)
  }
  const reason = cause instanceof Error ? cause : new Error(String(cause))
  // LMDB says "input/output error" where a page was written only in part, as when a disk fills up.
  const full = /no space|MDB_MAP_FULL|too large|quota|input\/output/i.test(reason.message)
  return full
    ? new CommandError(14031, `nothing was written, is the disk full? ${reason.message}`)
    : reason
}
