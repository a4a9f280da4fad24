import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAdjustments } from './adjustments/adjustments.js'
import { createAudit } from './audit/audit.js'
import { createCertificates, didWeb, rootKeysOf } from './certificates/certificates.js'
import type { Clock } from './clock.js'
import { checkExamples, createMarks, lastDaysOf } from './compliance/compliance.js'
import { createCompletions } from './completions/completions.js'
import type { Config } from './config.js'
import type { Catalogue } from './courses/courses.js'
import type { Database } from './database/database.js'
import { createIdentity } from './identity/identity.js'
import { createHearingBundles } from './hearing-bundle/hearing-bundle.js'
import type { Institution } from './institution.js'
import type { Words } from './language.js'
import { createLearning, createShelf } from './learning/learning.js'
import type { Log } from './log.js'
import { createNotifications, mailerFor, type Mailer } from './notifications/notifications.js'
import { createPeople } from './people/people.js'
import type { Random } from './random.js'
import {
  createClaims,
  createContests,
  createDecisions,
  createProgrammes,
  createWall,
} from './requirements/requirements.js'
import { createSealedPlane } from './sealed-plane.js'
import { signingKeys } from './signing-keys.js'
import { createStandingParts } from './standing-parts.js'
import { createSurveys, openSurveyRing } from './surveys/surveys.js'
import { createTrainingSessions } from './training-sessions/training-sessions.js'

/** What differs between a server, a command and a test: everything else is the same. */
export interface PartsOptions {
  config: Config
  clock: Clock
  random: Random
  log: Log
  /** Takes the place of SMTP or files. */
  mailer?: Mailer
  /** Works out everybody's standing in this thread: for tests, and commands that do nothing else. */
  inThisThread?: boolean
  /** Lets webhooks reach this machine itself: for tests. */
  nearWebhooks?: boolean
}

/** Every door below the web, as one application has it. */
export type Parts = Awaited<ReturnType<typeof createParts>>

