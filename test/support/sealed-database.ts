import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock, type Clock } from '../../src/clock.js'
import { openDatabase, type Database } from '../../src/database/database.js'
import { createLog } from '../../src/log.js'
import { systemRandom } from '../../src/random.js'
import {
  createSealedStore,
  sealedCollections,
  type SealedStore,
} from '../../src/sanctions/sanctions.js'
import { testDatabase } from './database.js'
import { makeKeys, sealedPlane, type PlaneOptions, type SealedPlane } from './sealed-plane.js'

/** An empty database with the sealed plane's collections. */
async function sealedDatabase(
  clock: Clock = systemClock,
): Promise<{ database: Database; uri: string; name: string; drop(): Promise<void> }> {
  const server = await testDatabase()
  const { uri, name } = server
  const options = { uri, name, dataDir: '', clock, random: systemRandom, log: createLog('silent') }
  const database = await openDatabase(options)
  await database.migrate(sealedCollections)
  return {
    database,
    uri,
    name,
    async drop() {
      await database.close()
      await server.drop()
    },
  }
}

/** For each test of a file a sealed plane on empty collections; what is given can still be changed. */
export function eachWithPlane(options: Omit<PlaneOptions, 'store'> = {}): (() => SealedPlane) & {
  dump(): Promise<Dumped[]>
  clear(): Promise<void>
  server(): { uri: string; name: string; database: Database }
} {
  let sealed: Awaited<ReturnType<typeof sealedDatabase>> | undefined
  const keysDir = mkdtempSync(join(tmpdir(), 'keys-'))
  let store: SealedStore | undefined
  let plane: SealedPlane | undefined
  before(async () => {
    sealed = await sealedDatabase()
    store = createSealedStore(sealed.database.connection)
    makeKeys(keysDir)
  })
  const clear = async (): Promise<void> => {
    for (const { collection } of sealedCollections) {
      await sealed?.database.connection.collection(collection).deleteMany({})
    }
  }
  beforeEach(async () => {
    if (!store) return
    await clear()
    plane = sealedPlane({ store, keysDir, ...options })
  })
  afterEach(() => plane?.close())
  after(() => {
    rmSync(keysDir, { recursive: true, force: true })
    return sealed?.drop()
  })
  const current = (): SealedPlane => {
    if (!plane) throw new Error('a plane is there within tests only')
    return plane
  }
  return Object.assign(current, {
    clear,
    server: () => {
      if (!sealed) throw new Error('a database is there within tests only')
      return sealed
    },
    dump: () => (sealed ? dump(sealed.database.connection) : Promise.resolve([])),
  })
}

/** A document as somebody with a dump of the database sees it. */
export type Dumped = Record<string, unknown>

async function dump(connection: Database['connection']): Promise<Dumped[]> {
  const found: Dumped[] = []
  for (const { collection } of sealedCollections) {
    found.push(...(await connection.collection(collection).find().toArray()))
  }
  return found
}
