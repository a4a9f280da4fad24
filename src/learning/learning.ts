import { personOf, type Actor, type PersonActor } from '../actor.js'
import type { Audit } from '../audit/audit.js'
import type { Clock, Day } from '../clock.js'
import type { Completions } from '../completions/completions.js'
import type { CourseVersion } from '../courses/courses.js'
import type { Database } from '../database/database.js'
import { conflict, notFound, refused } from '../errors.js'
import type { Sentence } from '../language.js'
import type { People } from '../people/people.js'
import type { Random } from '../random.js'
import type { Programme } from '../requirements/requirements.js'
import { consider, type Request } from './consider.js'
import type { Fact } from './facts.js'
import { createFinishing } from './finishing.js'
import { createLearningStore } from './learning-store.js'
import type { Place } from './place.js'
import { createPlaces, type Way } from './places.js'
import type { Shelf } from './shelf.js'
import { createTally, type Statistics } from './statistics.js'

export type { Request } from './consider.js'
export { shownOrder } from './draw.js'
export { settled, type Answer } from './facts.js'
export { learningCollections } from './learning-store.js'
export { isAnswer, mark, optionsOf } from './marking.js'
export type { Learner } from './path.js'
export type { Place } from './place.js'
export { progress, type Attempt, type StepProgress } from './progress.js'
export type { ItemStatistics } from './statistics.js'
export { createShelf, type Shelf } from './shelf.js'
export { shelfCollections } from './shelf-store.js'
export { assessment, preTest, type Form, type TestState } from './tests.js'
export { choicesIn, scenesFor, walk } from './walk.js'

/** What became of a request: it is kept, or the sentence that says why it could not be. */
export type Submitted =
  | { place: Place; fact: Fact; known: boolean; counts: boolean }
  | { place?: Place; refused: Sentence }

/** How far somebody is in one course, for lists of their own. */
export interface Standing {
  state: 'in-progress' | 'done'
  done: number
  needed: number
  endedAt?: Date
}

/**
 * Somebody's own way through the courses (domain, section 2; issue *Courses*, *Delivery*). Whoever
 * acts sees and changes only what is theirs. What was answered is kept as it was given, for ever.
 */
export interface Learning {
  /**
   * Where the actor is in a course, on the version that they began with. Throws not-found for a
   * course that does not exist, unavailable for one that is withheld and that they have not begun.
   */
  open(actor: Actor, course: string): Promise<Place>
  /**
   * Begins a course, for the `after + 1`th time; asked a second time, nothing happens. Where a newer
   * version asks for it to be taken again, every step counts that has not changed since.
   * Throws conflict for a course that is not taught online, or no longer taught.
   */
  begin(actor: Actor, course: string, after: number): Promise<Place>
  /**
   * Keeps what somebody did or answered, durable before anything is said about it. The last needed
   * step completes the course: the completion is dated that day, in London.
   */
  submit(actor: Actor, course: string, request: Request): Promise<Submitted>
  /** How far the actor is, by course; a course that was never begun is left out. */
  mine(actor: Actor): Promise<Map<string, Standing>>
  /** Who is half way through which courses; everybody who is, when no people are named. */
  progressOf(
    people?: readonly string[],
    courses?: readonly string[],
  ): Promise<Map<string, Set<string>>>
  /**
   * What authors learn of the version taught now: nothing of a question or a stop that fewer than
   * `least` people make up. Throws not-found for a course that is not taught.
   */
  statistics(course: string, least: number): Promise<Statistics>
  /** Finishes what a crash left between a last answer and its completion; answers how many. */
  resume(): Promise<number>
}

export interface LearningParts {
  database: Database
  shelf: Shelf
  audit: Audit
  completions: Pick<Completions, 'recordMany'>
  people: Pick<People, 'tenures' | 'offices' | 'officesSeenBy'>
  programmes: () => Promise<readonly Programme[]>
  /** The way that somebody takes through a course, as they have chosen it. */
  wayOf: (person: string) => Promise<Way>
  /** Told when somebody begins a course; answers nothing, throws nothing. */
  begun?: (told: readonly { person: string; course: string; on: Day }[]) => Promise<void>
  clock: Clock
  random: Random
}

// Clocks of several processes differ, and a write becomes readable a little after its time.
const overlap = 60_000

