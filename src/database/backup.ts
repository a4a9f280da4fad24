import { createHash, type Hash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { deserialize, EJSON } from 'bson'
import { type Db, type Document, type IndexDescription, MongoClient } from 'mongodb'

/** What a backup says of one collection, so that a restore can tell whether all of it came back. */
interface CollectionRecord {
  readonly documents: number
  /** SHA-256 of the `.bson` file and of the `.metadata.json` file, in hexadecimal. */
  readonly data: string
  readonly metadata: string
}

/** `manifest.json` of a backup. */
export interface Manifest {
  readonly format: 1
  readonly database: string
  readonly collections: Readonly<Record<string, CollectionRecord>>
}

/** Thrown when a backup is not whole, or a database is not empty; nothing has been restored then. */
export class BackupRefused extends Error {
  constructor(why: string) {
    super(why)
    this.name = 'BackupRefused'
  }
}

const manifestName = 'manifest.json'

/** Where a server is, and which of its databases is meant. */
export interface Place {
  readonly uri: string
  readonly database: string
}

async function withDatabase<T>({ uri, database }: Place, act: (db: Db) => Promise<T>): Promise<T> {
  const client = await MongoClient.connect(uri)
  try {
    return await act(client.db(database))
  } finally {
    await client.close()
  }
}

/** As mongodump names files: letters that a file name may not have are written as in a URI. */
const fileName = (collection: string): string => encodeURIComponent(collection)

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
 * off has no manifest, and `restore` refuses it.
 *
 * Throws `BackupRefused` where the directory is not empty.
 */
export async function backup(from: Place, directory: string): Promise<Manifest> {
  const target = join(directory, from.database)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  if ((await readdir(directory)).length > 0) {
    throw new BackupRefused(`${directory} is not empty: choose a directory for each backup`)
  }
  await mkdir(target, { mode: 0o700 })
  return await withDatabase(from, async (db) => {
    const collections: Record<string, CollectionRecord> = {}
    const listed = await db.listCollections({ type: 'collection' }, { nameOnly: true }).toArray()
    for (const { name } of listed) collections[name] = await backUpCollection(db, name, target)
    const manifest: Manifest = { format: 1, database: from.database, collections }
    const draft = join(directory, `${manifestName}.part`)
    await writeFile(draft, `${JSON.stringify(manifest, undefined, 2)}\n`, {
      mode: 0o600,
      flush: true,
    })
    await rename(draft, join(directory, manifestName))
    return manifest
  })
}

async function backUpCollection(db: Db, name: string, target: string): Promise<CollectionRecord> {
  const collection = db.collection(name)
  const path = join(target, fileName(name))
  const indexes = await collection.indexes()
  const about = { options: {}, indexes, collectionName: name, type: 'collection' }
  const metadata = EJSON.stringify(about, { relaxed: false })
  await writeFile(`${path}.metadata.json`, metadata, { mode: 0o600, flush: true })
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
  await pipeline(bytes(), createWriteStream(`${path}.bson`, { mode: 0o600, flush: true }))
  return { documents, data: hash.digest('hex'), metadata: hashOf(metadata) }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

async function readManifest(directory: string): Promise<Manifest> {
  const text = await readFile(join(directory, manifestName), 'utf8').catch(() => undefined)
  if (text === undefined) {
    throw new BackupRefused(`${directory} has no ${manifestName}: it is no whole backup`)
  }
  const manifest = JSON.parse(text) as Manifest
  if ((manifest.format as number) !== 1) {
    throw new BackupRefused(
      `${directory} is a backup of format ${String(manifest.format)}, which is not known here`,
    )
  }
  return manifest
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
  if (held.length > 0) throw new BackupRefused(`${path} ends in the middle of a document`)
}

/** Reads the files of a collection to the end and compares them with the manifest. */
async function verify(source: string, name: string, expected: CollectionRecord): Promise<void> {
  const path = join(source, fileName(name))
  const hash = createHash('sha256')
  let documents = 0
  for await (const document of documentsIn(`${path}.bson`, hash))
    documents += document.length > 0 ? 1 : 0
  const metadata = hashOf(await readFile(`${path}.metadata.json`, 'utf8'))
  if (
    documents !== expected.documents ||
    hash.digest('hex') !== expected.data ||
    metadata !== expected.metadata
  ) {
    throw new BackupRefused(`the files of ${name} in ${source} are not those that were backed up`)
  }
}

/**
 * Puts a backup that `backup` made into an empty database, indexes included. All files are compared
 * with the manifest before the first document is written, and what was written is counted after.
 *
 * Throws `BackupRefused` where the backup is not whole or was changed, and where the database holds
 * any collection. What a restore that was cut off has left is to be dropped before the next.
 */
export async function restore(to: Place, directory: string): Promise<Manifest> {
  const manifest = await readManifest(directory)
  const source = join(directory, manifest.database)
  for (const [name, expected] of Object.entries(manifest.collections))
    await verify(source, name, expected)
  return await withDatabase(to, async (db) => {
    if ((await db.listCollections({}, { nameOnly: true }).toArray()).length > 0) {
      throw new BackupRefused(`the database ${to.database} is not empty: restore into an empty one`)
    }
    for (const [name, { documents }] of Object.entries(manifest.collections)) {
      await restoreCollection(db, name, source)
      const there = await db.collection(name).countDocuments({})
      if (there !== documents) {
        throw new BackupRefused(
          `${name} has ${there} documents after the restore instead of ${documents}`,
        )
      }
    }
    return manifest
  })
}

interface Metadata {
  readonly indexes: readonly IndexDescription[]
}

/** Every type as it is, so that a number comes back as the kind of number it was. */
const exact = { promoteValues: false, bsonRegExp: true }

async function restoreCollection(db: Db, name: string, source: string): Promise<void> {
  const path = join(source, fileName(name))
  const collection = await db.createCollection(name)
  const { indexes } = EJSON.parse(await readFile(`${path}.metadata.json`, 'utf8')) as Metadata
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
