import type { Audit } from '../audit/audit.js'
import type { Clock } from '../clock.js'
import type { Completions } from '../completions/completions.js'
import type { CollectionPlan, Database } from '../database/database.js'
import { notFound } from '../errors.js'
import type { Message } from '../notifications/notifications.js'
import type { People } from '../people/people.js'
import type { Language } from '../language.js'
import { personOf, type Actor } from '../actor.js'
import type { Random } from '../random.js'
import { createAccreditations, type Accreditations } from './accreditations.js'
import { accreditationCollections } from './accreditations-store.js'
import { annotate, type Download } from './annotating.js'
import { createBookings, type Bookings, type BookingsParts } from './bookings.js'
import { createBrowsing, type Browsing } from './browsing.js'
import { createCommitting } from './committing.js'
import { createComparing, type Comparing } from './comparing.js'
import { createEntriesStore, entryCollections } from './entries-store.js'
import { createKeeping } from './keeping.js'
import { createOneToOne, type OneToOne } from './one-to-one.js'
import { createPlanning, type Planning } from './planning.js'
import { createPolls, type Polls } from './polls.js'
import { pollCollections } from './polls-store.js'
import type { RegistersParts } from './register-desk.js'
import { createRegisters, type Registers } from './registers.js'
import { seatOf } from './seat.js'
import { createSeats } from './seats.js'
import type { MayNotMeet } from './seating.js'
import { createSessionsStore, sessionCollections } from './sessions-store.js'
import { usualSettings, type Settings } from './settings.js'
import { calendarFor, type Voice } from './telling.js'
import { meetingsOf, type Meeting } from './together.js'
import type { Courses } from './training-session.js'
import { createUploads, type Uploads, type UploadsParts } from './uploads.js'
import { createUploadsStore, uploadCollections } from './uploads-store.js'

export { arrangements, type Arrangement } from './arrangement.js'
export type { Adjustment } from './adjusting.js'
export type { Download } from './annotating.js'
export type { SessionView } from './browsing.js'
export { registerFields, type Mapping, type RegisterField } from './columns.js'
export { attendances, type Mark, type Statement } from './mark.js'
export type { RegisterLine, RegisterSheet } from './register-sheet.js'
export type { CellFault, Fixes } from './row.js'
export type { MayNotMeet } from './seating.js'
export type { Settings } from './settings.js'
export {
  liveDeliveries,
  type Courses,
  type Plan,
  type TrainingSession,
} from './training-session.js'
export type { KeptRow, Upload } from './uploads-store.js'
export { verdicts, type Verdict } from './verdict.js'

/** The collections of training sessions, registers and uploads. */
export const trainingSessionCollections: readonly CollectionPlan[] = [
  ...sessionCollections,
  ...entryCollections,
  ...uploadCollections,
  ...accreditationCollections,
  ...pollCollections,
]

/**
 * Live training, face to face or remote: planned, booked, and its register kept until it locks; what
 * the register says becomes completions (domain, section 2: training session, booking, register).
 * Bespoke training that an outcome orders never comes here.
 */
export interface TrainingSessions {
  planning: Planning
  accreditations: Accreditations
  browsing: Browsing
  bookings: Bookings
  registers: Registers
  comparing: Comparing
  polls: Polls
  oneToOne: OneToOne
  uploads: Uploads
  /** The sheet that was uploaded, with what was said of each row, in one language. */
  annotated(actor: Actor, upload: string, language: Language): Promise<Download>
  /** The entry for the actor's own calendar (iCalendar). Throws not-found for whoever has no place. */
  calendar(actor: Actor, session: string): Promise<string>
  /** Where two people were both marked as present, the latest first: for safeguarding alone. */
  meetings(one: string, other: string): Promise<Meeting[]>
  /**
   * Lets offers run out, drops what is kept no longer, and finishes what a crash left; for the
   * reconciler, as often as it likes. Answers how many things it touched.
   */
  tend(): Promise<number>
}

export interface TrainingSessionsParts {
  database: Database
  audit: Audit
  people: People
  completions: Pick<Completions, 'recordMany' | 'annul' | 'byEvidence'>
  /** The courses that can be taught, as the catalogue has them at the moment. */
  courses: () => Courses
  clock: Clock
  random: Random
  settings?: Settings
  voice: Voice
  /** Puts messages into the outbox; the same key twice tells once. */
  tell: (messages: readonly Message[]) => Promise<void>
  /** Asked of the sealed plane for everybody who asks for a place, whether or not there is one. */
  mayNotMeet: MayNotMeet
  begun?: BookingsParts['begun']
  roomNeeds?: RegistersParts['roomNeeds']
  readSheet?: UploadsParts['readSheet']
}

export function createTrainingSessions(given: TrainingSessionsParts): TrainingSessions {
  const { database, clock, random } = given
  const settings = given.settings ?? usualSettings
  const sessions = createSessionsStore(database.connection)
  const entries = createEntriesStore(database.connection)
  const uploadsStore = createUploadsStore(database.connection)
  const parts = { ...given, settings, sessions, entries, uploads: uploadsStore }

  const seats = createSeats(parts)
  const accreditations = createAccreditations(parts)
  const planning = createPlanning({
    ...parts,
    accreditations,
    settle: async (id) => {
      await seats.settle(id)
    },
  })
  const bookings = createBookings({ ...parts, seats })
  const keeping = createKeeping({ ...parts, clock, random })
  const registers = createRegisters({ ...parts, keeping, seats })
  const committing = createCommitting({ ...parts, keeping })
  const uploads = createUploads({ ...parts, accreditations, committing, keptOut: seats.keptOut })

  return {
    planning,
    accreditations,
    browsing: createBrowsing(parts),
    bookings,
    registers,
    comparing: createComparing({ ...parts, registers }),
    oneToOne: createOneToOne({ ...parts, planning }),
    polls: createPolls({ ...parts, planning, bookings }),
    uploads,
    async annotated(actor, id, language) {
      const upload = await uploads.get(actor, id)
      return annotate(upload, uploadsStore.rows(id), language, given.voice.say)
    },
    async calendar(actor, id) {
      const session = await sessions.find(id)
      const seat = session && seatOf(session.seats, personOf(actor) ?? '')
      if (!session || seat?.state !== 'booked') throw notFound()
      const person = await given.people.get(seat.person)
      const world = { courses: given.courses(), voice: given.voice, now: clock.now() }
      return calendarFor(session, seat, person, world, 'REQUEST').content
    },
    meetings: (one, other) => meetingsOf(parts, one, other),
    async tend() {
      const finished =
        (await uploads.resume()) +
        (await registers.resumeSigning()) +
        (await keeping.followPending())
      return finished + (await seats.tend()) + (await uploads.prune())
    },
  }
}
