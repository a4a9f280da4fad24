import { Schema, trusted, type Connection } from 'mongoose'
import { addMissing, type CollectionPlan } from '../database/database.js'
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
  /** When it was sent, and in which mail. */
  sentAt?: Date
  mail?: string
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    message: { type: Object, required: true },
    at: { type: Date, required: true },
    next: Date,
    attempts: { type: Number, required: true },
    settled: String,
    sentAt: Date,
    mail: String,
  },
  { versionKey: false, collection: 'outbox', strict: 'throw', minimize: false },
)

export const outboxCollections: readonly CollectionPlan[] = [
  {
    collection: 'outbox',
    indexes: [
      { key: { next: 1 }, options: { sparse: true } },
      { key: { 'message.to': 1, sentAt: 1 }, options: { sparse: true } },
    ],
  },
]

export function createOutboxStore(connection: Connection) {
  const outbox = connection.model<OutboxDocument>('outbox', schema)
  return {
    /** Puts messages in; one whose key is there already is left as it is. */
    async add(documents: readonly OutboxDocument[]): Promise<void> {
      await addMissing(outbox.insertMany(documents, { ordered: false, lean: true }))
    },
    due: (now: Date, limit: number) =>
      outbox
        .find({ next: trusted({ $lte: now }) })
        .sort({ next: 1 })
        .limit(limit)
        .lean<OutboxDocument[]>(),
    async settle(
      ids: readonly string[],
      settled: NonNullable<OutboxDocument['settled']>,
      sent: Pick<OutboxDocument, 'sentAt' | 'mail'> = {},
    ): Promise<void> {
      const change = { $set: { settled, ...sent }, $unset: { next: 1 } }
      await outbox.updateMany({ _id: trusted({ $in: ids }) }, change)
    },
    /** Leaves some until later, as if they had been put in for then. */
    async wait(ids: readonly string[], next: Date): Promise<void> {
      await outbox.updateMany({ _id: trusted({ $in: ids }) }, { $set: { next } })
    },
    async retry(id: string, next: Date): Promise<void> {
      await outbox.updateOne({ _id: id }, { $set: { next }, $inc: { attempts: 1 } })
    },
    /** How many mails that could wait an address has had since a moment. */
    async calmMails(to: string, since: Date): Promise<number> {
      const found = await outbox
        .find(
          { 'message.to': to, 'message.calm': true, sentAt: trusted({ $gte: since }) },
          { mail: 1 },
        )
        .lean<OutboxDocument[]>()
      return new Set(found.map(({ mail }) => mail)).size
    },
  }
}
