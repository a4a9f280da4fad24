import { Schema, trusted, type Connection } from 'mongoose'
import type { CollectionPlan } from '../database/database.js'

interface ListDocument {
  /** Random; it stands in the list's address. */
  _id: string
  beganAt: Date
  /** How many places have been given out, or a few more after a crash. */
  taken: number
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    beganAt: { type: Date, required: true },
    taken: { type: Number, required: true },
  },
  { versionKey: false, collection: 'status_lists', strict: 'throw' },
)

export const listCollection: CollectionPlan = {
  collection: 'status_lists',
  indexes: [{ key: { taken: 1, beganAt: 1, _id: 1 } }],
}

export type ListsStore = ReturnType<typeof createListsStore>

export function createListsStore(connection: Connection) {
  const lists = connection.model<ListDocument>('status_lists', schema)
  return {
    /** The oldest list in which fewer than `most` places are taken. */
    async withRoom(most: number): Promise<string | undefined> {
      const found = await lists
        .findOne({ taken: trusted({ $lt: most }) })
        .sort({ beganAt: 1, _id: 1 })
        .lean<ListDocument>()
      return found?._id
    },
    async begin(id: string, beganAt: Date): Promise<void> {
      await lists.create({ _id: id, beganAt, taken: 0 })
    },
    async take(id: string, places: number): Promise<void> {
      await lists.updateOne({ _id: id }, { $inc: { taken: places } })
    },
    exists: async (id: string): Promise<boolean> =>
      (await lists.findOne({ _id: id }).lean<ListDocument>()) !== null,
    all: async (): Promise<string[]> =>
      (await lists.find().sort({ beganAt: 1, _id: 1 }).lean<ListDocument[]>()).map(
        ({ _id }) => _id,
      ),
  }
}
