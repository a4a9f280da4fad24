import { createHash } from 'node:crypto'
import type { Connection } from 'mongoose'
import type { Random } from '../random.js'
import type { CollectionPlan } from './migrations.js'

/** A file kept whole in the database, so that every process can serve it. */
export interface StoredFile {
  id: string
  size: number
  sha256: string
}

export interface Files {
  /** Stores bytes, durable when it resolves. Under a given id the same bytes may be put again. */
  put(bytes: Uint8Array, id?: string): Promise<StoredFile>
  /** The bytes, or nothing when there is no such file. Throws when what is stored has been altered. */
  find(id: string): Promise<Buffer | undefined>
  /** Removes a file; one that is not there is no error. */
  remove(id: string): Promise<void>
}

interface FileDocument {
  _id: string
  size: number
  sha256: string
}
interface ChunkDocument {
  _id: string
  data: { buffer: Uint8Array }
}

// A document may be 16 MB at most; half of that leaves room for the rest of a message.
const chunkSize = 8 * 1024 * 1024

export const fileCollections: readonly CollectionPlan[] = [
  { collection: 'files', indexes: [] },
  { collection: 'file_chunks', indexes: [] },
]

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

export function createFiles(connection: Connection, random: Random): Files {
  const files = connection.collection<FileDocument>('files')
  const chunks = connection.collection<ChunkDocument>('file_chunks')
  const chunkIds = (file: { _id: string; size: number }): string[] =>
    Array.from({ length: Math.ceil(file.size / chunkSize) }, (_, n) => `${file._id}:${n}`)

  return {
    async put(bytes, id = random.id()) {
      const file = { _id: id, size: bytes.length, sha256: sha256(bytes) }
      // Chunks first: a file that can be found is whole.
      for (const [n, chunk] of chunkIds(file).entries()) {
        const data = Buffer.from(bytes.subarray(n * chunkSize, (n + 1) * chunkSize))
        await chunks.replaceOne({ _id: chunk }, { data } as never, { upsert: true })
      }
      await files.replaceOne({ _id: id }, file, { upsert: true })
      return { id, size: file.size, sha256: file.sha256 }
    },
    async find(id) {
      const file = await files.findOne({ _id: id })
      if (!file) return undefined
      const parts: Uint8Array[] = []
      for (const chunk of chunkIds(file)) {
        const part = await chunks.findOne({ _id: chunk })
        if (part) parts.push(part.data.buffer)
      }
      const bytes = Buffer.concat(parts)
      if (sha256(bytes) !== file.sha256)
        throw new Error(`stored file ${id} does not match its hash`)
      return bytes
    },
    async remove(id) {
      const file = await files.findOneAndDelete({ _id: id })
      if (file) await chunks.deleteMany({ _id: { $in: chunkIds(file) } })
    },
  }
}
