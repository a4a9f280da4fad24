import { setImmediate as breathe } from 'node:timers/promises'
import { chunk } from 'es-toolkit'
import { hasRole, personOf, type Actor } from '../actor.js'
import type { Clock } from '../clock.js'
import { calledName, type Likely, type People, type Person } from '../people/people.js'
import type { Accreditations } from './accreditations.js'
import { entryKey, type Entry } from './entry.js'
import type { EntriesStore } from './entries-store.js'
import { nameInDoubt, type Known } from './recognise.js'
import type { KeptOut } from './room.js'
import type { RowFacts } from './row.js'
import { mayKeep } from './scope.js'
import type { SessionsStore } from './sessions-store.js'
import { asTaught, type Courses } from './training-session.js'
import { courseOf, timeKey, type HeldSession, type Sessions } from './whereabouts.js'

export interface LookupParts {
  sessions: SessionsStore
  entries: EntriesStore
  accreditations: Accreditations
  courses: () => Courses
  people: Pick<People, 'byId' | 'byEmails' | 'likely' | 'lineOf'>
  clock: Clock
  keptOut: KeptOut
}

// One question to the database at a time is about so many: its answer is read in one go.
const atOnce = 500
const mostSuggestions = 5

const distinct = (values: Iterable<string | undefined>): string[] => [
  ...new Set([...values].filter((value) => value !== undefined)),
]

/** Asks about many things in handfuls, and lets others in between. */
async function inHandfuls<Value>(
  keys: readonly string[],
  ask: (some: string[]) => Promise<ReadonlyMap<string, Value>>,
): Promise<Map<string, Value>> {
  const found = new Map<string, Value>()
  for (const some of chunk([...keys], atOnce)) {
    for (const [key, value] of await ask(some)) found.set(key, value)
    await breathe()
  }
  return found
}

/** Finds the people of a file: by id, by e-mail address, and by name where those leave a doubt. */
export async function findPeople(
  { people }: LookupParts,
  facts: readonly RowFacts[],
  chosen: readonly string[],
): Promise<Known> {
  const ids = distinct([...facts.map(({ person }) => person), ...chosen])
  const byId = await inHandfuls(ids, (some) => people.byId(some))
  const byEmail = await inHandfuls(distinct(facts.map(({ email }) => email)), (some) =>
    people.byEmails(some),
  )
  for (const person of byEmail.values()) byId.set(person.id, person)
  const surely: Known = { byId, byEmail, byName: new Map() }
  const doubtful = distinct(facts.map((row) => nameInDoubt(row, surely)))
  const byName = new Map<string, Likely>()
  for (const names of chunk(doubtful, atOnce)) {
    for (const [at, likely] of (await people.likely(names, mostSuggestions)).entries()) {
      if (likely) byName.set(names[at] ?? '', likely)
    }
  }
  const suggested = distinct([...byName.values()].flatMap((likely) => likely.people))
  const more = await inHandfuls(
    suggested.filter((id) => !byId.has(id)),
    (some) => people.byId(some),
  )
  for (const [id, person] of more) byId.set(id, person)
  return { byId, byEmail, byName }
}

/** Who is meant by what stands in trainers' cells: an id, an address, or a name that one person bears. */
async function findTrainers(
  { people }: LookupParts,
  written: readonly string[],
): Promise<Map<string, string>> {
  const [byId, byEmail, byName] = await Promise.all([
    people.byId(written),
    people.byEmails(written.map((text) => text.toLowerCase())),
    people.likely(written, 2),
  ])
  return new Map(
    written.flatMap((text, at) => {
      const likely = byName[at]
      const alike = likely?.people.length === 1 ? likely.people[0] : undefined
      const found = byId.get(text)?.id ?? byEmail.get(text.toLowerCase())?.id ?? alike
      return found === undefined ? [] : [[text, found] as const]
    }),
  )
}

/** Finds the training sessions that rows may belong to, and what decides whether the uploader may keep them. */
export async function findSessions(
  parts: LookupParts,
  actor: Actor,
  facts: readonly RowFacts[],
): Promise<Sessions> {
  const courses = parts.courses()
  const named = distinct(facts.map(({ course }) => course))
  const meant = distinct(named.map((course) => courseOf(courses, course)))
  const held = await parts.sessions.byIds(distinct(facts.map(({ session }) => session)))
  const there = await parts.sessions.onDays(distinct(facts.map(({ on }) => on)), meant)
  const byTime = new Map<string, HeldSession[]>()
  for (const session of there.map((one) => asTaught(one, courses))) {
    const key = timeKey(session.course, session.on, session.from)
    byTime.set(key, [...(byTime.get(key) ?? []), session])
  }
  const trainers = await findTrainers(parts, distinct(facts.map(({ trainer }) => trainer)))
  const self = personOf(actor)
  return {
    courses,
    byId: new Map(held.map((session) => [session.id, asTaught(session, courses)])),
    byTime,
    mayKeep: (session) => mayKeep(actor, session),
    trainer: (written) => trainers.get(written),
    accredited: await parts.accreditations.forCourses(courses),
    usualTrainer: hasRole(actor, 'trainer') ? self : undefined,
    now: parts.clock.now(),
  }
}

/** What the registers hold already of the people of a file. */
export const findEntries = (
  { entries }: LookupParts,
  subjects: readonly { session: string; person: string }[],
): Promise<Map<string, Entry>> =>
  inHandfuls(
    [...new Set(subjects.map(({ session, person }) => entryKey(session, person)))],
    (some) => entries.byKeys(some),
  )

export const namesOf =
  (people: ReadonlyMap<string, Person>) =>
  (id: string): string => {
    const person = people.get(id)
    return person ? calledName(person) : id
  }
