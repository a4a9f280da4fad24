import { Schema, trusted, type Connection } from 'mongoose'
import { addMissing, type CollectionPlan } from '../database/database.js'
import { leafOf, logNames, type AuditDocument, type LogName } from './entry.js'
import { ledgerCollections, type LedgerEntries } from './ledger-store.js'

const text = { type: String, required: true }
const schema = new Schema(
  {
    _id: text,
    log: text,
    at: { type: Date, required: true },
    actor: { kind: text, id: String, person: String },
    act: text,
    people: { type: [String], default: [] },
    particulars: { type: Object, default: {} },
    salt: String,
    cover: String,
    waiting: Boolean,
    place: Number,
  },
  { versionKey: false, collection: 'audit', strict: 'throw', minimize: false },
)

export const auditCollections: readonly CollectionPlan[] = [
  {
    collection: 'audit',
    indexes: [
      {
        key: { log: 1, place: 1 },
        options: { unique: true, partialFilterExpression: { place: { $exists: true } } },
      },
      { key: { log: 1, at: 1, _id: 1 }, options: { partialFilterExpression: { waiting: true } } },
      { key: { people: 1, at: 1 } },
      { key: { act: 1, at: 1 } },
    ],
  },
  ...logNames.flatMap(ledgerCollections),
]

export function createAuditStore(connection: Connection) {
  const entries = connection.model<AuditDocument>('audit', schema)
  return {
    /** Adds entries; one whose id is there already is left as it is. */
    async add(documents: readonly AuditDocument[]): Promise<void> {
      await addMissing(entries.insertMany(documents, { ordered: false, lean: true }))
    },
    find: (id: string) => entries.findOne({ _id: id }).lean<AuditDocument>(),
    about: (person: string, limit: number) =>
      entries.find({ people: person }).sort({ at: -1 }).limit(limit).lean<AuditDocument[]>(),
    /** Empties entries about a person; what was sealed of them stays in its place and says nothing. */
    async forget(person: string): Promise<number> {
      const about = { $or: [{ people: person }, { 'actor.person': person }] }
      const { modifiedCount } = await entries.updateMany(
        { ...about, waiting: trusted({ $exists: false }) },
        {
          $set: { people: [], particulars: {}, actor: { kind: 'forgotten' } },
          $unset: { salt: 1, cover: 1 },
        },
      )
      return modifiedCount
    },
    /** The entries of one log, as its sealer wants them. */
    entriesOf: (log: LogName): LedgerEntries => ({
      async waiting(limit) {
        const found = await entries
          .find({ log, waiting: true })
          .sort({ at: 1, _id: 1 })
          .limit(limit)
          .lean<AuditDocument[]>()
        return found.flatMap((document) => {
          const leaf = leafOf(document)
          return leaf ? [{ id: document._id, leaf }] : []
        })
      },
      async placed(ids, first) {
        await entries.bulkWrite(
          ids.map((id, at) => ({
            updateOne: {
              filter: { _id: id },
              update: { $set: { place: first + at }, $unset: { waiting: 1 } },
            },
          })),
          { ordered: true },
        )
      },
      async from(place, limit) {
        const found = await entries
          .find({ log, place: trusted({ $gte: place, $lt: place + limit }) })
          .lean<AuditDocument[]>()
        return found.map((document) => {
          const leaf = leafOf(document)
          return { place: document.place ?? 0, ...(leaf ? { leaf } : {}) }
        })
      },
    }),
  }
}
