import { Schema, type Connection } from 'mongoose'
import type { Day } from '../clock.js'
import type { CollectionPlan } from '../database/database.js'

/** A programme as it was adopted: its text, whole, and the dates from which it holds and was known. */
export interface ProgrammeDocument {
  /** SHA-256 of the text and the date it holds from. */
  _id: string
  text: string
  from: Day
  adoptedAt: Date
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    text: { type: String, required: true },
    from: { type: String, required: true },
    adoptedAt: { type: Date, required: true },
  },
  { versionKey: false, collection: 'programmes', strict: 'throw' },
)

export const programmeCollections: readonly CollectionPlan[] = [
  { collection: 'programmes', indexes: [{ key: { from: 1 } }] },
]

export function createProgrammesStore(connection: Connection) {
  const programmes = connection.model<ProgrammeDocument>('programmes', schema)
  return {
    all: () => programmes.find().sort({ from: 1, adoptedAt: 1 }).lean<ProgrammeDocument[]>(),
    /** Adopts a programme; the same one again is left as it is. */
    async adopt(document: ProgrammeDocument): Promise<void> {
      const { _id, ...fields } = document
      await programmes.updateOne({ _id }, { $setOnInsert: fields }, { upsert: true })
    },
  }
}
