import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { parseDay } from './clock.js'
import { ConfigError } from './config.js'
import { collector, parseYaml } from './courses/courses.js'
import type { Bilingual } from './language.js'
import type { CalmRules } from './notifications/notifications.js'
import type { PublicationRules } from './publication/publication.js'
import type { Settings as TrainingSessionSettings } from './training-sessions/training-sessions.js'
import { writtenBody, type ConductBody } from './sanctions/sanctions.js'

const both = z.strictObject({ en: z.string().min(1), cy: z.string().min(1) })
const contact = z.strictObject({
  name: both,
  says: both,
  phone: z.string().optional(),
  email: z.string().optional(),
})

const day = z.string().transform((text, context) => {
  const parsed = parseDay(text)
  if (parsed) return parsed
  context.addIssue({ code: 'custom', params: { say: 'not-a-date' } })
  return z.NEVER
})

const timeOfDay = z.string().regex(/^(0[5-9]|1\d|2[0-3]):[0-5]\d$/)

const schema = z.strictObject({
  name: both,
  support: z.strictObject({
    helpline: contact,
    adviser: contact,
    police: contact,
    safeguarding: contact,
    wellbeing: contact,
  }),
  'exit-to': z.url({ protocol: /^https$/ }),
  'compliance-team': z.strictObject({ email: z.string(), phone: z.string().optional() }),
  'conduct-bodies': z.array(writtenBody),
  directory: z.strictObject({ 'ending-limit': z.number().min(0).max(1) }),
  // What is published, each by a decision that is named; what is not here is not published.
  publication: z.strictObject({
    names: z.strictObject({ commons: both.optional(), lords: both.optional() }),
    counts: z.strictObject({ commons: both.optional(), lords: both.optional() }),
    staff: both.optional(),
    'least-number': z.int().min(3).max(1000),
    'notice-days': z.int().min(0).max(366),
  }),
  programme: z.strictObject({
    'least-days': z.int().min(0).max(366),
    'remind-every-days': z.int().min(1).max(366),
  }),
  mail: z.strictObject({
    opens: timeOfDay,
    closes: timeOfDay,
    weekends: z.boolean(),
    closed: z.array(day).default([]),
    'most-a-day': z.int().min(1).max(100),
  }),
  'training-sessions': z.strictObject({
    'offer-hours': z.int().min(1).max(720),
    'door-opens-minutes': z.int().min(0).max(720),
    'code-seconds': z.int().min(10).max(600),
    'tolerance-minutes': z.int().min(0).max(240),
    'rehearsal-days': z.int().min(1).max(90),
    'upload-days': z.int().min(1).max(3660),
    'series-length': z.int().min(2).max(366),
  }),
  surveys: z.strictObject({ 'least-people': z.int().min(5).max(1000) }),
})

export type SupportKind = keyof z.output<typeof schema>['support']

/** Where somebody can turn, in words that the institution chose. */
export interface Contact {
  name: Bilingual
  says: Bilingual
  phone?: string | undefined
  email?: string | undefined
}

/** What is particular to one institution: read once at start from `institution.yaml` in `COURSES_DIR`. */
export interface Institution {
  name: Bilingual
  support: Readonly<Record<SupportKind, Contact>>
  /** Where *Exit this page* leads: a site that says nothing of where one came from. */
  exitTo: string
  complianceTeam: { email: string; phone?: string | undefined }
  conductBodies: readonly ConductBody[]
  endingLimit: number
  /** From how many people on a survey tells anything. */
  leastPeople: number
  publication: PublicationRules
  /** From how few days between event and due date an exception is raised. */
  leastDays: number
  /** The numbers of training sessions and registers. */
  trainingSessions: TrainingSessionSettings
  /** Nobody is reminded more often than once in so many days. */
  remindEveryDays: number
  /** When mail that can wait is sent, and how much of it in a day. */
  mail: CalmRules
}

/** Reads the institution's file. Throws `ConfigError` naming file and line where it cannot be used. */
export function readInstitution(coursesDir: string): Institution {
  const { faults, report } = collector()
  const file = join(coursesDir, 'institution.yaml')
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch {
    throw new ConfigError(`COURSES_DIR: ${file} cannot be read`)
  }
  const parsed = parseYaml('institution.yaml', bytes, schema, report)
  if (!parsed) {
    const [fault] = faults
    const params = JSON.stringify(fault?.say.with ?? {})
    throw new ConfigError(`${file}:${fault?.line ?? 1}: ${fault?.say.key ?? 'wrong'} ${params}`)
  }
  const { value } = parsed
  return {
    name: value.name,
    support: value.support,
    exitTo: value['exit-to'],
    complianceTeam: value['compliance-team'],
    conductBodies: value['conduct-bodies'],
    endingLimit: value.directory['ending-limit'],
    leastPeople: value.surveys['least-people'],
    publication: publicationOf(value.publication),
    leastDays: value.programme['least-days'],
    remindEveryDays: value.programme['remind-every-days'],
    mail: {
      opens: value.mail.opens,
      closes: value.mail.closes,
      weekends: value.mail.weekends,
      closed: value.mail.closed,
      mostADay: value.mail['most-a-day'],
    },
    trainingSessions: settingsOf(value['training-sessions']),
  }
}

const settingsOf = (
  written: z.output<typeof schema>['training-sessions'],
): TrainingSessionSettings => ({
  offerHours: written['offer-hours'],
  doorOpensMinutes: written['door-opens-minutes'],
  codeSeconds: written['code-seconds'],
  toleranceMinutes: written['tolerance-minutes'],
  rehearsalDays: written['rehearsal-days'],
  uploadDays: written['upload-days'],
  seriesLength: written['series-length'],
})

/** Rules without what was left out. */
function publicationOf(written: z.output<typeof schema>['publication']): PublicationRules {
  const { names, counts, staff } = written
  const given = ({ commons, lords }: typeof names) => ({
    ...(commons ? { commons } : {}),
    ...(lords ? { lords } : {}),
  })
  return {
    names: given(names),
    counts: given(counts),
    ...(staff ? { staff } : {}),
    least: written['least-number'],
    noticeDays: written['notice-days'],
  }
}
