import { generateKeyPairSync } from 'node:crypto'
import type { PersonActor } from '../../src/actor.js'
import { auditCollections, createAudit } from '../../src/audit/audit.js'
import { dayOf, type Clock } from '../../src/clock.js'
import {
  completionCollections,
  createCompletions,
  type Completed,
  type Completions,
} from '../../src/completions/completions.js'
import { loadCatalogue, type Catalogue } from '../../src/courses/courses.js'
import { openDatabase, type Database } from '../../src/database/database.js'
import {
  createLearning,
  createShelf,
  learningCollections,
  shelfCollections,
  type Learning,
  type Place,
  type Shelf,
  type Submitted,
} from '../../src/learning/learning.js'
import { createLog } from '../../src/log.js'
import { seededRandom } from '../../src/random.js'
import { testDatabase } from './database.js'
import { nextRequest } from './learning.js'

/** A clock that goes on by a second each time it is asked, as answers do. */
export interface TickingClock extends Clock {
  set(instant: string): void
}

function tickingClock(instant: string): TickingClock {
  let now = Date.parse(instant)
  return {
    now: () => new Date((now += 1000)),
    today: () => dayOf(new Date(now)),
    set(next) {
      now = Date.parse(next)
    },
  }
}

const pair = generateKeyPairSync('ed25519')
const keys = {
  current: () => ({ secret: pair.privateKey, open: pair.publicKey }),
  all: () => [pair.publicKey],
}

export const learner = (name: string): PersonActor => ({
  kind: 'person',
  account: `account-${name}`,
  person: name,
  roles: [],
})

/** The learning door on a real database, with people of whom the directory says nothing. */
export interface Classroom {
  learning: Learning
  shelf: Shelf
  clock: TickingClock
  database: Database
  completions: Completions
  /** Every recorded completion. */
  completed(): Promise<Completed[]>
  /** The same database as another process sees it, or the same one after a restart. */
  anotherProcess(over?: Partial<Options>): Promise<Classroom>
  /** Answers sensibly until the course is complete, or `most` requests have been sent. */
  goOn(who: PersonActor, course: string, most?: number): Promise<Place>
  close(): Promise<void>
}

interface Options {
  catalogue: Catalogue
  way: { quiet: boolean; under18: boolean }
  /** Stands in front of what records completions: a crash, for instance. */
  recordMany: (real: Completions['recordMany']) => Completions['recordMany']
  process: string
}

export async function createClassroom(over: Partial<Options> = {}): Promise<Classroom> {
  const place = await testDatabase()
  const { uri, name } = place
  const clock = tickingClock('2026-11-23T09:00:00Z')
  const opened: Database[] = []

  async function open(options: Partial<Options>): Promise<Classroom> {
    const random = seededRandom(options.process ?? 'the first process')
    const log = createLog('silent')
    const database = await openDatabase({ uri, name, dataDir: '', clock, random, log })
    opened.push(database)
    await database.migrate([
      ...auditCollections,
      ...completionCollections,
      ...shelfCollections,
      ...learningCollections,
    ])
    const audit = createAudit({ database, clock, random, log, origin: 'classroom.test', keys })
    const nobody = () => Promise.resolve()
    const completions = createCompletions({
      database,
      audit,
      clock,
      random,
      changing: (_people, write) => write(),
      certificates: { issueMany: () => Promise.resolve([]), revokeMany: nobody },
      sanctions: { consider: nobody, bindCertificates: nobody, annulled: nobody },
    })
    const shelf = createShelf({ database, clock })
    await shelf.stock(options.catalogue ?? loadCatalogue('courses'))
    const recordMany: Completions['recordMany'] = (...given) => completions.recordMany(...given)
    const learning = createLearning({
      database,
      shelf,
      audit,
      completions: { recordMany: options.recordMany?.(recordMany) ?? recordMany },
      people: {
        tenures: () => Promise.resolve(new Map()),
        offices: () => Promise.resolve(new Map()),
        officesSeenBy: () => Promise.resolve(new Set()),
      },
      programmes: () => Promise.resolve([]),
      wayOf: () => Promise.resolve(options.way ?? { quiet: false, under18: false }),
      clock,
      random,
    })
    return {
      learning,
      shelf,
      clock,
      database,
      completions,
      completed: async () => [...(await completions.of()).values()].flat(),
      anotherProcess: (more = {}) =>
        open({ ...options, ...more, process: `process ${opened.length}` }),
      async goOn(who, course, most = 500) {
        let place = await learning.open(who, course)
        for (let sent = 0; sent < most && !place.endedAt; sent++) {
          const request = nextRequest(place.attempt)
          if (!request) break
          const answer = await learning.submit(who, course, request)
          if ('refused' in answer) throw new Error(answer.refused.key)
          place = answer.place
        }
        return place
      },
      async close() {
        for (const one of opened) await one.close()
        await place.drop()
      },
    }
  }
  return open(over)
}

/** What a submitted request was answered with, in a word. */
export const outcomeOf = (answer: Submitted): string =>
  'refused' in answer
    ? answer.refused.key.replace('learning.', '')
    : answer.known
      ? 'known'
      : answer.counts
        ? 'saved'
        : 'kept, not counted'