/** Makes every part on an open database, by hand, each from the ones below it. */
export async function createParts(
  options: PartsOptions & {
    database: Database
    institution: Institution
    words: Words
    catalogue: Catalogue
  },
) {
  const { config, clock, random, log, database, institution, words, catalogue } = options
  const { publicUrl, keysDir } = config
  // Several processes share a given database, and must be given the keys that they share.
  const makeKeys = config.mongodbUri === undefined
  const shelf = createShelf({ database, clock })
  await shelf.stock(catalogue)
  const courses = () => shelf.catalogue().courses
  const courseTitle = (id: string) => courses().get(id)?.title ?? { en: id, cy: id }

  const origin = new URL(publicUrl).hostname
  const rings = await signingKeys({ config, database, words, clock, log })
  const audit = createAudit({ database, clock, random, log, origin, keys: rootKeysOf(rings) })
  const marks = createMarks(database.connection, clock, random)
  const changing = marks.around
  const sender = institution.complianceTeam.email
  const outbox = join(config.dataDir, 'outbox')
  const mailer = options.mailer ?? mailerFor(config.smtpUrl, outbox, sender)
  const notifications = createNotifications({
    database,
    clock,
    random,
    log,
    words,
    mailer,
    calm: institution.mail,
    async stillWanted({ kind, about }) {
      if (kind === 'place') return training.bookings.isCurrent(about)
      if (kind === 'escalation') return standing.escalations.isWanted(about)
      return kind === 'reminder' ? standing.reminders.isWanted(about) : true
    },
  })
  const { endingLimit } = institution
  const people = createPeople({ database, audit, clock, random, changing, endingLimit })
  const identity = createIdentity({ database, audit, clock, random })
  const programmes = createProgrammes({
    database,
    audit,
    clock,
    random,
    courses: () => new Set(courses().keys()),
    checkExamples,
    changingEverybody: marks.aroundEverybody,
  })
  await programmes.start(readFileSync(join(config.coursesDir, 'programme.yaml')))
  const wall = createWall({
    people,
    audit,
    clock,
    officers: async () =>
      (await identity.holders('decision-maker')).map(({ email, person }) => ({
        name: email,
        ...(person ? { person } : {}),
      })),
  })
  const desk = { database, audit, clock, random, wall }
  const duties = async () =>
    new Set((await programmes.adopted()).flatMap((held) => held.duties.map(({ id }) => id)))
  const decisions = createDecisions({ ...desk, people, duties, changing })
  const contests = createContests(desk)

  const { sanctions, apart, watchPairs } = createSealedPlane({
    config,
    institution,
    database,
    people,
    identity,
    completions: () => completions,
    certificates: () => certificates,
    programmes: () => programmes.adopted(),
    shelf,
    makeKeys,
    nearWebhooks: options.nearWebhooks ?? false,
    mailer,
    words,
    clock,
    random,
    log,
  })
  const certificates = createCertificates({
    database,
    audit,
    people,
    rings,
    institution: { name: institution.name, did: didWeb(publicUrl) },
    keysDir,
    makeKeys,
    designsDir: config.certificatesDir,
    publicUrl,
    courseTitles: () => [...courses().values()].map(({ course, title }) => ({ id: course, title })),
    bespokeTitle: (body) => ({
      en: words.say('en', { key: 'certificates.bespoke', with: { body: body.en } }),
      cy: words.say('cy', { key: 'certificates.bespoke', with: { body: body.cy } }),
    }),
    lastDays: (completed) => lastDaysOf({ programmes, people }, completed),
    told: { issued: sanctions.bindCertificates, revoked: sanctions.certificatesRevoked },
    clock,
    random,
    log,
  })
  const completions = createCompletions({
    database,
    audit,
    clock,
    random,
    changing,
    certificates,
    sanctions,
  })
  const claims = createClaims({
    ...desk,
    courses: () => new Set(courses().keys()),
    async complete(actor, { id, person, course, delivery, on }) {
      const taught = courses().get(course)
      const version = { hash: taught?.hash ?? '', label: taught?.label ?? '' }
      const evidence = { kind: 'prior-learning', id } as const
      await completions.recordMany(actor, [{ person, course, delivery, on, version, evidence }])
    },
  })
  const adjustments = createAdjustments({ database, audit, people, clock, random })
  const learning = createLearning({
    database,
    shelf,
    audit,
    completions,
    people,
    programmes: programmes.adopted,
    wayOf: (person) => adjustments.wayOf(person),
    begun: sanctions.begun,
    clock,
    random,
  })
  const surveys = createSurveys({
    database,
    ring: openSurveyRing({ keysDir, make: makeKeys, clock }),
    least: institution.leastPeople,
    random,
  })
  const training = createTrainingSessions({
    database,
    audit,
    people,
    completions,
    courses,
    clock,
    random,
    voice: {
      organiser: { name: institution.name.en, email: sender },
      urlOf: (session) => `${publicUrl}/training-sessions/${session}`,
      say: (language, sentence) => words.say(language, sentence),
    },
    tell: (messages) => notifications.tell(messages),
    begun: sanctions.begun,
    settings: institution.trainingSessions,
    roomNeeds: async (room) => [...(await adjustments.roomNeeds(room)).keys()].sort(),
    mayNotMeet: (person, others) => apart.mayNotMeet(person, others),
  })

  const standing = createStandingParts({
    database,
    audit,
    people,
    completions,
    decisions,
    contests,
    programmes,
    learning,
    training,
    notifications,
    marks,
    rings,
    institution,
    courseTitle,
    publicUrl,
    inThisThread: options.inThisThread ?? false,
    words,
    clock,
    random,
  })
  return {
    ...standing,
    adjustments,
    apart,
    audit,
    catalogue,
    certificates,
    claims,
    clock,
    completions,
    contests,
    courseTitle,
    database,
    decisions,
    hearings: createHearingBundles({ sanctions, completions, courseTitle, clock }),
    identity,
    learning,
    notifications,
    people,
    programmes,
    random,
    sanctions,
    shelf,
    surveys,
    training,
    wall,
    watchPairs: () => watchPairs((one, other) => training.meetings(one, other)),
    words,
  }
}
