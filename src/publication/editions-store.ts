import { Schema, trusted, type Connection } from 'mongoose'
import type { Day } from '../clock.js'
import type { CollectionPlan } from '../database/database.js'

/** An edition on its way, or published: then its bytes never change. */
export interface EditionDocument {
  _id: string
  asAt: Day
  preparedAt: Date
  publishOn: Day
  /** Who has been told that they will be named. */
  named: string[]
  /** The signed JSON, byte for byte. */
  json?: string
  publishedAt?: Date
}

const needed = { type: String, required: true }
const schema = new Schema(
  {
    _id: needed,
    asAt: needed,
    preparedAt: { type: Date, required: true },
    publishOn: needed,
    named: [String],
    json: String,
    publishedAt: Date,
  },
  { versionKey: false, collection: 'editions', strict: 'throw' },
)

export const editionCollections: readonly CollectionPlan[] = [
  { collection: 'editions', indexes: [{ key: { publishedAt: -1 } }, { key: { publishOn: 1 } }] },
]

export function createEditionsStore(connection: Connection) {
  const editions = connection.model<EditionDocument>('editions', schema)
  const there = trusted({ $exists: true })
  const absent = trusted({ $exists: false })
  return {
    async add(document: EditionDocument): Promise<void> {
      await editions.create(document)
    },
    published: () =>
      editions.find({ json: there }).sort({ publishedAt: -1 }).lean<EditionDocument[]>(),
    /** The same without what they say: the register's own page lists them all. */
    outlines: () =>
      editions
        .find({ json: there }, { asAt: 1, publishedAt: 1 })
        .sort({ publishedAt: -1 })
        .lean<Pick<EditionDocument, '_id' | 'asAt' | 'publishedAt'>[]>(),
    latest: () =>
      editions.findOne({ json: there }).sort({ publishedAt: -1 }).lean<EditionDocument>(),
    prepared: () =>
      editions.find({ json: absent }).sort({ publishOn: 1 }).lean<EditionDocument[]>(),
    find: (id: string) => editions.findOne({ _id: id, json: there }).lean<EditionDocument>(),
    /** Freezes an edition; answers whether this call was the one. */
    async publish(id: string, json: string, publishedAt: Date): Promise<boolean> {
      const change = { $set: { json, publishedAt } }
      return (await editions.updateOne({ _id: id, json: absent }, change)).modifiedCount === 1
    },
    async withdraw(id: string): Promise<boolean> {
      return (await editions.deleteOne({ _id: id, json: absent })).deletedCount === 1
    },
  }
}
