import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { EJSON } from 'bson'
import { type Collection, type Db, MongoClient } from 'mongodb'
import { z } from 'zod'
import { DatabaseRefused } from './refused.js'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** `manifest.json` of a backup: of each collection its documents, and the SHA-256 of its two files. */
export const manifestShape = z.object({
  format: z.literal(1),
  database: z.string().regex(/^[^/\\. "$\0]+$/),
  collections: z.record(
    z.string().min(1),
    z.object({ documents: z.int().min(0), data: sha256, metadata: sha256 }),
  ),
})
export type Manifest = Readonly<z.infer<typeof manifestShape>>
export type CollectionRecord = Manifest['collections'][string]

/** Thrown when a backup is not whole, or the place for it is not empty; nothing has been done then. */
export class BackupRefused extends DatabaseRefused {}

export const manifestName = 'manifest.json'

/** Every type as it is, so that a number comes back as the kind of number it was. */
export const exact = { promoteValues: false, bsonRegExp: true }

/** A server by its connection string, with the name of a database where that does not tell it. */
export interface Place {
  readonly uri: string
  readonly database?: string
}

/** Connects to a database for as long as something takes. */
export async function withDatabase<T>(place: Place, act: (db: Db) => Promise<T>): Promise<T> {
  const client = await MongoClient.connect(place.uri)
  try {
    return await act(client.db(place.database))
  } finally {
    await client.close()
  }
}

/** As mongodump names files: letters that a file name may not have are written as in a URI. */
export const pathOf = (directory: string, database: string, collection: string): string =>
  join(directory, database, encodeURIComponent(collection))

/**
 * Writes a database into a directory while the server runs: `<database>/<collection>.bson` with the
 * documents one after another, `<database>/<collection>.metadata.json` with the indexes (the layout
 * of mongodump, which mongorestore reads), and `manifest.json` with counts and hashes.
 *
 * What is promised, without transactions: each document is whole, as it was at some moment between
 * beginning and end; every document that was there all that time and unchanged is in it once; of
 * documents that are written meanwhile some are in it as before and some as after, also across
 * collections. The application's reconciler mends that after a restore as it does after a crash.
 * Documents are read in the order of `_id` and streamed, so memory stays flat. A backup that was cut
 * off has no manifest, and `restore` refuses it; one that fails takes away what it has written.
 *
 * Throws `BackupRefused` where the directory is not empty, and the system's error where it cannot
 * be written.
 */
export async function backup(from: Place, directory: string): Promise<Manifest> {
  return await withDatabase(from, async (db) => {
    const made = await mkdir(directory, { recursive: true, mode: 0o700 })
    if ((await readdir(directory)).length > 0) {
      throw new BackupRefused(`${directory} is not empty: choose a directory for each backup.`)
    }
    const [target, draft] = [join(directory, db.databaseName), join(directory, 'manifest.part')]
    try {
      await mkdir(target, { mode: 0o700 })
      const manifest = await writeAll(db, directory)
      const text = `${JSON.stringify(manifest, undefined, 2)}\n`
      await writeFile(draft, text, { mode: 0o600, flush: true })
      await rename(draft, join(directory, manifestName))
      return manifest
    } catch (error) {
      for (const path of made ? [made] : [target, draft])
        await rm(path, { recursive: true, force: true })
      throw error
    }
  })
}

async function writeAll(db: Db, directory: string): Promise<Manifest> {
  const collections: Record<string, CollectionRecord> = {}
  const listed = await db.listCollections({ type: 'collection' }, { nameOnly: true }).toArray()
  for (const name of listed
    .map((each) => each.name)
    .filter((each) => !each.startsWith('system.'))) {
    const path = pathOf(directory, db.databaseName, name)
    const collection = db.collection(name)
    // A client that was given promoted values could not tell an int from a double.
    const indexes = await collection.listIndexes(exact).toArray()
    const about = { options: {}, indexes, collectionName: name, type: 'collection' }
    const metadata = EJSON.stringify(about, { relaxed: false })
    await writeFile(`${path}.metadata.json`, metadata, { mode: 0o600, flush: true })
    const file = createWriteStream(`${path}.bson`, { mode: 0o600, flush: true })
    const { documents, data } = await readAll(collection, (bytes) => pipeline(bytes, file))
    collections[name] = { documents, data, metadata: hashOf(metadata) }
  }
  return { format: 1, database: db.databaseName, collections }
}

/** Reads the documents of a collection in the order of `_id` to where they go; counts and hashes them. */
export async function readAll(
  collection: Collection,
  into: (bytes: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<Pick<CollectionRecord, 'documents' | 'data'>> {
  let documents = 0
  const hash = createHash('sha256')
  const cursor = collection.find({}, { sort: { _id: 1 }, raw: true, batchSize: 1000 })
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for await (const document of cursor) {
      const raw = document as unknown as Uint8Array
      hash.update(raw)
      documents++
      yield raw
    }
  }
  await into(bytes())
  return { documents, data: hash.digest('hex') }
}

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
