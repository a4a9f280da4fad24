import type { Clock } from '../clock.js'
import type { CourseVersion } from '../courses/courses.js'
import { notFound, unavailable } from '../errors.js'
import { covers, type People } from '../people/people.js'
import type { Programme } from '../requirements/requirements.js'
import { audienceOf } from './audience.js'
import type { AttemptRecord, Kept, LearningStore } from './learning-store.js'
import { keepsEverything } from './moving.js'
import type { Learner } from './path.js'
import { attemptOf, type Place, type Settled } from './place.js'
import { progress, type Attempt } from './progress.js'
import type { Shelf } from './shelf.js'
import { mayShorten } from './shortening.js'

/** The way through a course that somebody has chosen; it may change at any time. */
export type Way = Pick<Learner, 'quiet' | 'under18'>

export interface Loaded {
  kept: Kept
  way: Way
  /** The attempt under way, or the last one. */
  record?: AttemptRecord
  place: Place
}

export interface PlacesParts {
  store: LearningStore
  shelf: Shelf
  people: Pick<People, 'tenures' | 'offices' | 'officesSeenBy'>
  programmes: () => Promise<readonly Programme[]>
  wayOf: (person: string) => Promise<Way>
  clock: Clock
}

/** Reads where somebody is, from everything that has been kept of them. */
export function createPlaces({ store, shelf, people, programmes, wayOf, clock }: PlacesParts) {
  /** What is settled when somebody begins a course today: which variant, and whether a pre-test spares. */
  async function settle(person: string, version: CourseVersion): Promise<Settled> {
    const today = clock.today()
    const tenure = (await people.tenures([person])).get(person)
    const terms = (tenure?.terms ?? []).filter((term) => covers(term, today))
    const offices = await people.offices(terms.flatMap((term) => term.office ?? []))
    const manages = (await people.officesSeenBy(person, today)).size > 0
    return {
      audience: audienceOf({ terms, offices, manages }, version.audiences),
      mayShorten: mayShorten(await programmes(), terms, version.course, today),
    }
  }

  async function unbegun(person: string, course: string, way: Way): Promise<Place> {
    const version = shelf.current(course)
    if (!version) {
      const { faults } = shelf.catalogue()
      const withheld = faults.some((fault) => fault.course === course && fault.withholds)
      throw withheld ? unavailable('learning.withheld') : notFound('learning.no-course')
    }
    const learner = { ...(await settle(person, version)), ...way }
    const attempt = { id: '', version, learner, seed: '', facts: [] }
    return { course, version, number: 0, attempt, progress: progress(attempt) }
  }

  /** Where an attempt stands: on its own version, or on a newer one to which it loses nothing. */
  async function placeOf(record: AttemptRecord, kept: Kept, way: Way): Promise<Place> {
    const version = await shelf.version(record.version)
    if (!version) throw unavailable('learning.version-lost')
    const own = attemptOf(record, kept, version, way)
    const place = (attempt: Attempt): Place => ({
      course: record.course,
      version: attempt.version,
      number: record.number,
      attempt,
      progress: progress(attempt),
    })
    if (!record.open) return { ...place(own), endedAt: record.endedAt ?? record.at }
    const newer = await shelf.newerThan(version.hash)
    if (!newer) return place(own)
    if (await shelf.retakeSince(version.hash)) return { ...place(own), changed: true }
    return place(keepsEverything(own, newer) ? { ...own, version: newer } : own)
  }

  const load = async (person: string, course: string, known?: Way): Promise<Loaded> => {
    const [kept, way] = await Promise.all([store.of(person, course), known ?? wayOf(person)])
    const record = kept.attempts.at(-1)
    if (!record) return { kept, way, place: await unbegun(person, course, way) }
    return { kept, way, record, place: await placeOf(record, kept, way) }
  }

  return { settle, placeOf, load }
}
