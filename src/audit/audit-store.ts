import { Schema, trusted, type Connection } from 'mongoose'
import type { CollectionPlan } from '../database/database.js'

export interface AuditDocument {
  _id: string
  at: Date
  actor: { kind: string; id?: string; person?: string }
  act: string
  people: string[]
  particulars: Record<string, unknown>
  /** Random bytes that keep the entry's commitment from being guessed. */
  salt: string
  /** Present until the sealer has given the entry its place. */
  waiting?: true
  /** Contiguous from 0, in the order of sealing. */
  place?: number
}

const text = { type: String, required: true }
const schema = new Schema(
  {
    _id: text,
    at: { type: Date, required: true },
    actor: { kind: text, id: String, person: String },
    act: text,
    people: { type: [String], default: [] },
    particulars: { type: Object, default: {} },
    salt: text,
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
        key: { place: 1 },
        options: { unique: true, partialFilterExpression: { place: { $exists: true } } },
      },
      { key: { at: 1, _id: 1 }, options: { partialFilterExpression: { waiting: true } } },
      { key: { people: 1, at: 1 } },
      { key: { act: 1, at: 1 } },
    ],
  },
]

export function createAuditStore(connection: Connection) {
  const entries = connection.model<AuditDocument>('audit', schema)
  return {
    /** Adds entries; one whose id is there already is left as it is. */
    async add(documents: readonly AuditDocument[]): Promise<void> {
      await entries
        .insertMany(documents, { ordered: false, lean: true })
        .catch((error: unknown) => {
          if ((error as { code?: number }).code !== 11000) throw error
        })
    },
    waiting: (limit: number) =>
      entries.find({ waiting: true }).sort({ at: 1, _id: 1 }).limit(limit).lean<AuditDocument[]>(),
    async nextPlace(): Promise<number> {
      const last = await entries
        .findOne({ place: trusted({ $exists: true }) })
        .sort({ place: -1 })
        .lean<AuditDocument>()
      return last?.place === undefined ? 0 : last.place + 1
    },
    /** Gives entries their places in order; stops at the first that another sealer has placed. */
    async place(ids: readonly string[], first: number): Promise<void> {
      await entries.bulkWrite(
        ids.map((id, at) => ({
          updateOne: {
            filter: { _id: id, waiting: true as const },
            update: { $set: { place: first + at }, $unset: { waiting: 1 } },
          },
        })),
        { ordered: true },
      )
    },
    about: (person: string, limit: number) =>
      entries.find({ people: person }).sort({ at: -1 }).limit(limit).lean<AuditDocument[]>(),
  }
}
