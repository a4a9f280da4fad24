import { Schema, type Connection } from 'mongoose'
import type { CollectionPlan } from '../database/database.js'

/** A request that a program may send again, and what it was answered. */
export interface KeptReply {
  /** The API key and the `Idempotency-Key`. */
  _id: string
  /** A fingerprint of what was asked for: the same name for something else is refused. */
  asked: string
  at: Date
  status?: number
  body?: string
}

const collection = 'api_replies'
const keptSeconds = 7 * 86_400

export const replyCollections: readonly CollectionPlan[] = [
  { collection, indexes: [{ key: { at: 1 }, options: { expireAfterSeconds: keptSeconds } }] },
]

const schema = new Schema(
  { _id: String, asked: String, at: Date, status: Number, body: String },
  { versionKey: false, collection, strict: 'throw' },
)

export type RepliesStore = ReturnType<typeof createRepliesStore>

export function createRepliesStore(connection: Connection) {
  const replies = connection.model<KeptReply>('api_replies', schema)
  return {
    /** The request as it was first sent; this one, where it is the first. */
    async begin(request: Pick<KeptReply, '_id' | 'asked' | 'at'>): Promise<KeptReply | undefined> {
      const before = await replies
        .findOneAndUpdate({ _id: request._id }, { $setOnInsert: request }, { upsert: true })
        .lean<KeptReply>()
      return before ?? undefined
    },
    async answer(id: string, status: number, body: string): Promise<void> {
      await replies.updateOne({ _id: id }, { $set: { status, body } })
    },
    async forget(id: string): Promise<void> {
      await replies.deleteOne({ _id: id })
    },
  }
}
