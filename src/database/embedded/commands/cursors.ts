import type { Value } from '../bson/value.js'
import { CommandError } from '../errors.js'
import { type Call, type Reply, turns } from './engine.js'

/** Results that are made as they are asked for. */
export interface Results {
  /** Some more, perhaps none, out of about `most` documents looked at. */
  next(most: number): readonly Value[]
  readonly done: boolean
}

interface Cursor {
  readonly id: bigint
  readonly namespace: string
  readonly session: string | undefined
  readonly lasting: boolean
  readonly results: Results
  /** Made but not yet sent. */
  readonly queue: Value[]
  used: number
  busy: boolean
}

/** Documents of one reply stay below this, so that the reply stays below what clients accept. */
const largestBatch = 16 * 1024 * 1024

/** A cursor that nobody asks for this long is closed, in milliseconds, as in MongoDB. */
const patience = 10 * 60 * 1000

const firstBatch = 101

/** The cursors that clients have open. */
export interface Cursors {
  /** The first batch of results, and a cursor for the rest where there is one. */
  open(call: Call, namespace: string, results: Results, batch: BatchOptions): Promise<Reply>
  more(call: Call, id: bigint, name: string, batchSize: number | undefined): Promise<Reply>
  /** Closes a cursor; whether there was one. */
  close(id: bigint, namespace: string): boolean
  closeSession(session: string): void
  /** Closes the cursors that nobody has asked for since long. */
  closeIdle(): void
  readonly count: number
}

export interface BatchOptions {
  readonly batchSize: number | undefined
  readonly single?: boolean
  readonly lasting?: boolean
}

/** `now` tells milliseconds; `newNumber` gives numbers that cannot be guessed, nor come again soon. */
export function createCursors(now: () => number, newNumber: () => bigint): Cursors {
  const cursors = new Map<bigint, Cursor>()

  const fill = async (cursor: Cursor, wanted: number, deadline: number): Promise<Value[]> => {
    const rest = turns(deadline)
    const { queue, results } = cursor
    let bytes = queue.reduce((sum, { at, end }) => sum + end - at, 0)
    while (queue.length < wanted && bytes < largestBatch && !results.done) {
      for (const value of results.next(Math.min(256, wanted - queue.length))) {
        queue.push(value)
        bytes += value.end - value.at
      }
      await rest()
    }
    let size = 0
    let taken = 0
    for (const { at, end } of queue) {
      size += end - at + 16
      if (taken >= wanted || (taken > 0 && size > largestBatch)) break
      taken++
    }
    return queue.splice(0, taken)
  }

  const isOver = ({ queue, results }: Cursor): boolean => queue.length === 0 && results.done

  return {
    async open(call, namespace, results, { batchSize, single = false, lasting = false }) {
      const { session } = call
      const id = newNumber()
      const cursor: Cursor = {
        id,
        namespace,
        session,
        lasting,
        results,
        queue: [],
        used: now(),
        busy: false,
      }
      const batch = await fill(cursor, batchSize ?? firstBatch, call.deadline)
      const over = single || isOver(cursor)
      if (!over) cursors.set(id, cursor)
      return { cursor: { firstBatch: batch, id: over ? 0n : id, ns: namespace } }
    },
    async more(call, id, name, batchSize) {
      const cursor = cursors.get(id)
      if (!cursor) throw new CommandError(43, `cursor id ${id} not found`)
      if (cursor.namespace !== `${call.db}.${name}`) {
        throw new CommandError(
          13,
          `Requested getMore on namespace '${call.db}.${name}', but cursor belongs to a different namespace ${cursor.namespace}`,
        )
      }
      if (cursor.busy) throw new CommandError(12051, `cursor id ${id} is already in use`)
      cursor.busy = true
      try {
        const wanted =
          batchSize === undefined || batchSize === 0 ? Number.POSITIVE_INFINITY : batchSize
        const batch = await fill(cursor, wanted, call.deadline)
        const over = isOver(cursor)
        if (over) cursors.delete(id)
        return { cursor: { nextBatch: batch, id: over ? 0n : id, ns: cursor.namespace } }
      } catch (error) {
        cursors.delete(id)
        throw error
      } finally {
        cursor.used = now()
        cursor.busy = false
      }
    },
    close(id, namespace) {
      return cursors.get(id)?.namespace === namespace && cursors.delete(id)
    },
    closeSession(session) {
      for (const cursor of cursors.values()) {
        if (cursor.session === session) cursors.delete(cursor.id)
      }
    },
    closeIdle() {
      const limit = now() - patience
      for (const { id, used, busy, lasting } of cursors.values()) {
        if (used < limit && !busy && !lasting) cursors.delete(id)
      }
    },
    get count() {
      return cursors.size
    },
  }
}

/** Results that are all there already. */
export function listed(values: readonly Value[]): Results {
  let at = 0
  return {
    get done() {
      return at >= values.length
    },
    next(most) {
      const some = values.slice(at, at + most)
      at += some.length
      return some
    },
  }
}
