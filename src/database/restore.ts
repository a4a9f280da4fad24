import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deserialize, EJSON } from 'bson'
import type { Db, Document, IndexDescription } from 'mongodb'
import {
  BackupRefused,
  type CollectionRecord,
  exact,
  hashOf,
  type Manifest,
  manifestName,
  manifestShape,
  pathOf,
  type Place,
  readAll,
  withDatabase,
} from './backup.js'

/** Throws `refused` with what is wrong where a file is missing; other faults go on. */
const missing =
  (why: string) =>
  (error: unknown): never => {
    const { code } = error as NodeJS.ErrnoException
    throw code === 'ENOENT' || code === 'ENOTDIR' ? new BackupRefused(why) : error
  }

async function readManifest(directory: string): Promise<Manifest> {
  const none = `${directory} has no ${manifestName}: it is no whole backup.`
  const text = await readFile(join(directory, manifestName), 'utf8').catch(missing(none))
  let manifest: unknown
  try {
    manifest = JSON.parse(text)
  } catch {
    manifest = undefined
  }
  const read = manifestShape.safeParse(manifest)
  if (!read.success) {
    throw new BackupRefused(`${manifestName} in ${directory} is damaged, or of a later version.`)
  }
  return read.data
}

/** The documents of a file one after another, their bytes told to a hash; nothing is held but one of them. */
async function* documentsIn(path: string, hash: Hash): AsyncGenerator<Buffer> {
  let held: Uint8Array = Buffer.alloc(0)
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    hash.update(chunk as Buffer)
    const bytes = Buffer.concat([held, chunk as Buffer])
    let at = 0
    while (bytes.length - at >= 5 && bytes.length - at >= bytes.readInt32LE(at)) {
      const end = at + Math.max(5, bytes.readInt32LE(at))
      yield bytes.subarray(at, end)
      at = end
    }
    held = bytes.subarray(at)
  }
  if (held.length > 0) throw new BackupRefused(`${path} ends in the middle of a document.`)
}

/** Reads the files of a collection to the end and compares them with the manifest. */
async function verify(path: string, expected: CollectionRecord): Promise<void> {
  const hash = createHash('sha256')
  let documents = 0
  const count = async (): Promise<void> => {
    for await (const document of documentsIn(`${path}.bson`, hash)) {
      if (document.length > 0) documents++
    }
  }
  await count().catch(missing(`${path}.bson is missing.`))
  if (documents !== expected.documents || hash.digest('hex') !== expected.data) {
    throw new BackupRefused(`${path}.bson is not the file that was backed up.`)
  }
  const file = `${path}.metadata.json`
  const metadata = await readFile(file, 'utf8').catch(missing(`${file} is missing.`))
  if (hashOf(metadata) !== expected.metadata) {
    throw new BackupRefused(`${file} is not the file that was backed up.`)
  }
}

/**
 * Compares all files of a backup with its manifest. Throws `BackupRefused` where one is missing or
 * is not as it was written.
 */
export async function verifyBackup(directory: string): Promise<Manifest> {
  const manifest = await readManifest(directory)
  for (const [name, expected] of Object.entries(manifest.collections)) {
    await verify(pathOf(directory, manifest.database, name), expected)
  }
  return manifest
}

/**
 * Puts a backup that `verifyBackup` found whole into an empty database, indexes included. Then every
 * document is read back and compared. What fails in the middle is taken away again.
 *
 * Throws `BackupRefused` where the database holds any collection, and where what came back differs.
 */
export async function restore(to: Place, directory: string, manifest: Manifest): Promise<void> {
  await withDatabase(to, async (db) => {
    if ((await db.listCollections({}, { nameOnly: true }).toArray()).length > 0) {
      throw new BackupRefused(
        `The database ${db.databaseName} is not empty: restore into an empty one.`,
      )
    }
    try {
      for (const [name, expected] of Object.entries(manifest.collections)) {
        await restoreCollection(db, name, pathOf(directory, manifest.database, name))
        const there = await readAll(db.collection(name), drain)
        if (there.documents !== expected.documents || there.data !== expected.data) {
          throw new BackupRefused(`What was restored of ${name} is not what was backed up.`)
        }
      }
    } catch (error) {
      await db.dropDatabase()
      throw error
    }
  })
}

async function drain(bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const each = bytes[Symbol.asyncIterator]()
  while (!(await each.next()).done);
}

interface Metadata {
  readonly indexes: readonly IndexDescription[]
}

async function restoreCollection(db: Db, name: string, path: string): Promise<void> {
  const collection = await db.createCollection(name)
  const text = await readFile(`${path}.metadata.json`, 'utf8')
  const { indexes } = EJSON.parse(text, { relaxed: false }) as Metadata
  const own = indexes.filter((index) => index.name !== '_id_')
  if (own.length > 0) await collection.createIndexes(own)
  let batch: Document[] = []
  let bytes = 0
  const send = async (): Promise<void> => {
    if (batch.length > 0) await collection.insertMany(batch, { ordered: false })
    batch = []
    bytes = 0
  }
  for await (const document of documentsIn(`${path}.bson`, createHash('sha256'))) {
    batch.push(deserialize(document, exact))
    bytes += document.length
    if (batch.length >= 1000 || bytes > 8 * 1024 * 1024) await send()
  }
  await send()
}
