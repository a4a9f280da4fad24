import { systemClock } from '../../src/clock.js'
import { openDatabase } from '../../src/database/database.js'
import { createLog } from '../../src/log.js'
import { systemRandom } from '../../src/random.js'
import { createSealedStore } from '../../src/sanctions/sanctions.js'
import { sealedPlane, setClock } from './sealed-plane.js'

// A process that is told of completions and sends what follows, until somebody kills it.
const [uri = '', name = '', keysDir = '', now = '', told = '[]'] = process.argv.slice(2)
const log = createLog('silent')
const database = await openDatabase({
  uri,
  name,
  dataDir: '',
  clock: systemClock,
  random: systemRandom,
  log,
})
const { sanctions } = sealedPlane({
  store: createSealedStore(database.connection),
  keysDir,
  clock: setClock(now),
})
process.send?.('ready')
for (const completion of JSON.parse(told) as Parameters<typeof sanctions.consider>[0]) {
  await sanctions.consider([completion])
  await sanctions.bindCertificates([{ completion: completion.id, serial: `GS-${completion.id}` }])
  await sanctions.deliver()
}
process.send?.('done')
setInterval(() => undefined, 1000)
