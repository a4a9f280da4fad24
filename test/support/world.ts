import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { App, AppOptions } from '../../src/app.js'
import { startApp } from '../../src/start.js'
import { systemActor, type Role } from '../../src/actor.js'
import { dayOf, type Clock } from '../../src/clock.js'
import { collections } from '../../src/collections.js'
import { readConfig } from '../../src/config.js'
import { createLog, type Log } from '../../src/log.js'
import type { Mail } from '../../src/notifications/notifications.js'
import type { DirectoryUpload } from '../../src/people/people.js'
import { seededRandom } from '../../src/random.js'
import { testDatabase } from './database.js'
import { giveDocumentKey } from './document-key.js'
import { createVisitor, type Visitor } from './visitor.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** A clock that stands still until a test moves it. */
export interface FrozenClock extends Clock {
  set(instant: string): void
}

export function frozenClock(instant: string): FrozenClock {
  let now = new Date(instant)
  return {
    now: () => new Date(now),
    today: () => dayOf(now),
    set(next) {
      now = new Date(next)
    },
  }
}

/**
 * The database sweeps away what has expired once a minute, by the machine's clock: in a world whose clock
 * stands in another year an invitation would be gone before it is accepted.
 */
async function neverSweep({ database }: App): Promise<void> {
  for (const { collection, indexes } of collections) {
    for (const { key, options } of indexes) {
      if (options?.expireAfterSeconds === undefined) continue
      const name = Object.entries(key).flat().join('_')
      await database.connection.collection(collection).dropIndex(name)
    }
  }
}

/** The whole application with its clock frozen, its mail caught and the network off. */
export interface World {
  app: App
  clock: FrozenClock
  mail: Mail[]
  address: string
  /** Imports directory files, given as CSV text by file. */
  directory(files: Partial<Record<keyof DirectoryUpload, string>>): Promise<void>
  /** Somebody with an account, who has accepted their invitation. */
  account(email: string, person?: string, ...roles: Role[]): Promise<void>
  /** A browser without JavaScript, with its own cookies. */
  visitor(): Visitor
  /** A visitor who has signed in with an account made by `account`. */
  signedIn(email: string): Promise<Visitor>
  close(): Promise<void>
}

/** What a world has made of this repository's courses, which do not change while tests run. */
let understood: Buffer | undefined

export const password = 'a password for tests only'

export interface WorldOptions {
  log?: Log
  /** Keys that another world has made, so that both sign alike. */
  keysDir?: string
  /** Courses other than those of this repository. */
  coursesDir?: string
  /** Pages that nobody has thought of yet, for what must hold for every page. */
  morePages?: AppOptions['morePages']
}

export async function createWorld(
  instant = '2026-03-02T10:00:00Z',
  options: WorldOptions = {},
): Promise<World> {
  const clock = frozenClock(instant)
  const mail: Mail[] = []
  const database = await testDatabase()
  const dataDir = mkdtempSync(join(tmpdir(), 'gs-world-'))
  const kept = join(dataDir, 'courses.kept')
  if (understood) writeFileSync(kept, understood)
  if (!options.keysDir) giveDocumentKey(join(dataDir, 'keys'))
  const app = await startApp({
    config: {
      ...readConfig({
        DATA_DIR: dataDir,
        COURSES_DIR: options.coursesDir ?? join(root, 'courses'),
        CERTIFICATES_DIR: join(root, 'certificates'),
        ...(options.keysDir ? { KEYS_DIR: options.keysDir } : {}),
      }),
      sessionSecret: 'a secret of thirty-two characters or more',
    },
    clock,
    random: seededRandom('world'),
    log: options.log ?? createLog(process.env['LOG'] === '1' ? 'debug' : 'silent'),
    ...(options.morePages ? { morePages: options.morePages } : {}),
    viewsDir: join(root, 'views'),
    publicDir: join(root, 'dist/public'),
    databaseUri: database.uri,
    databaseName: database.name,
    inThisThread: true,
    nearWebhooks: true,
    mailer: (sent) => {
      mail.push(sent)
      return Promise.resolve()
    },
  })
  await neverSweep(app)
  await app.web.listen(0, '127.0.0.1')
  const listening = app.web.server.address()
  const port = typeof listening === 'object' && listening ? listening.port : 0
  const address = `http://127.0.0.1:${port}`
  const system = systemActor('test')

  const world: World = {
    app,
    clock,
    mail,
    address,
    async directory(files) {
      const upload = Object.fromEntries(
        Object.entries(files).map(([file, text]) => [file, Buffer.from(text)]),
      )
      const { id, faults } = await app.people.directory.rehearse(system, upload)
      if (faults.length > 0) throw new Error(JSON.stringify(faults))
      await app.people.directory.confirm(system, id)
    },
    async account(email, person, ...roles) {
      const invitation = { email, roles, ...(person ? { person } : {}) }
      const { token } = await app.identity.invite(system, invitation)
      await app.identity.accept(token, password)
    },
    visitor: () => createVisitor(address),
    async signedIn(email) {
      const visitor = createVisitor(address)
      await visitor.get('/sign-in')
      await visitor.post('/sign-in', { email, password })
      return visitor
    },
    async close() {
      await app.close()
      await database.drop()
      if (options.coursesDir === undefined) understood ??= readFileSync(kept)
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
  return world
}
