import { generateKeyPairSync } from 'node:crypto'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { systemActor, type Actor, type PersonActor } from '../../src/actor.js'
import { auditCollections, createAudit } from '../../src/audit/audit.js'
import { day, type Clock } from '../../src/clock.js'
import {
  completionCollections,
  createCompletions,
  type Completion,
  type Completions,
} from '../../src/completions/completions.js'
import { openDatabase, type Database } from '../../src/database/database.js'
import { loadWords } from '../../src/language.js'
import { createLog } from '../../src/log.js'
import type { Message } from '../../src/notifications/notifications.js'
import {
  createPeople,
  directoryCollections,
  peopleCollections,
  type DirectoryUpload,
  type People,
} from '../../src/people/people.js'
import { systemRandom } from '../../src/random.js'
import { readHere } from '../../src/tables/reading.js'
import { usualLimits } from '../../src/tables/sheet.js'
import {
  createTrainingSessions,
  trainingSessionCollections,
  type Courses,
  type MayNotMeet,
  type Plan,
  type TrainingSession,
  type TrainingSessions,
} from '../../src/training-sessions/training-sessions.js'
import { testDatabase } from './database.js'
import { frozenClock, type FrozenClock } from './world.js'

export const words = loadWords(fileURLToPath(new URL('../../views/text', import.meta.url)))

const title = (en: string) => ({ en, cy: `${en} (cy)` })

/** Two courses: one with *part* counting from an hour when face to face, one that demands an accreditation. */
const courses: Courses = new Map(
  [
    {
      course: 'behaviour-code',
      hash: 'b'.repeat(64),
      label: '2026.1',
      title: title('Behaviour Code'),
      deliveries: [
        { delivery: 'online' as const, minutes: 60 },
        { delivery: 'face-to-face' as const, minutes: 90, partCountsFrom: 60 },
        { delivery: 'remote' as const, minutes: 90 },
      ],
      accreditations: [],
    },
    {
      course: 'supporting',
      hash: 'c'.repeat(64),
      label: '2026.2',
      title: title('Supporting somebody'),
      deliveries: [{ delivery: 'face-to-face' as const, minutes: 120 }],
      accreditations: ['sexual-violence'],
    },
  ].map((course) => [course.course, course]),
)

export const actorFor = (person: string, ...roles: PersonActor['roles']): PersonActor => ({
  kind: 'person',
  account: `account-of-${person}`,
  person,
  roles,
})
export const trainer = actorFor('tess', { name: 'trainer' })
export const otherTrainer = actorFor('tom', { name: 'trainer' })
export const coordinator = actorFor('cora', { name: 'coordinator' })
export const system = systemActor('test')

/** A house with its training sessions and everything below them, on a database of its own. */
export interface House {
  database: Database
  people: People
  completions: Completions
  training: TrainingSessions
  clock: FrozenClock
  told: Message[]
  /** Completions whose certificates have been revoked, by evidence. */
  revoked: Set<string>
  /** Who may not meet whom, asked of the sealed plane: the first gives way to the second. */
  apart: Map<string, string>
  /** How often the sealed plane has been asked, and about whom. */
  asked: string[]
  directory(files: Partial<Record<keyof DirectoryUpload, string>>): Promise<void>
  /** Plans a training session of the Behaviour Code, for tomorrow morning unless told otherwise. */
  planned(plan?: Partial<Plan>, actor?: Actor): Promise<TrainingSession>
  /** What stands in somebody's name, as dates and deliveries. */
  completed(person: string): Promise<string[]>
  close(): Promise<void>
}

const usualPlan: Plan = {
  course: 'behaviour-code',
  delivery: 'face-to-face',
  on: day('2026-03-03'),
  from: '10:00',
  to: '11:30',
  venue: 'Room 1',
  capacity: 20,
  trainers: ['tess'],
  invited: {},
  arrangements: ['step-free'],
}

const { privateKey: secret, publicKey: open } = generateKeyPairSync('ed25519')
const rootKeys = { secret, open }

const staffOf = (...people: string[]): string =>
  [
    'person,kind,house,party,office,title,from,to',
    ...people.map((person) => `${person},staff,both,,hr,Clerk,2020-01-01,`),
  ].join('\n')

