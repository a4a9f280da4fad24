import { Schema, trusted, type Connection } from 'mongoose'
import type { CollectionPlan, StoredFile } from '../database/database.js'
import type { Language } from '../language.js'
import type { Serial } from './serial.js'

export const bundleForms = ['zip', 'pdf'] as const
export type BundleForm = (typeof bundleForms)[number]

/** Certificates that somebody wants together, and how far that is. */
export interface StoredBundle {
  _id: string
  /** The account that may fetch it. */
  account: string
  title: string
  form: BundleForm
  language: Language
  serials: Serial[]
  at: Date
  /** After that it is gone; the certificates stay. */
  expiresAt: Date
  /** Present while one document is still to be made of them. */
  waiting?: true
  file?: StoredFile
  failed?: true
}

const text = { type: String, required: true }
const date = { type: Date, required: true }
const schema = new Schema(
  {
    _id: text,
    account: text,
    title: text,
    form: text,
    language: text,
    serials: { type: [String], required: true },
    at: date,
    expiresAt: date,
    waiting: Boolean,
    file: { type: Object, default: undefined },
    failed: Boolean,
  },
  { versionKey: false, collection: 'certificate_bundles', strict: 'throw' },
)

export const bundleCollection: CollectionPlan = {
  collection: 'certificate_bundles',
  indexes: [
    { key: { account: 1, at: -1 } },
    { key: { waiting: 1 }, options: { partialFilterExpression: { waiting: true } } },
    { key: { expiresAt: 1 } },
  ],
}

export type BundlesStore = ReturnType<typeof createBundlesStore>

export function createBundlesStore(connection: Connection) {
  const bundles = connection.model<StoredBundle>('certificate_bundles', schema)
  return {
    async add(bundle: StoredBundle): Promise<void> {
      await bundles.create(bundle)
    },
    find: (id: string) => bundles.findOne({ _id: id }).lean<StoredBundle>(),
    /** The youngest of an account, without what is in them. */
    of: (account: string, limit: number) =>
      bundles
        .find({ account }, { serials: 0 })
        .sort({ at: -1 })
        .limit(limit)
        .lean<Omit<StoredBundle, 'serials'>[]>(),
    toMake: () => bundles.findOne({ waiting: true }).lean<StoredBundle>(),
    /** Keeps the finished document; false where somebody else's is there already. */
    async made(id: string, file: StoredFile): Promise<boolean> {
      const { modifiedCount } = await bundles.updateOne(
        { _id: id, waiting: true },
        { $set: { file }, $unset: { waiting: 1 } },
      )
      return modifiedCount === 1
    },
    async failed(id: string): Promise<void> {
      await bundles.updateOne({ _id: id }, { $set: { failed: true }, $unset: { waiting: 1 } })
    },
    expired: (now: Date, limit: number) =>
      bundles
        .find({ expiresAt: trusted({ $lte: now }) }, { serials: 0 })
        .limit(limit)
        .lean<Omit<StoredBundle, 'serials'>[]>(),
    async remove(id: string): Promise<void> {
      await bundles.deleteOne({ _id: id })
    },
  }
}
