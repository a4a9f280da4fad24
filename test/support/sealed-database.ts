import { systemClock, type Clock } from '../../src/clock.js'
import { openDatabase, type Database } from '../../src/database/database.js'
import { createLog } from '../../src/log.js'
import { systemRandom } from '../../src/random.js'
import { sealedCollections } from '../../src/sanctions/sanctions.js'
import { testDatabase } from './database.js'

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
