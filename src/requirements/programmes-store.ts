import { Schema, type Connection } from 'mongoose'
import type { Day } from '../clock.js'
import type { CollectionPlan } from '../database/database.js'

/** A programme as it was adopted: its text, whole, and the dates from which it holds and was known. */
export interface ProgrammeDocument {
  /** The proposal that brought it in; `first` for the one that came with the content. */
  _id: string
  text: string
  from: Day
  adoptedAt: Date
  withdrawnAt?: Date
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    text: { type: String, required: true },
    from: { type: String, required: true },
    adoptedAt: { type: Date, required: true },
    withdrawnAt: Date,
  },
  { versionKey: false, collection: 'programmes', strict: 'throw' },
)

export const programmeCollections: readonly CollectionPlan[] = [
  { collection: 'programmes', indexes: [] },
]

export function createProgrammesStore(connection: Connection) {
  const programmes = connection.model<ProgrammeDocument>('programmes', schema)
  return {
    all: () => programmes.find().sort({ from: 1, adoptedAt: 1 }).lean<ProgrammeDocument[]>(),
    /** Adopts a programme; the same one again is left as it is. */
    async adopt({ _id, ...fields }: ProgrammeDocument): Promise<void> {
      await programmes.updateOne({ _id }, { $setOnInsert: fields }, { upsert: true })
    },
    async withdraw(id: string, withdrawnAt: Date): Promise<void> {
      await programmes.updateOne({ _id: id }, { $set: { withdrawnAt } })
    },
  }
}
