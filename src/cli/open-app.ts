import { fileURLToPath } from 'node:url'
import type { App } from '../app.js'
import { startApp } from '../start.js'
import { systemClock } from '../clock.js'
import { readConfig, type Config } from '../config.js'
import { runningServer } from '../database/database.js'
import { createLog } from '../log.js'
import { systemRandom } from '../random.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Builds the application as the environment says. */
export async function openApp(
  options: { logLevel?: Config['logLevel']; databaseUri?: string; inThisThread?: boolean } = {},
): Promise<{ app: App; config: Config }> {
  const config = readConfig()
  const { logLevel = config.logLevel, ...rest } = options
  const app = await startApp({
    ...rest,
    config,
    clock: systemClock,
    random: systemRandom,
    log: createLog(logLevel),
    viewsDir: `${root}views`,
    publicDir: `${root}dist/public`,
  })
  return { app, config }
}

/**
 * Does one thing with the application and closes it. Where a server owns the data directory, its
 * database is used; else the embedded one is started for as long as this takes.
 */
export async function withApp<Result>(work: (app: App) => Promise<Result>): Promise<Result> {
  const { mongodbUri, dataDir } = readConfig()
  const databaseUri = mongodbUri ? undefined : await runningServer(dataDir)
  const { app } = await openApp({
    logLevel: 'warn',
    inThisThread: true,
    ...(databaseUri ? { databaseUri } : {}),
  })
  try {
    return await work(app)
  } finally {
    await app.close()
  }
}