export function createLearning(parts: LearningParts): Learning {
  const { database, shelf, clock, random } = parts
  const store = createLearningStore(database)
  const { load, placeOf, settle } = createPlaces({ ...parts, store })
  const finish = createFinishing({ ...parts, store })

  function mine(actor: Actor): PersonActor & { person: string } {
    const person = personOf(actor)
    if (actor.kind !== 'person' || person === undefined) throw refused('problem.refused')
    return { ...actor, person }
  }

  function checkTaught(version: CourseVersion): void {
    const online = version.deliveries.some(({ delivery }) => delivery === 'online')
    if (!online || version.steps.length === 0) throw conflict('learning.not-online')
    if (version.retiredOn !== undefined && version.retiredOn < clock.today()) {
      throw conflict('learning.retired')
    }
  }

  return {
    open: async (actor, course) => (await load(mine(actor).person, course)).place,

    async begin(actor, course, after) {
      const { person, account } = mine(actor)
      const { record, place } = await load(person, course)
      const under = record?.open && !place.changed
      if (place.number !== after || under) return place
      const version = shelf.current(course)
      if (!version) throw conflict('learning.withheld')
      checkTaught(version)
      const carries = place.changed && record ? [...(record.carries ?? []), record.attempt] : []
      await store.begin({
        attempt: random.id(),
        person,
        course,
        number: after + 1,
        account,
        version: version.hash,
        seed: random.id(),
        ...(await settle(person, version)),
        at: clock.now(),
        open: true,
        ...(carries.length > 0 ? { carries } : {}),
      })
      if (record?.open) await store.end(record.attempt)
      await parts.begun?.([{ person, course, on: clock.today() }])
      const begun = await load(person, course)
      return (await finish(begun)) ? (await load(person, course)).place : begun.place
    },

    async submit(actor, course, request) {
      const { person } = mine(actor)
      const { record, place, way } = await load(person, course)
      if (!record) return { place, refused: { key: 'learning.not-begun' } }
      const considered = consider(place.attempt, request, clock.now())
      if ('refused' in considered) return { place, refused: considered.refused }
      const { hash } = place.version
      if (hash !== record.version)
        await store.move(record.attempt, record.version, hash, clock.now())
      const { fact } = considered
      const saved = considered.known ? 'known' : await store.add(record, fact)
      const counts = considered.counts && saved !== 'again'
      // Another device may have answered meanwhile: what is complete is told from what is kept.
      const now = await load(person, course, way)
      const ended = now.place.progress.complete && (await finish(now))
      const after = ended ? (await load(person, course, way)).place : now.place
      return { place: after, fact, known: saved === 'known', counts }
    },

    async mine(actor) {
      const { person } = mine(actor)
      const [kept, way] = await Promise.all([store.ofPerson(person), parts.wayOf(person)])
      const found = new Map<string, Standing>()
      for (const record of kept.attempts) {
        const { progress: far, endedAt } = await placeOf(record, kept, way)
        const { done, needed } = far
        const state = record.open ? 'in-progress' : 'done'
        // A later attempt stands in place of an earlier one.
        found.set(record.course, { state, done, needed, ...(endedAt ? { endedAt } : {}) })
      }
      return found
    },

    async progressOf(named, courses) {
      const found = new Map<string, Set<string>>()
      for (const { person, course } of await store.underWay(named)) {
        if (courses && !courses.includes(course)) continue
        found.set(person, (found.get(person) ?? new Set()).add(course))
      }
      return found
    },

    async statistics(course, least) {
      const version = shelf.current(course)
      if (!version) throw notFound('learning.no-course')
      const tally = createTally(version)
      for await (const told of store.each(course)) tally.add(told)
      return tally.tell(least)
    },

    async resume() {
      const finished = await database.leases.hold('learning-resume', 300, async () => {
        const until = clock.now()
        const from = (await store.resumedUpTo()) ?? new Date(0)
        let count = 0
        for (const { person, course } of await store.savedSince(from)) {
          const loaded = await load(person, course)
          if (loaded.place.progress.complete && (await finish(loaded))) count++
        }
        await store.resumed(new Date(until.getTime() - overlap))
        return count
      })
      return finished ?? 0
    },
  }
}
