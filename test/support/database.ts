import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { startEmbedded } from '../../src/database/embedded/embedded.js'
import { createLog } from '../../src/log.js'

let server: Promise<string> | undefined

/** One database server for all tests of a run: `MONGODB_URI` where it is set, else an embedded one. */
export function testServer(): Promise<string> {
  server ??= start()
  return server
}

async function start(): Promise<string> {
  const given = process.env['MONGODB_URI']
  if (given) return given
  const dir = mkdtempSync(join(tmpdir(), 'gs-tests-'))
  const embedded = await startEmbedded({ dir, log: createLog('silent') })
  after('the database of the tests', async () => {
    await embedded.close()
    rmSync(dir, { recursive: true, force: true })
  })
  return embedded.uri
}

/** An empty database of one's own on that server. */
export async function testDatabase(): Promise<{
  uri: string
  name: string
  drop(): Promise<void>
}> {
  const uri = await testServer()
  const name = `test-${randomBytes(6).toString('hex')}`
  return {
    uri,
    name,
    async drop() {
      const client = new MongoClient(uri)
      await client.db(name).dropDatabase()
      await client.close()
    },
  }
}
