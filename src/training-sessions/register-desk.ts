import { personOf, type Actor } from '../actor.js'
import type { Act, Audit } from '../audit/audit.js'
import type { Clock } from '../clock.js'
import { conflict, invalid, notFound, refused } from '../errors.js'
import type { People } from '../people/people.js'
import type { Random } from '../random.js'
import type { EntriesStore } from './entries-store.js'
import type { Keeping, KeepingAct } from './keeping.js'
import type { Mark, Statement, StatementSource } from './mark.js'
import { minutesOf } from './schedule.js'
import { briefly, checkKeeper } from './scope.js'
import type { Seats } from './seats.js'
import type { SessionsStore } from './sessions-store.js'
import type { Settings } from './settings.js'
import { taughtOf, type Courses, type TrainingSession } from './training-session.js'

export interface RegistersParts {
  sessions: SessionsStore
  entries: EntriesStore
  keeping: Keeping
  seats: Seats
  courses: () => Courses
  people: Pick<People, 'byId' | 'lineOf' | 'inLine'>
  audit: Audit
  clock: Clock
  random: Random
  settings: Settings
  /** What the people of a room need in it, each need once; what nobody may know of them it does not say. */
  roomNeeds?: ((people: readonly string[]) => Promise<readonly string[]>) | undefined
}

/** What marking and closing share: a register at hand, checked, and the words for what is done to it. */
export interface RegisterDesk extends RegistersParts {
  /** A training session whose register the actor keeps. Throws not-found. */
  held(actor: Actor, id: string): Promise<TrainingSession>
  /** Throws where a mark cannot be, or is not this actor's to make. */
  checkMark(actor: Actor, session: TrainingSession, person: string, mark: Mark): void
  /** Settles, with the first mark, which version is taught. */
  begin(actor: Actor, session: TrainingSession): Promise<void>
  /** A statement for each of some people, by the actor; in their own line it waits for a second person. */
  stating(actor: Actor, source: StatementSource, reason?: string): Promise<Stating>
  act(actor: Actor, session: TrainingSession, reason?: string): KeepingAct
  record(actor: Actor, act: Act): Promise<void>
  /** Lets a signature reach every entry: what was marked on screen counts from now on. */
  signThrough(actor: Actor, id: string): Promise<void>
}
export type Stating = (person: string, mark: Mark) => Statement

export function createDesk(parts: RegistersParts): RegisterDesk {
  const { sessions, entries, courses, people, audit, clock, random } = parts

  return {
    ...parts,
    async held(actor, id) {
      const session = await sessions.find(id)
      if (!session) throw notFound()
      checkKeeper(actor, session)
      return session
    },
    checkMark(actor, session, person, { attendance, minutes }) {
      if (session.cancelled) throw conflict('training-session.cancelled-already')
      const opens = session.startsAt.getTime() - parts.settings.doorOpensMinutes * 60_000
      if (clock.now().getTime() < opens) throw conflict('register.too-early')
      if (personOf(actor) === person) throw refused('register.own-mark')
      if (session.trainers.includes(person)) throw refused('register.trainer-marked')
      const length = minutesOf(session)
      if (attendance === 'part' && minutes === undefined)
        throw invalid('register.part-needs-minutes')
      if (
        minutes !== undefined &&
        !(Number.isInteger(minutes) && minutes >= 0 && minutes <= length)
      ) {
        throw invalid('register.minutes', { length })
      }
    },
    async begin(actor, session) {
      const taught = taughtOf(courses(), session.course, session.delivery) ?? session.taught
      await sessions.begin(session.id, { by: briefly(actor), at: clock.now() }, taught)
    },
    async stating(actor, source, reason) {
      const self = personOf(actor)
      const line = self === undefined ? new Set() : await people.lineOf(self, clock.today())
      const at = clock.now()
      return (person, mark) => ({
        id: random.id(),
        ...mark,
        by: briefly(actor),
        at,
        source,
        ...(reason === undefined ? {} : { reason }),
        ...(line.has(person) ? { countersign: 'needed' as const } : {}),
      })
    },
    act: (actor, session, reason) => ({
      by: briefly(actor),
      at: clock.now(),
      ...(reason === undefined ? {} : { reason }),
      signed: session.register.state !== 'open',
    }),
    record: (actor, act) => audit.record(actor, act),
    async signThrough(actor, id) {
      const unsigned = (await entries.of(id)).filter(({ signed }) => !signed)
      const act = { by: briefly(actor), at: clock.now() }
      const subjects = unsigned.map(({ person }) => ({ session: id, person }))
      await parts.keeping.revise(act, subjects, (entry) =>
        entry.signed ? entry : { ...entry, signed: true },
      )
      await sessions.signedThrough(id)
    },
  }
}
