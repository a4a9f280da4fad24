import type { Value } from '../bson/value.js'
import type { Fields } from '../bson/write.js'
import { check } from '../errors.js'
import type { Call } from './call.js'
import { turns } from './turns.js'

/** Results that are made as they are asked for. */
export interface Results {
  /** Some more, perhaps none, out of about `most` documents looked at. */
  next(most: number): readonly Value[]
  readonly done: boolean
}

/** Results that are all there already. */
export function listed(values: readonly Value[]): Results {
  const left = [...values]
  return {
    get done() {
      return left.length === 0
    },
    next: (most) => left.splice(0, most),
  }
}

interface Cursor {
  readonly namespace: string
  readonly session: string | undefined
  readonly results: Results
  /** Made but not yet sent. */
  readonly queue: Value[]
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
    call: Call,
    namespace: string,
    results: Results,
    batchSize: number = usualBatch,
    single = false,
  ): Promise<Fields> {
    const { session, deadline } = call
    const cursor = { namespace, session, results, queue: [], used: this.#now(), busy: false }
    const firstBatch = await fill(cursor, batchSize, deadline)
    const id = single || isOver(cursor) ? 0n : this.#newId()
    if (id !== 0n) this.#cursors.set(id, cursor)
    return { cursor: { firstBatch, id, ns: namespace } }
  }

  /** The next batch of a cursor. */
  async more({ deadline }: Call, id: bigint, namespace: string, batchSize = 0): Promise<Fields> {
    const cursor = this.#cursors.get(id)
    check(cursor !== undefined, 43, `cursor id ${id} not found`)
    check(cursor.namespace === namespace, 13, `cursor ${id} is not of namespace '${namespace}'`)
    check(!cursor.busy, 12051, `cursor id ${id} is already in use`)
    cursor.busy = true
    try {
      // Zero, or nothing, is as much as fits.
      const nextBatch = await fill(cursor, batchSize > 0 ? batchSize : Infinity, deadline)
      const over = isOver(cursor)
      if (over) this.#cursors.delete(id)
      return { cursor: { nextBatch, id: over ? 0n : id, ns: namespace } }
    } catch (error) {
      this.#cursors.delete(id)
      throw error
    } finally {
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

const isOver = ({ queue, results }: Cursor): boolean => queue.length === 0 && results.done

/** Takes the next results of a cursor, as many as are wanted and fit one reply. */
async function fill(
  { queue, results }: Cursor,
  wanted: number,
  deadline: number,
): Promise<Value[]> {
  const rest = turns(deadline)
  let bytes = queue.reduce((sum, { at, end }) => sum + end - at, 0)
  while (queue.length < wanted && bytes < largestBatch && !results.done) {
    for (const value of results.next(Math.min(256, wanted - queue.length))) {
      queue.push(value)
      bytes += value.end - value.at
    }
    await rest()
  }
  let size = 0
  const tooMany = queue.findIndex(({ at, end }, i) => {
    size += end - at + 16
    return i >= wanted || (i > 0 && size > largestBatch)
  })
  return queue.splice(0, tooMany < 0 ? queue.length : tooMany)
}
