import { chunk } from 'es-toolkit'
import { Schema, trusted, type Connection } from 'mongoose'
import { addMissing, type CollectionPlan } from '../database/database.js'
import type { Sentence } from '../language.js'
import type { Afterlife } from './certificate.js'
import type { CertifiedCompletion } from './issued.js'
import { revocationReasonOf } from './revocation.js'

/** A completion whose certificate could not be issued yet, and what people are told of it. */
export interface WaitingCompletion {
  completion: CertifiedCompletion
  why: Sentence
  /** When it is tried again. */
  next: Date
}

type Revoked = NonNullable<Afterlife['revoked']>

interface WaitingDocument extends Partial<WaitingCompletion> {
  _id: string
  /** The completion was taken back: whatever is issued for it from now on is revoked at once. */
  annulled?: Revoked
}

const maybe = { type: Object, default: undefined }
const schema = new Schema(
  {
    _id: { type: String, required: true },
    completion: maybe,
    why: maybe,
    next: Date,
    annulled: maybe,
  },
  { versionKey: false, collection: 'certificates_waiting', strict: 'throw', minimize: false },
)

export const waitingCollection: CollectionPlan = {
  collection: 'certificates_waiting',
  indexes: [
    { key: { next: 1 }, options: { sparse: true } },
    { key: { 'completion.person': 1 }, options: { sparse: true } },
  ],
}

const waits = trusted({ $exists: true })

export type WaitingStore = ReturnType<typeof createWaitingStore>

/** What waits for a certificate: nothing is lost because a key was, or because a name cannot be written. */
export function createWaitingStore(connection: Connection) {
  const model = connection.model<WaitingDocument>('certificates_waiting', schema)
  const { collection } = model
  const find = async (filter: object, limit: number): Promise<WaitingCompletion[]> => {
    const found = await model.find(filter).sort({ next: 1 }).limit(limit).lean<WaitingDocument[]>()
    return found.flatMap(({ completion, why, next }) =>
      completion && why && next ? [{ completion, why, next }] : [],
    )
  }

  return {
    async put(many: readonly WaitingCompletion[]): Promise<void> {
      for (const batch of chunk([...many], 1000)) {
        const writes = batch.map(({ completion, why, next }) => ({
          updateOne: {
            filter: { _id: completion.id as never, annulled: { $exists: false } },
            update: { $set: { completion, why, next } },
            upsert: true,
          },
        }))
        // One that has been taken back in the meantime does not begin to wait again.
        await addMissing(collection.bulkWrite(writes, { ordered: false }))
      }
    },
    due: (now: Date, limit: number) => find({ next: trusted({ $lte: now }) }, limit),
    of: (person: string) => find({ 'completion.person': person, next: waits }, 1000),
    /** How many wait, by the sentence that says why. */
    async counts(): Promise<{ why: Sentence; count: number }[]> {
      const found = await model.aggregate<{ count: number; why: Sentence }>([
        { $match: { next: { $exists: true } } },
        { $group: { _id: '$why.key', count: { $sum: 1 }, why: { $first: '$why' } } },
        { $sort: { _id: 1 } },
      ])
      return found.map(({ why, count }) => ({ why, count }))
    },
    /** They have got their certificates. */
    async remove(completions: readonly string[]): Promise<void> {
      await model.deleteMany({ _id: trusted({ $in: [...completions] }), next: waits })
    },
    async annul(completions: readonly string[], annulled: Revoked): Promise<void> {
      if (completions.length === 0) return
      const writes = completions.map((id) => ({
        updateOne: {
          filter: { _id: id as never },
          update: { $set: { annulled }, $unset: { completion: '', why: '', next: '' } },
          upsert: true,
        },
      }))
      await collection.bulkWrite(writes, { ordered: false })
    },
    /** Which of these completions have been taken back, and why. */
    async annulled(completions: readonly string[]): Promise<Map<string, Revoked>> {
      const found = await model
        .find({ _id: trusted({ $in: [...completions] }), annulled: waits })
        .lean<WaitingDocument[]>()
      return new Map(
        found.flatMap(({ _id, annulled }) =>
          annulled ? [[_id, { on: annulled.on, reason: revocationReasonOf(annulled.reason) }]] : [],
        ),
      )
    },
  }
}
