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
import { sealedPlane, type PlaneOptions, type SealedPlane } from './sealed-plane.js'

/** An empty database with the sealed plane's collections. */
export async function sealedDatabase(
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
export function eachWithPlane(options: Omit<PlaneOptions, 'store'> = {}): () => SealedPlane {
  let sealed: Awaited<ReturnType<typeof sealedDatabase>> | undefined
  let store: SealedStore | undefined
  let plane: SealedPlane | undefined
  before(async () => {
    sealed = await sealedDatabase()
    store = createSealedStore(sealed.database.connection)
  })
  beforeEach(async () => {
    if (!sealed || !store) return
    const { connection } = sealed.database
    for (const { collection } of sealedCollections)
      await connection.collection(collection).deleteMany({})
    plane = sealedPlane({ store, ...options })
  })
  afterEach(() => plane?.close())
  after(() => sealed?.drop())
  return () => {
    if (!plane) throw new Error('a plane is there within tests only')
    return plane
  }
}

/** Everything that lies in the sealed collections, as somebody with a dump would see it. */
export async function dump(connection: Database['connection']): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = []
  for (const { collection } of sealedCollections) {
    found.push(...(await connection.collection(collection).find().toArray()))
  }
  return found
}
