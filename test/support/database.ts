import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Collection, type Db, type Document, MongoClient } from 'mongodb'
import { startEmbedded } from '../../src/database/embedded/embedded.js'
import { createLog } from '../../src/log.js'

/** The server that all tests of this process share. */
export interface TestServer {
  readonly uri: string
  /** Whether it is the embedded database; else it is what MONGODB_URI names. */
  readonly embedded: boolean
}

let server: Promise<TestServer> | undefined

async function start(): Promise<TestServer> {
  const given = process.env['MONGODB_URI']
  if (given) return { uri: given, embedded: false }
  const dir = mkdtempSync(join(tmpdir(), 'gs-test-'))
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }))
  const { uri } = await startEmbedded({ dir, log: createLog('error') })
  return { uri, embedded: true }
}

/** One server for the whole run: the embedded database, or with MONGODB_URI a real MongoDB. */
export const testServer = (): Promise<TestServer> => (server ??= start())

let databases = 0

/** A name that no other test of this run has. */
export const newDatabaseName = (): string => `test_${process.pid}_${++databases}`

/** A database of its own for a group of tests, dropped when they are through. */
export function useDatabase(): {
  readonly db: Db
  collection<T extends Document>(): Collection<T>
} {
  let client: MongoClient | undefined
  let db: Db | undefined
  let collections = 0
  before(async () => {
    const { uri } = await testServer()
    client = await MongoClient.connect(uri)
    db = client.db(newDatabaseName())
  })
  after(async () => {
    await db?.dropDatabase()
    await client?.close()
  })
  const opened = (): Db => {
    if (!db) throw new Error('the database is there only while tests run')
    return db
  }
  return {
    get db() {
      return opened()
    },
    collection: <T extends Document>() => opened().collection<T>(`c${++collections}`),
  }
}

/** An empty database of one's own, for whoever opens it by address and name. */
export async function testDatabase(): Promise<{
  uri: string
  name: string
  drop(): Promise<void>
}> {
  const { uri } = await testServer()
  const name = newDatabaseName()
  return {
    uri,
    name,
    async drop() {
      const client = await MongoClient.connect(uri)
      await client.db(name).dropDatabase()
      await client.close()
    },
  }
}
