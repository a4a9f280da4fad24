import { fileURLToPath } from 'node:url'
import { startApp } from './start.js'
import { systemClock } from './clock.js'
import { ConfigError, readConfig } from './config.js'
import { DatabaseRefused } from './database/database.js'
import { createLog } from './log.js'
import { systemRandom } from './random.js'

const root = fileURLToPath(new URL('../', import.meta.url))

/** Starts the server and lets it finish its work when it is asked to stop. */
async function main(): Promise<void> {
  const config = readConfig()
  const log = createLog(config.logLevel)
  const app = await startApp({
    config,
    log,
    clock: systemClock,
    random: systemRandom,
    viewsDir: `${root}views`,
    publicDir: `${root}dist/public`,
  })
  await app.listen()
  log.info({ address: config.publicUrl }, 'listening')
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'stopping')
      void app.close().then(() => log.info('stopped'))
    })
  }
}

try {
  await main()
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof DatabaseRefused)) throw error
  process.stderr.write(`good-standing: ${error.message}\n`)
  process.exitCode = 1
}
