import { chunk, uniq } from 'es-toolkit'
import { Schema, trusted, type Connection } from 'mongoose'
import type { Clock } from '../clock.js'
import type { CollectionPlan } from '../database/database.js'
import type { Random } from '../random.js'

interface MarkDocument {
  _id: string
  people: string[]
  at: Date
  /** The write is done, and what it changed can be read. */
  closed: boolean
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    people: [String],
    at: { type: Date, required: true },
    closed: { type: Boolean, required: true },
  },
  { versionKey: false, collection: 'standing_marks', strict: 'throw' },
)

const days = 86_400

export const markCollections: readonly CollectionPlan[] = [
  {
    collection: 'standing_marks',
    indexes: [{ key: { at: 1 }, options: { expireAfterSeconds: 2 * days } }],
  },
]

// A write that has been open for so long belongs to a process that died in it.
const abandonedAfter = 60_000
// Clocks of several processes differ, and a mark becomes readable a little after its time.
const overlap = 30_000

/**
 * Marks whose standing a write may change, so that every process works it out anew, and a crash in
 * the middle of the write hides nothing.
 */
export interface Marks {
  /** Does a write between opening and closing its marks. */
  around: <Result>(people: readonly string[], write: () => Promise<Result>) => Promise<Result>
  /**
   * People marked since this was last asked, by any process. The first call answers nobody: it
   * begins the count, before everything is read.
   */
  news(): Promise<string[]>
}

const batch = 5000

export function createMarks(connection: Connection, clock: Clock, random: Random): Marks {
  const marks = connection.model<MarkDocument>('standing_marks', schema)
  const ids = random.stream('marks')
  const seen = new Map<string, number>()
  let from: number | undefined

  return {
    async around(people, write) {
      const opened = chunk(uniq([...people]), batch).map((some) => ({
        _id: ids.id(),
        people: some,
        at: clock.now(),
        closed: false,
      }))
      if (opened.length > 0) await marks.insertMany(opened, { lean: true })
      try {
        return await write()
      } finally {
        const own = opened.map(({ _id }) => _id)
        await marks.updateMany(
          { _id: trusted({ $in: own }) },
          {
            $set: { closed: true, at: clock.now() },
          },
        )
      }
    },
    async news() {
      const now = clock.now().getTime()
      const first = from === undefined
      const since = new Date((from ?? now) - overlap - abandonedAfter)
      const found = await marks.find({ at: trusted({ $gte: since }) }).lean<MarkDocument[]>()
      const fresh = found.filter(
        ({ _id, closed, at }) => !seen.has(_id) && (closed || at.getTime() < now - abandonedAfter),
      )
      for (const [id, at] of seen) if (at < since.getTime()) seen.delete(id)
      for (const { _id, at } of fresh) seen.set(_id, at.getTime())
      from = now
      // What was closed before the count begins is read with everything else.
      return first ? [] : uniq(fresh.flatMap(({ people }) => people))
    },
  }
}
