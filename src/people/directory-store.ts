import { Schema, type Connection } from 'mongoose'
import type { Day } from '../clock.js'
import type { CollectionPlan } from '../database/database.js'
import type { ChangeKind } from './directory-plan.js'
import type { DirectoryFile } from './directory-rows.js'

/** One import of the directory: its files, and how far it has come. */
export interface ImportDocument {
  _id: string
  source: string
  /** Ids of the stored files, by which file of the directory each is. */
  files: Partial<Record<DirectoryFile, string>>
  state: 'rehearsed' | 'confirmed' | 'done'
  rehearsedAt: Date
  /** The date on which rows that are gone are ended, and the moment all its versions bear. */
  on?: Day
  confirmedAt?: Date
  /** How many rows it was confirmed to change. */
  counts?: Record<ChangeKind, number>
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    source: { type: String, required: true },
    files: { type: Object, required: true },
    state: { type: String, required: true },
    rehearsedAt: { type: Date, required: true },
    on: String,
    confirmedAt: Date,
    counts: Object,
  },
  { versionKey: false, collection: 'directory_imports', strict: 'throw' },
)

export const directoryCollections: readonly CollectionPlan[] = [
  { collection: 'directory_imports', indexes: [{ key: { state: 1 } }] },
]

export function createDirectoryStore(connection: Connection) {
  const imports = connection.model<ImportDocument>('directory_imports', schema)
  return {
    async rehearsed(document: ImportDocument): Promise<void> {
      await imports.create(document)
    },
    find: (id: string) => imports.findOne({ _id: id }).lean<ImportDocument>(),
    /** Marks a rehearsed import as confirmed; one that is confirmed already keeps its date. */
    async confirm(
      id: string,
      confirmed: Required<Pick<ImportDocument, 'on' | 'confirmedAt' | 'counts'>>,
    ): Promise<ImportDocument | null> {
      await imports.updateOne(
        { _id: id, state: 'rehearsed' },
        { $set: { state: 'confirmed', ...confirmed } },
      )
      return imports.findOne({ _id: id }).lean<ImportDocument>()
    },
    async done(id: string): Promise<void> {
      await imports.updateOne({ _id: id }, { $set: { state: 'done' } })
    },
    unfinished: () => imports.find({ state: 'confirmed' }).lean<ImportDocument[]>(),
  }
}