/** People by id and name; everybody works in one office, which Hana manages. */
export const peopleFiles = (people: readonly (readonly [id: string, name: string])[]) => ({
  people: [
    'id,name,email,language',
    ...people.map(([id, name]) => `${id},${name},${id}@example.org,en`),
  ].join('\n'),
  offices: 'id,name,house,kind,parent,employer\nhr,People team,both,department,,',
  terms: staffOf(...people.map(([id]) => id)),
})

const usualPeople = [
  ['tess', 'Tess Trainer'],
  ['tom', 'Tom Trainer'],
  ['cora', 'Cora Coordinator'],
  ['ann', 'Ann Appletree'],
  ['ben', 'Ben Birchall'],
  ['cai', 'Cai Cartmellow'],
  ['dee', 'Dee Dapplewood'],
  ['eve', 'Eve Evenlode'],
  ['fay', 'Fay Fairweather'],
] as const

export async function createHouse(
  options: { clock?: Clock; name?: string; uri?: string; readHere?: boolean } = {},
): Promise<House> {
  const own = options.uri === undefined ? await testDatabase() : undefined
  const clock = frozenClock('2026-03-02T09:00:00Z')
  const random = systemRandom
  const database = await openDatabase({
    uri: options.uri ?? own?.uri ?? '',
    name: options.name ?? own?.name ?? '',
    dataDir: tmpdir(),
    clock,
    random,
    log: createLog('silent'),
  })
  await database.migrate([
    ...auditCollections,
    ...peopleCollections,
    ...directoryCollections,
    ...completionCollections,
    ...trainingSessionCollections,
  ])
  const audit = createAudit({
    database,
    clock,
    random,
    log: createLog('silent'),
    origin: 'standing.example',
    keys: { current: () => rootKeys, all: () => [rootKeys.open] },
  })
  const changing = <Result>(_people: readonly string[], write: () => Promise<Result>) => write()
  const people = createPeople({ database, audit, clock, random, endingLimit: 1, changing })
  const revoked = new Set<string>()
  const nothing = () => Promise.resolve()
  const completions = createCompletions({
    database,
    audit,
    clock,
    random,
    changing,
    certificates: {
      issueMany: (some) => Promise.resolve(some.map(({ id }) => ({ completion: id, serial: id }))),
      revokeMany: (some: readonly Completion[]) => {
        for (const { evidence } of some) revoked.add(evidence.id)
        return Promise.resolve()
      },
    },
    sanctions: { consider: nothing, bindCertificates: nothing, annulled: nothing },
  })
  const told = new Map<string, Message>()
  const apart = new Map<string, string>()
  const asked: string[] = []
  const mayNotMeet: MayNotMeet = (person, others) => {
    asked.push(person)
    const other = apart.get(person)
    return other !== undefined && others.includes(other)
  }
  const training = createTrainingSessions({
    database,
    audit,
    people,
    completions,
    courses: () => courses,
    clock,
    random,
    mayNotMeet,
    ...(options.readHere ? { readSheet: (bytes, file) => readHere(bytes, file, usualLimits) } : {}),
    voice: {
      organiser: { name: 'Training', email: 'training@example.org' },
      urlOf: (id) => `https://example.org/training-sessions/${id}`,
      say: (language, sentence) => words.say(language, sentence),
    },
    tell: (messages) => {
      for (const message of messages) if (!told.has(message.key)) told.set(message.key, message)
      return Promise.resolve()
    },
  })
  const house: House = {
    database,
    people,
    completions,
    training,
    clock,
    get told() {
      return [...told.values()]
    },
    revoked,
    apart,
    asked,
    async directory(files) {
      const upload = Object.fromEntries(
        Object.entries(files).map(([file, text]) => [file, Buffer.from(text)]),
      )
      const { id, faults } = await people.directory.rehearse(system, upload)
      if (faults.length > 0) throw new Error(JSON.stringify(faults))
      await people.directory.confirm(system, id)
    },
    planned: (plan = {}, actor = coordinator) =>
      training.planning.plan(actor, { ...usualPlan, ...plan }),
    async completed(person) {
      const own = (await completions.of([person])).get(person) ?? []
      return own.map(({ course, delivery, on }) => `${course} ${delivery} ${on}`).sort()
    },
    async close() {
      await database.close()
      await own?.drop()
    },
  }
  if (options.uri === undefined) await house.directory(peopleFiles(usualPeople))
  return house
}
