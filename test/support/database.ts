import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock, type Clock } from '../../src/clock.js'
import { openDatabase, type CollectionPlan, type Database } from '../../src/database/database.js'
import { createLog } from '../../src/log.js'
import { systemRandom } from '../../src/random.js'

/** A database of its own for one test file: the embedded one, or on `MONGODB_URI` under a fresh name. */
export async function testDatabase(
  plans: readonly CollectionPlan[],
  clock: Clock = systemClock,
): Promise<Database> {
  const dataDir = mkdtempSync(join(tmpdir(), 'good-standing-'))
  const uri = process.env['MONGODB_URI']
  const database = await openDatabase({
    dataDir,
    clock,
    random: systemRandom,
    log: createLog('silent'),
    ...(uri ? { uri, name: `test-${systemRandom.id()}` } : {}),
  })
  await database.migrate(plans)
  return {
    ...database,
    async close() {
      if (uri) await database.connection.dropDatabase()
      await database.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
