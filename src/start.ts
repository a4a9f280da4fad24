import type { App, AppOptions } from './app.js'
import { openDatabase } from './database/database.js'

/**
 * Builds the application. The database comes up in a thread of its own while the rest of the program is
 * read in this one: half of a start is reading. Throws as `openDatabase` does.
 */
export async function startApp(options: AppOptions): Promise<App> {
  const { config, clock, random, log, databaseName } = options
  const uri = options.databaseUri ?? config.mongodbUri
  const opening = openDatabase({
    dataDir: config.dataDir,
    clock,
    random,
    log,
    ...(uri ? { uri } : {}),
    ...(databaseName ? { name: databaseName } : {}),
  })
  // Whatever keeps it from opening is thrown where it is waited for, not before.
  opening.catch(() => undefined)
  try {
    const { createApp } = await import('./app.js')
    return await createApp(options, opening)
  } catch (error) {
    // A start that failed leaves nothing behind that would hold the data directory.
    await opening.then(
      (database) => database.close(),
      () => undefined,
    )
    throw error
  }
}
