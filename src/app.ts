import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  adjustmentCollections,
  createAdjustments,
  type Adjustments,
} from './adjustments/adjustments.js'
import { createAudit, auditCollections } from './audit/audit.js'
import type { Clock } from './clock.js'
import {
  checkExamples,
  createCompliance,
  createMarks,
  markCollections,
  progressFrom,
  rollsHere,
  rollsInThread,
  simulationCollections,
  type Compliance,
} from './compliance/compliance.js'
import {
  completionCollections,
  createCompletions,
  type Completions,
} from './completions/completions.js'
import { ConfigError, type Config } from './config.js'
import { loadCatalogue, type Catalogue } from './courses/courses.js'
import { openDatabase, type Database } from './database/database.js'
import { createIdentity, identityCollections, type Identity } from './identity/identity.js'
import { readInstitution } from './institution.js'
import { loadWords } from './language.js'
import {
  createLearning,
  createShelf,
  learningCollections,
  shelfCollections,
  type Learning,
} from './learning/learning.js'
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
import { createReconciler, type Reconciler } from './reconciler/reconciler.js'
import {
  createDecisions,
  createProgrammes,
  requirementCollections,
  type Programmes,
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
  /** The database of a server that is running on the data directory. */
  databaseUri?: string
  /** Works out everybody's standing in this thread: for tests, and commands that do nothing else. */
  inThisThread?: boolean
}

export interface App {
  adjustments: Adjustments
  learning: Learning
  clock: Clock
  publicUrl: string
  catalogue: Catalogue
  completions: Completions
  compliance: Compliance
  programmes: Programmes
  database: Database
  identity: Identity
  people: People
  notifications: Notifications
  reconciler: Reconciler
  web: Web
  /** Answers requests at the configured address, and begins the work beside them. */
  listen(): Promise<void>
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
  ...adjustmentCollections,
  ...shelfCollections,
  ...learningCollections,
  ...markCollections,
  ...simulationCollections,
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

  const uri = options.databaseUri ?? config.mongodbUri
  const database = await openDatabase({
    dataDir: config.dataDir,
    clock,
    random,
    log,
    ...(uri ? { uri } : {}),
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
    audit,
    clock,
    random,
    courses: () => new Set(catalogue.courses.keys()),
    checkExamples,
    changingEverybody: marks.aroundEverybody,
  })
  await programmes.start(readFileSync(join(config.coursesDir, 'programme.yaml')))
  const decisions = createDecisions({ database, audit, people, clock, random, changing })
  const nobody = () => Promise.resolve()
  const completions = createCompletions({
    database,
    audit,
    clock,
    random,
    changing,
    certificates: { issueMany: () => Promise.resolve([]), revokeMany: nobody },
    sanctions: { consider: nobody, bindCertificates: nobody, annulled: nobody },
  })
  const titles = {
    course: (id: string) => catalogue.courses.get(id)?.title ?? { en: id, cy: id },
  }
  const rolls = options.inThisThread
    ? rollsHere({ people, completions, decisions }, database)
    : rollsInThread(database.address)
  const compliance = createCompliance({
    database,
    rolls,
    leastDays: institution.leastDays,
    people,
    completions,
    decisions,
    marks,
    clock,
    programmes: programmes.adopted,
    titles,
    progressOf: async (people) => progressFrom(await learning.progressOf(people), new Map()),
  })
  const adjustments = createAdjustments({ database, audit, people, clock, random })
  const shelf = createShelf({ database, clock })
  await shelf.stock(catalogue)
  const learning = createLearning({
    database,
    shelf,
    audit,
    completions,
    people,
    programmes: programmes.adopted,
    wayOf: (person) => adjustments.wayOf(person),
    clock,
    random,
  })
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
  /** Tries what has been proposed and not yet been tried, so that approvers see what it does. */
  async function tryProposals(): Promise<number> {
    let tried = 0
    for (const proposal of await programmes.proposals()) {
      const { id, from, state } = proposal
      if (state !== 'proposed' || (await compliance.simulation(id, { from: 0, size: 1 }))) continue
      await compliance.simulate({ id, from, duties: programmes.dutiesOf(proposal) })
      tried++
    }
    return tried
  }
  const reconciler = createReconciler(
    [
      { name: 'seal the record', everySeconds: 2, run: () => audit.seal() },
      { name: 'adopt programmes', everySeconds: 60, run: () => programmes.resume() },
      { name: 'try programmes', everySeconds: 2, run: () => tryProposals() },
      { name: 'finish imports', everySeconds: 60, run: () => people.directory.resume() },
      { name: 'finish courses', everySeconds: 60, run: () => learning.resume() },
      { name: 'send mail', everySeconds: 5, run: () => notifications.deliver() },
    ],
    log,
  )
  const web = createWeb({
    database,
    audit,
    identity,
    people,
    compliance,
    programmes,
    courseTitle: titles.course,
    notifications,
    bodies: institution.conductBodies,
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
    adjustments,
    learning,
    clock,
    publicUrl: config.publicUrl,
    catalogue,
    completions,
    compliance,
    programmes,
    database,
    identity,
    people,
    notifications,
    reconciler,
    web,
    async listen() {
      const { port, host } = config
      await new Promise<void>((resolve, reject) => {
        web.server.once('error', reject).listen(port, host, resolve)
      })
      reconciler.start()
    },
    async close() {
      await web.close()
      await reconciler.stop()
      await rolls.close()
      await database.close()
    },
  }
}
