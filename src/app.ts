import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAudit, auditCollections } from './audit/audit.js'
import type { Clock } from './clock.js'
import { createCompliance, createMarks, markCollections } from './compliance/compliance.js'
import { completionCollections, readCompletions } from './completions/completions.js'
import { ConfigError, type Config } from './config.js'
import { loadCatalogue } from './courses/courses.js'
import { openDatabase, type Database } from './database/database.js'
import { createIdentity, identityCollections, type Identity } from './identity/identity.js'
import { readInstitution } from './institution.js'
import { loadWords } from './language.js'
import type { Log } from './log.js'
import {
  createNotifications,
  fileMailer,
  outboxCollections,
  smtpMailer,
  type Mailer,
  type Notifications,
} from './notifications/notifications.js'
import {
  createPeople,
  directoryCollections,
  peopleCollections,
  type People,
} from './people/people.js'
import type { Random } from './random.js'
import {
  createDecisions,
  createProgrammes,
  requirementCollections,
} from './requirements/requirements.js'
import { createWeb, type Web } from './web/web.js'

/** What differs between a server, a command and a test: everything else is the same root. */
export interface AppOptions {
  config: Config
  clock: Clock
  random: Random
  log: Log
  /** The folder of templates and texts, and the one of the built style sheet. */
  viewsDir: string
  publicDir: string
  /** Takes the place of SMTP or files. */
  mailer?: Mailer
  databaseName?: string
}

export interface App {
  database: Database
  identity: Identity
  people: People
  notifications: Notifications
  web: Web
  close(): Promise<void>
}

/** The secret that signs sessions: given, or made once and kept beside the embedded database. */
function sessionSecretOf(config: Config, random: Random): string {
  if (config.sessionSecret) return config.sessionSecret
  if (config.mongodbUri) {
    throw new ConfigError(
      'SESSION_SECRET: must be set where MONGODB_URI is, so that processes share it',
    )
  }
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  const file = join(config.dataDir, 'session-secret')
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    const made = random.bytes(32).toString('base64url')
    writeFileSync(file, `${made}\n`, { mode: 0o600, flag: 'wx' })
    return made
  }
}

const collections = [
  ...auditCollections,
  ...outboxCollections,
  ...peopleCollections,
  ...directoryCollections,
  ...identityCollections,
  ...requirementCollections,
  ...completionCollections,
  ...markCollections,
]

/** Makes every part, by hand, each from the ones below it. */
export async function createApp(options: AppOptions): Promise<App> {
  const { config, clock, random, log, viewsDir } = options
  const institution = readInstitution(config.coursesDir)
  const words = loadWords(join(viewsDir, 'text'))
  const catalogue = loadCatalogue(config.coursesDir)
  for (const fault of catalogue.faults.filter(({ withholds }) => withholds)) {
    const { course, file, line, say } = fault
    log.warn({ course, file, line, fault: words.say('en', say) }, 'a course is withheld')
  }
  const sessionSecret = sessionSecretOf(config, random)

  const database = await openDatabase({
    dataDir: config.dataDir,
    clock,
    random,
    log,
    ...(config.mongodbUri ? { uri: config.mongodbUri } : {}),
    ...(options.databaseName ? { name: options.databaseName } : {}),
  })
  await database.migrate(collections)
  const audit = createAudit({ database, clock, random })
  const marks = createMarks(database.connection, clock, random)
  const changing = marks.around
  const people = createPeople({
    database,
    audit,
    clock,
    random,
    changing,
    endingLimit: institution.endingLimit,
  })
  const identity = createIdentity({ database, audit, clock, random })
  const programmes = createProgrammes({
    database,
    clock,
    courses: new Set(catalogue.courses.keys()),
  })
  await programmes.start(readFileSync(join(config.coursesDir, 'programme.yaml')))
  const decisions = createDecisions({ database, audit, people, clock, random, changing })
  const completions = readCompletions({ database })
  const compliance = createCompliance({
    people,
    completions,
    decisions,
    marks,
    clock,
    programmes: programmes.adopted,
  })
  const titles = {
    course: (id: string) => catalogue.courses.get(id)?.title ?? { en: id, cy: id },
  }
  const sender = institution.complianceTeam.email
  const notifications = createNotifications({
    database,
    clock,
    random,
    log,
    words,
    mailer:
      options.mailer ??
      (config.smtpUrl
        ? smtpMailer(config.smtpUrl, sender)
        : fileMailer(join(config.dataDir, 'outbox'), sender)),
    stillWanted: () => Promise.resolve(true),
  })
  const web = createWeb({
    database,
    audit,
    identity,
    people,
    compliance,
    titles,
    programmes: programmes.adopted,
    words,
    clock,
    random,
    log,
    publicUrl: config.publicUrl,
    sessionSecret,
    trustProxy: config.trustProxy,
    viewsDir,
    publicDir: options.publicDir,
  })
  return {
    database,
    identity,
    people,
    notifications,
    web,
    async close() {
      await web.close()
      await database.close()
    },
  }
}
