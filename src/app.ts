import { join } from 'node:path'
import { collections } from './collections.js'
import { checkFolder, checkFolderApart } from './compliance/compliance.js'
import { ConfigError, coursesKeptIn } from './config.js'
import { loadCatalogue } from './courses/courses.js'
import type { Database } from './database/database.js'
import { readInstitution } from './institution.js'
import { loadWords } from './language.js'
import { createParts, type Parts, type PartsOptions } from './parts.js'
import { createReconciler, type Reconciler } from './reconciler/reconciler.js'
import { sessionSecretOf } from './session-secret.js'
import { stepsOf } from './steps.js'
import { createWeb, type Page, type Web } from './web/web.js'

export interface AppOptions extends PartsOptions {
  /** The folder of templates and texts, and the one of the built style sheet. */
  viewsDir: string
  publicDir: string
  databaseName?: string
  /** Pages beside the house's own: for tests of what must hold for every page there will be. */
  morePages?: (parts: Parts) => readonly Page[]
  /** The database of a server that is running on the data directory. */
  databaseUri?: string
}

export interface App extends Parts {
  publicUrl: string
  reconciler: Reconciler
  web: Web
  /**
   * Answers requests at the configured address, and begins the work beside them. Throws `ConfigError`,
   * and is closed, where another program has that address.
   */
  listen(): Promise<void>
  /** Lets requests and work under way finish, then lets go of threads and database. */
  close(): Promise<void>
}

/** One application: its database, its parts, the work beside requests, and the web before them. */
export async function createApp(options: AppOptions, opening: Promise<Database>): Promise<App> {
  const { config, random, log, viewsDir, publicDir } = options
  const { publicUrl, trustProxy } = config
  const institution = readInstitution(config.coursesDir)
  const sessionSecret = sessionSecretOf(config, random)
  // Read while the database comes up in its own thread.
  const words = loadWords(join(viewsDir, 'text'))
  const catalogue = loadCatalogue(config.coursesDir, coursesKeptIn(config))
  for (const fault of catalogue.faults.filter(({ withholds }) => withholds)) {
    const { course, file, line, say } = fault
    log.warn({ course, file, line, fault: words.say('en', say) }, 'a course is withheld')
  }
  const database = await opening
  await database.migrate(collections)
  const parts = await createParts({ ...options, database, institution, words, catalogue })
  const reconciler = createReconciler(stepsOf(parts), log)
  const web = createWeb({
    ...parts,
    catalogue: () => parts.shelf.catalogue(),
    contentFaults: async () =>
      options.inThisThread ? checkFolder(config.coursesDir) : checkFolderApart(config.coursesDir),
    courseImage: (hash) => parts.shelf.image(hash),
    support: institution.support,
    exitTo: institution.exitTo,
    bodies: institution.conductBodies,
    log,
    publicUrl,
    sessionSecret,
    trustProxy,
    viewsDir,
    publicDir,
    morePages: options.morePages?.(parts) ?? [],
  })
  async function close(): Promise<void> {
    await web.close()
    await reconciler.stop()
    await parts.certificates.close()
    await parts.rolls.close()
    await database.close()
  }
  return {
    ...parts,
    publicUrl,
    reconciler,
    web,
    async listen() {
      try {
        await web.listen(config.port, config.host)
      } catch (error) {
        await close()
        throw unlistened(error, config)
      }
      reconciler.start()
    },
    close,
  }
}

/** Why the server cannot be where it is to be, in words for whoever started it. */
function unlistened(error: unknown, { port, host }: AppOptions['config']): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') {
    return new ConfigError(
      `PORT: another program answers at port ${port} already. Stop it, or set PORT to another number.`,
    )
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
    return new ConfigError(
      `HOST and PORT: this account or machine cannot answer at ${host}:${port}. Set others.`,
    )
  }
  return error
}
