import { Schema, trusted, type Connection } from 'mongoose'
import type { CollectionPlan } from '../database/database.js'
import type { Message } from './message.js'

export interface OutboxDocument {
  /** The key under which a repeated message is recognised. */
  _id: string
  message: Message
  at: Date
  /** When to try, or try again; absent once the message is settled. */
  next?: Date
  attempts: number
  settled?: 'sent' | 'not-wanted' | 'given-up'
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    message: { type: Object, required: true },
    at: { type: Date, required: true },
    next: Date,
    attempts: { type: Number, required: true },
    settled: String,
  },
  { versionKey: false, collection: 'outbox', strict: 'throw', minimize: false },
)

export const outboxCollections: readonly CollectionPlan[] = [
  {
    collection: 'outbox',
    indexes: [
      { key: { next: 1 }, options: { sparse: true } },
      { key: { 'message.person': 1, at: 1 } },
    ],
  },
]

export function createOutboxStore(connection: Connection) {
  const outbox = connection.model<OutboxDocument>('outbox', schema)
  return {
    /** Puts messages in; one whose key is there already is left as it is. */
    async add(documents: readonly OutboxDocument[]): Promise<void> {
      await outbox.insertMany(documents, { ordered: false, lean: true }).catch((error: unknown) => {
        if ((error as { code?: number }).code !== 11000) throw error
      })
    },
    due: (now: Date, limit: number) =>
      outbox
        .find({ next: trusted({ $lte: now }) })
        .sort({ next: 1 })
        .limit(limit)
        .lean<OutboxDocument[]>(),
    async settle(id: string, settled: NonNullable<OutboxDocument['settled']>): Promise<void> {
      await outbox.updateOne({ _id: id }, { $set: { settled }, $unset: { next: 1 } })
    },
    async retry(id: string, next: Date): Promise<void> {
      await outbox.updateOne({ _id: id }, { $set: { next }, $inc: { attempts: 1 } })
    },
    /** How many messages have been put in for a person since a moment. */
    count: (person: string, since: Date) =>
      outbox.countDocuments({ 'message.person': person, at: trusted({ $gte: since }) }),
  }
}
