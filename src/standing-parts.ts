import { rootKeysOf, type IssuerKeys } from './certificates/certificates.js'
import type { Audit } from './audit/audit.js'
import type { Clock } from './clock.js'
import {
  createCompliance,
  createEscalations,
  createReminders,
  createSavedViews,
  progressFrom,
  rollsHere,
  rollsInThread,
  type Marks,
} from './compliance/compliance.js'
import type { Completions } from './completions/completions.js'
import type { Database } from './database/database.js'
import type { Institution } from './institution.js'
import type { Bilingual, Words } from './language.js'
import type { Learning } from './learning/learning.js'
import type { Notifications } from './notifications/notifications.js'
import type { People } from './people/people.js'
import { createPublication } from './publication/publication.js'
import { definitionsIn } from './publication-words.js'
import type { Random } from './random.js'
import type { Contests, Decisions, Programmes } from './requirements/requirements.js'
import type { TrainingSessions } from './training-sessions/training-sessions.js'

export interface StandingPartsNeeds {
  database: Database
  audit: Audit
  people: People
  completions: Completions
  decisions: Decisions
  contests: Contests
  programmes: Programmes
  learning: Learning
  training: TrainingSessions
  notifications: Notifications
  marks: Marks
  rings: IssuerKeys
  institution: Institution
  courseTitle: (course: string) => Bilingual
  publicUrl: string
  /** Works out everybody's standing in this thread, and not in one of its own. */
  inThisThread: boolean
  words: Words
  clock: Clock
  random: Random
}

/** Who is in good standing, and what is done with the answer: reminded, escalated, published. */
export function createStandingParts(parts: StandingPartsNeeds) {
  const { database, audit, people, completions, decisions, contests, clock, random } = parts
  const { learning, training, notifications, marks, institution, publicUrl } = parts
  const programmes = parts.programmes.adopted
  const tell: Notifications['tell'] = (messages) => notifications.tell(messages)

  const rolls = parts.inThisThread
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
    programmes,
    titles: { course: parts.courseTitle },
    progressOf: async (some) =>
      progressFrom(...(await Promise.all([learning.progressOf(some), training.bookings.of(some)]))),
  })
  const acting = { database, audit, people, compliance, tell, clock, publicUrl }
  return {
    rolls,
    compliance,
    reminders: createReminders({ ...acting, everyDays: institution.remindEveryDays }),
    escalations: createEscalations({
      ...acting,
      programmes,
      team: institution.complianceTeam.email,
      commissionerOf: (house) =>
        institution.conductBodies.find(({ id }) => id === `${house}-commissioner`)?.notices,
    }),
    savedViews: createSavedViews({ database, random }),
    publication: createPublication({
      ...acting,
      contesting: () => contests.contesting(),
      random,
      rules: institution.publication,
      institution: institution.name,
      keys: () => rootKeysOf(parts.rings).current(),
      definitions: definitionsIn(parts.words),
    }),
  }
}
