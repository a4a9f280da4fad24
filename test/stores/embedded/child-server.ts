import { startEmbedded } from '../../../src/database/embedded/embedded.js'
import { createLog } from '../../../src/log.js'

// A file that may grow no more is an error like any other, not the end of the process.
process.on('SIGXFSZ', () => undefined)
const dir = process.argv[2] ?? ''
try {
  const { uri } = await startEmbedded({ dir, log: createLog('silent') })
  console.log(uri)
  // Stays until it is killed.
  setInterval(() => undefined, 1_000_000)
} catch (error) {
  console.log(`${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`)
}
