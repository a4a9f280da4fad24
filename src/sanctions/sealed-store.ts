import { Schema, trusted, type Connection } from 'mongoose'
import { addMissing, type CollectionPlan } from '../database/database.js'

/**
 * A sealed thing as it lies in the database. Nothing in it says what it is, whose it is, which body's
 * or when it was made: random ids, keyed hashes, and bytes of a size class.
 */
export interface SealedDocument {
  id: string
  /** Random, new with every change: whoever replaces it must have read this one. */
  revision: string
  /** Keyed hashes by which it is found. */
  tags: string[]
  /** Keyed hashes that only one may have; never empty. */
  unique: string[]
  /** Whether something is still to be done with it. */
  waiting: boolean
  /** Its data key, wrapped. */
  key: Buffer
  box: Buffer
}

interface StoredDocument {
  _id: string
  v: string
  t: string[]
  u: string[]
  w?: true
  k: Uint8Array | { buffer: Uint8Array }
  d: Uint8Array | { buffer: Uint8Array }
}

/** One collection of sealed things. */
export interface Shelf {
  /** False where its id, or one of its unique hashes, is there already. */
  insert(document: SealedDocument): Promise<boolean>
  /** Inserts what is not there yet, and leaves alone what is. */
  insertMissing(documents: readonly SealedDocument[]): Promise<void>
  /** Replaces the version that was read; false where somebody else was faster. */
  replace(document: SealedDocument, read: string): Promise<boolean>
  /** The same for many in one write; answers, in their order, which were replaced. */
  replaceEach(changes: readonly { document: SealedDocument; read: string }[]): Promise<boolean[]>
  byIds(ids: readonly string[]): Promise<SealedDocument[]>
  tagged(tags: readonly string[]): Promise<SealedDocument[]>
  unique(hashes: readonly string[]): Promise<SealedDocument[]>
  /** Those with something left to do, by id and revision. */
  waiting(limit: number): Promise<Pick<SealedDocument, 'id' | 'revision'>[]>
  /** Nothing is left to do with these. */
  settle(ids: readonly string[]): Promise<void>
  /** Everything, in batches. */
  all(batch: number): AsyncIterable<SealedDocument[]>
  remove(ids: readonly string[]): Promise<void>
  removeTagged(tags: readonly string[]): Promise<void>
}

export interface SealedStore {
  /** One document per outcome: all its steps. */
  outcomes: Shelf
  /** Everything else: log entries, deliveries, mail, replies, certificates. */
  parts: Shelf
}

const collections = { outcomes: 'sealed', parts: 'sealed_parts' } as const

export const sealedCollections: readonly CollectionPlan[] = Object.values(collections).map(
  (collection) => ({
    collection,
    indexes: [
      { key: { t: 1 } },
      { key: { u: 1 }, options: { unique: true } },
      { key: { w: 1 }, options: { partialFilterExpression: { w: true } } },
    ],
  }),
)

const schemaFor = (collection: string) =>
  new Schema(
    {
      _id: { type: String, required: true },
      v: { type: String, required: true },
      t: { type: [String], required: true },
      u: { type: [String], required: true },
      w: Boolean,
      k: { type: Buffer, required: true },
      d: { type: Buffer, required: true },
    },
    { versionKey: false, collection, strict: 'throw' },
  )

const bytes = (held: StoredDocument['k']): Buffer =>
  Buffer.from(held instanceof Uint8Array ? held : held.buffer)

const outOf = (stored: StoredDocument): SealedDocument => ({
  id: stored._id,
  revision: stored.v,
  tags: stored.t,
  unique: stored.u,
  waiting: stored.w ?? false,
  key: bytes(stored.k),
  box: bytes(stored.d),
})

const into = ({ id, revision, tags, unique, waiting, key, box }: SealedDocument) => ({
  _id: id,
  v: revision,
  t: tags,
  u: unique,
  ...(waiting ? { w: true as const } : {}),
  k: key,
  d: box,
})

const replacement = (document: SealedDocument, read: string) => {
  const { _id, ...fields } = into(document)
  const update = { $set: fields, ...(document.waiting ? {} : { $unset: { w: 1 as const } }) }
  return { filter: { _id, v: read }, update }
}

function createShelf(connection: Connection, collection: string): Shelf {
  const model = connection.model<StoredDocument>(collection, schemaFor(collection))
  const plain = connection.collection<StoredDocument>(collection)
  const find = async (filter: object): Promise<SealedDocument[]> =>
    (await model.find(filter).lean<StoredDocument[]>()).map(outOf)
  return {
    insert: (document) => addMissing(model.insertMany([into(document)], { lean: true })),
    async insertMissing(documents) {
      if (documents.length === 0) return
      await addMissing(model.insertMany(documents.map(into), { ordered: false, lean: true }))
    },
    async replace(document, read) {
      const { filter, update } = replacement(document, read)
      return (await model.updateOne(filter, update)).matchedCount === 1
    },
    async replaceEach(changes) {
      if (changes.length === 0) return []
      const writes = changes.map(({ document, read }) => replacement(document, read))
      const { matchedCount } = await plain.bulkWrite(
        writes.map(({ filter, update }) => ({ updateOne: { filter, update } })),
        { ordered: false },
      )
      if (matchedCount === changes.length) return changes.map(() => true)
      const there = await find({ _id: trusted({ $in: changes.map((one) => one.document.id) }) })
      const kept = new Set(there.map(({ revision }) => revision))
      return changes.map(({ document }) => kept.has(document.revision))
    },
    byIds: (ids) => find({ _id: trusted({ $in: [...ids] }) }),
    tagged: (tags) => find({ t: trusted({ $in: [...tags] }) }),
    unique: (hashes) => find({ u: trusted({ $in: [...hashes] }) }),
    async waiting(limit) {
      // Past Mongoose: asked every second, for ten thousand deliveries if a receiver is off.
      const found = await plain
        .find<{ _id: string; v: string }>({ w: true }, { projection: { _id: 1, v: 1 }, limit })
        .toArray()
      return found.map(({ _id: id, v: revision }) => ({ id, revision }))
    },
    async settle(ids) {
      if (ids.length === 0) return
      await model.updateMany({ _id: trusted({ $in: [...ids] }) }, { $unset: { w: 1 } })
    },
    async *all(batch) {
      // Past Mongoose: ten thousand documents are read every day, and none needs to be cast.
      const cursor = plain.find({}, { batchSize: batch, promoteBuffers: true })
      try {
        while (await cursor.hasNext()) {
          const first = await cursor.next()
          yield [...(first ? [first] : []), ...cursor.readBufferedDocuments()].map(outOf)
        }
      } finally {
        await cursor.close()
      }
    },
    async remove(ids) {
      await model.deleteMany({ _id: trusted({ $in: [...ids] }) })
    },
    async removeTagged(tags) {
      await model.deleteMany({ t: trusted({ $in: [...tags] }) })
    },
  }
}

/** The sealed plane's own collections. Nobody but `vault` reads or writes them. */
export const createSealedStore = (connection: Connection): SealedStore => ({
  outcomes: createShelf(connection, collections.outcomes),
  parts: createShelf(connection, collections.parts),
})
