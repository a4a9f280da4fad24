import type { Value } from '../bson/value.js'
import type { Fields } from '../bson/write.js'
import { check } from '../errors.js'
import type { Options } from './options.js'
import { turns } from './turns.js'

/** Results that are made as they are asked for; nothing in place of one gives others their turn. */
type Results = Iterator<Value | undefined, void>

/** What a cursor knows of a call: who it is from, and when it must be answered. */
interface Caller {
  readonly options: Options
  readonly deadline: number
}

/** The session that a document names, as the bytes of its id. */
export function sessionOf(lsid: Value | undefined): string | undefined {
  const id = lsid?.field('id')
  return id?.bytes.toString('hex', id.at, id.end)
}

interface Pending {
  readonly results: Results
  /** What did not fit the reply before. */
  ahead?: Value | undefined
}

interface Cursor {
  readonly namespace: string
  readonly session: string | undefined
  readonly pending: Pending
  used: number
  busy: boolean
}

/** The documents of one reply stay below this, so that it stays below what clients accept. */
const largestBatch = 16 * 1024 * 1024 - 64 * 1024

/** A cursor that nobody asks for this long is closed, in milliseconds, as in MongoDB. */
const patience = 10 * 60 * 1000

const usualBatch = 101

/** The cursors that clients have open. */
export class Cursors {
  readonly #cursors = new Map<bigint, Cursor>()
  readonly #now: () => number
  readonly #newId: () => bigint

  /** `now` tells milliseconds; `newId` gives numbers that cannot be guessed, nor come again soon. */
  constructor(now: () => number, newId: () => bigint) {
    this.#now = now
    this.#newId = newId
  }

  get count(): number {
    return this.#cursors.size
  }

  /** The first batch of results, and a cursor for the rest where there is one. */
  async open(
    call: Caller,
    namespace: string,
    results: Results,
    batchSize: number = usualBatch,
    single = false,
  ): Promise<Fields> {
    const pending: Pending = { results }
    const { batch: firstBatch, over } = await fill(pending, batchSize, call.deadline)
    if (single || over) return { cursor: { firstBatch, id: 0n, ns: namespace } }
    const [id, session] = [this.#newId(), sessionOf(call.options.value('lsid'))]
    this.#cursors.set(id, { namespace, session, pending, used: this.#now(), busy: false })
    return { cursor: { firstBatch, id, ns: namespace } }
  }

  /** The next batch of a cursor. */
  async more({ deadline }: Caller, id: bigint, namespace: string, batchSize = 0): Promise<Fields> {
    const cursor = this.#cursors.get(id)
    check(cursor !== undefined, 43, `cursor id ${id} not found`)
    check(cursor.namespace === namespace, 13, `cursor ${id} is not of namespace '${namespace}'`)
    check(!cursor.busy, 12051, `cursor id ${id} is already in use`)
    cursor.busy = true
    let over = true
    try {
      // Zero, or nothing, is as much as fits.
      const filled = await fill(cursor.pending, batchSize > 0 ? batchSize : Infinity, deadline)
      over = filled.over
      return { cursor: { nextBatch: filled.batch, id: over ? 0n : id, ns: namespace } }
    } finally {
      if (over) this.#cursors.delete(id)
      cursor.used = this.#now()
      cursor.busy = false
    }
  }

  /** Closes a cursor; whether there was one. */
  close(id: bigint, namespace: string): boolean {
    return this.#cursors.get(id)?.namespace === namespace && this.#cursors.delete(id)
  }

  /** Closes the cursors of a session, or without one those that nobody has asked for since long. */
  closeAll(session?: string): void {
    const limit = this.#now() - patience
    for (const [id, cursor] of this.#cursors) {
      const idle = cursor.used < limit && !cursor.busy
      if (session === undefined ? idle : cursor.session === session) this.#cursors.delete(id)
    }
  }
}

/** The next results of a cursor, as many as are wanted and fit one reply, and whether there are no more. */
async function fill(pending: Pending, wanted: number, deadline: number) {
  const rest = turns(deadline)
  const batch: Value[] = []
  let bytes = 0
  while (batch.length < wanted) {
    const next = pending.ahead ? { value: pending.ahead } : pending.results.next()
    if (next.done) return { batch, over: true }
    pending.ahead = undefined
    const { value } = next
    bytes += value ? value.end - value.at + 16 : 0
    if (value && batch.length > 0 && bytes > largestBatch) {
      pending.ahead = value
      break
    }
    if (value) batch.push(value)
    const resting = rest()
    if (resting) await resting
  }
  return { batch, over: false }
}
