import { Schema, trusted, type Connection } from 'mongoose'
import type { Actor } from '../actor.js'
import type { CollectionPlan } from '../database/database.js'
import type { Fault } from '../errors.js'
import type { Fixes, Reading } from './row.js'
import type { Deed } from './training-session.js'
import type { JudgedRow, Verdict } from './verdict.js'
import type { UnplannedSession } from './whereabouts.js'

/** Whether everything had to be good, or only the good rows were taken; chosen, and recorded. */
export type Which = 'all' | 'good'

export type UploadState = 'rehearsed' | 'confirmed' | 'done' | 'undoing' | 'undone'

/** One uploaded register: what it was, how it is read, and how far it has come. */
export interface Upload {
  id: string
  state: UploadState
  file: { name: string; size: number; sha256: string; kept?: string }
  uploaded: Deed
  reading: Reading
  /** Which columns could not be read from, by heading: notes are dropped, others passed over. */
  dropped: readonly string[]
  notes: readonly Fault[]
  /** What is wrong with the file as a whole, or missing from its headings; then no row counts. */
  faults: readonly Fault[]
  rows: number
  counts: Readonly<Record<Verdict, number>>
  /** Training sessions that only this file knows; with their ids once it is confirmed. */
  unplanned: readonly (UnplannedSession & { id?: string })[]
  /** Of all verdicts together: what is confirmed must be what was seen. */
  digest: string
  /** Grows with every change of what is to be read or how. */
  edition: number
  confirmed?: Deed & { which: Which }
  /** Rows whose statements have been written, of those to be written. */
  progress: { done: number; of: number }
  undone?: Deed & { reason: string }
  /** Its rows and its file are no longer kept. */
  pruned?: true
}

/** A row as it is kept while its upload is: cells, mended cells, whom somebody chose, and its verdict. */
export interface KeptRow {
  line: number
  cells: readonly string[]
  formulas?: readonly number[]
  fixes?: Fixes
  choice?: string
  judged?: JudgedRow
  /** The id of the statement it makes, once it is confirmed. */
  statement?: string
}

/** So many rows lie in one document. */
export const rowsInChunk = 500

interface ChunkDocument {
  _id: string
  upload: string
  place: number
  rows: KeptRow[]
}
type UploadDocument = Omit<Upload, 'id'> & { _id: string }

const text = { type: String, required: true }
const thing = { type: Object, required: true }
const number = { type: Number, required: true }
const schema = new Schema(
  {
    _id: text,
    state: text,
    file: thing,
    uploaded: thing,
    reading: thing,
    dropped: [String],
    notes: [Object],
    faults: [Object],
    rows: number,
    counts: thing,
    unplanned: [Object],
    digest: { type: String, default: '' },
    edition: number,
    confirmed: { type: Object, default: undefined },
    progress: thing,
    undone: { type: Object, default: undefined },
    pruned: Boolean,
  },
  { versionKey: false, collection: 'register_uploads', strict: 'throw', minimize: false },
)
const chunkSchema = new Schema(
  { _id: text, upload: text, place: number, rows: [Object] },
  { versionKey: false, collection: 'register_upload_rows', strict: 'throw' },
)

export const uploadCollections: readonly CollectionPlan[] = [
  {
    collection: 'register_uploads',
    indexes: [
      { key: { state: 1, 'uploaded.at': 1 } },
      { key: { 'file.sha256': 1 } },
      { key: { 'uploaded.at': 1 } },
    ],
  },
  { collection: 'register_upload_rows', indexes: [{ key: { upload: 1, place: 1 } }] },
]

const uploadOf = ({ _id, ...fields }: UploadDocument): Upload => ({ id: _id, ...fields })

export type UploadsStore = ReturnType<typeof createUploadsStore>

export function createUploadsStore(connection: Connection) {
  const uploads = connection.model<UploadDocument>('register_uploads', schema)
  const chunks = connection.model<ChunkDocument>('register_upload_rows', chunkSchema)
  const find = async (filter: object): Promise<Upload[]> => {
    const found = await uploads
      .find(filter)
      .sort({ 'uploaded.at': -1 })
      .limit(500)
      .lean<UploadDocument[]>()
    return found.map(uploadOf)
  }

  return {
    async add({ id, ...fields }: Upload): Promise<void> {
      await uploads.create({ _id: id, ...fields })
    },
    async find(id: string): Promise<Upload | undefined> {
      const document = await uploads.findOne({ _id: id }).lean<UploadDocument>()
      return document ? uploadOf(document) : undefined
    },
    by: (actor: Actor) =>
      find(actor.kind === 'person' ? { 'uploaded.by.account': actor.account } : {}),
    all: () => find({}),
    inState: (state: UploadState) => find({ state }),
    rehearsedBefore: (at: Date) =>
      find({ state: 'rehearsed', 'uploaded.at': trusted({ $lt: at }) }),
    withFile: (sha256: string) => find({ 'file.sha256': sha256 }),
    /** Long done, with rows still kept. */
    unprunedBefore: (at: Date) =>
      find({
        pruned: trusted({ $exists: false }),
        'uploaded.at': trusted({ $lt: at }),
        state: trusted({ $in: ['done', 'undone'] }),
      }),
    /** Changes an upload that is in a state and edition; answers whether it did. */
    async change(
      { id, state, edition }: Pick<Upload, 'id' | 'state' | 'edition'>,
      fields: Partial<Upload>,
    ): Promise<boolean> {
      const next = { edition: edition + 1, ...fields }
      const result = await uploads.updateOne({ _id: id, state, edition }, { $set: next })
      return result.modifiedCount === 1
    },
    async finish(id: string, from: UploadState, to: UploadState): Promise<void> {
      await uploads.updateOne({ _id: id, state: from }, { $set: { state: to } })
    },
    async advance(id: string, done: number): Promise<void> {
      await uploads.updateOne({ _id: id }, { $max: { 'progress.done': done } })
    },
    /** Drops what was kept of a file but who sent it, when, and its digest. */
    async drop(id: string, whole: boolean): Promise<void> {
      await chunks.deleteMany({ upload: id })
      if (whole) await uploads.deleteOne({ _id: id })
      else
        await uploads.updateOne({ _id: id }, { $set: { pruned: true }, $unset: { 'file.kept': 1 } })
    },
    /** Writes rows from a place on, whatever lay there. */
    async putRows(upload: string, place: number, rows: readonly KeptRow[]): Promise<void> {
      await chunks.collection.replaceOne(
        { _id: `${upload}:${place}` as never },
        { upload, place, rows: [...rows] },
        { upsert: true },
      )
    },
    /** Rows in their order, a chunk at a time. */
    async *rows(upload: string): AsyncGenerator<{ place: number; rows: KeptRow[] }> {
      for (let place = 0; ; place++) {
        const chunk = await chunks.collection.findOne({ _id: `${upload}:${place}` as never })
        if (!chunk) return
        yield { place, rows: (chunk as unknown as ChunkDocument).rows }
      }
    },
    async chunk(upload: string, place: number): Promise<KeptRow[]> {
      const found = await chunks.collection.findOne({ _id: `${upload}:${place}` as never })
      return found ? (found as unknown as ChunkDocument).rows : []
    },
  }
}
