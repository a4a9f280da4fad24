import { gunzipSync, gzipSync } from 'node:zlib'
import { Schema, trusted, type Connection } from 'mongoose'
import type { CourseImage, CourseVersion } from '../courses/courses.js'
import { addMissing, type CollectionPlan } from '../database/database.js'

/** What is known of a kept version without opening it. */
export interface Edition {
  hash: string
  course: string
  label: string
  change: CourseVersion['change']
  /** When it was first taught here. */
  keptAt: Date
}

interface EditionDocument extends Omit<Edition, 'hash'> {
  _id: string
  /** The version as JSON, packed. */
  content?: { buffer: Uint8Array }
}

interface ImageDocument {
  _id: string
  type: CourseImage['type']
  bytes: { buffer: Uint8Array }
}

const text = { type: String, required: true }
const editionSchema = new Schema(
  {
    _id: text,
    course: text,
    label: text,
    change: text,
    keptAt: { type: Date, required: true },
    content: { type: Buffer, required: true },
  },
  { versionKey: false, collection: 'course_versions', strict: 'throw' },
)
const imageSchema = new Schema(
  { _id: text, type: text, bytes: { type: Buffer, required: true } },
  { versionKey: false, collection: 'course_images', strict: 'throw' },
)

export const shelfCollections: readonly CollectionPlan[] = [
  { collection: 'course_versions', indexes: [{ key: { course: 1, keptAt: 1 } }] },
  { collection: 'course_images', indexes: [] },
]

const editionOf = ({ _id, course, label, change, keptAt }: EditionDocument): Edition => ({
  hash: _id,
  course,
  label,
  change,
  keptAt,
})

export function createShelfStore(connection: Connection) {
  const versions = connection.model<EditionDocument>('course_versions', editionSchema)
  const images = connection.model<ImageDocument>('course_images', imageSchema)

  /** Adds what is not there yet; what another process has just added is the same by its hash. */
  const addTo = async (model: { insertMany: typeof versions.insertMany }, documents: object[]) => {
    if (documents.length === 0) return
    await addMissing(model.insertMany(documents, { ordered: false, lean: true }))
  }

  return {
    async editions(): Promise<Edition[]> {
      const found = await versions
        .find({}, { content: 0 })
        .sort({ keptAt: 1 })
        .lean<EditionDocument[]>()
      return found.map(editionOf)
    },
    async edition(hash: string): Promise<Edition | undefined> {
      const found = await versions.findById(hash, { content: 0 }).lean<EditionDocument>()
      return found ? editionOf(found) : undefined
    },
    async add(many: readonly CourseVersion[], keptAt: Date): Promise<void> {
      const documents = many.map((version) => ({
        _id: version.hash,
        course: version.course,
        label: version.label,
        change: version.change,
        keptAt,
        content: gzipSync(JSON.stringify(version)),
      }))
      await addTo(versions, documents)
    },
    async version(hash: string): Promise<CourseVersion | undefined> {
      const found = await versions.findById(hash).lean<EditionDocument>()
      if (!found?.content) return undefined
      return JSON.parse(gunzipSync(found.content.buffer).toString('utf8')) as CourseVersion
    },
    async addImages(many: readonly CourseImage[]): Promise<void> {
      const there = await images
        .find({ _id: trusted({ $in: many.map(({ hash }) => hash) }) }, { _id: 1 })
        .lean<Pick<ImageDocument, '_id'>[]>()
      const known = new Set(there.map(({ _id }) => _id))
      const fresh = many.filter(({ hash }) => !known.has(hash))
      await addTo(
        images as never,
        fresh.map(({ hash, type, bytes }) => ({ _id: hash, type, bytes: Buffer.from(bytes) })),
      )
    },
    async image(hash: string): Promise<CourseImage | undefined> {
      const found = await images.findById(hash).lean<ImageDocument>()
      return found ? { hash, type: found.type, bytes: found.bytes.buffer } : undefined
    },
  }
}
