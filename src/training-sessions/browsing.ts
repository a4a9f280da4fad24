import { omit } from 'es-toolkit'
import { personOf, type Actor } from '../actor.js'
import { addDays, type Clock, type Day } from '../clock.js'
import { notFound } from '../errors.js'
import type { People } from '../people/people.js'
import { isInvited } from './invited.js'
import { checkPlanner, mayKeep, organises } from './scope.js'
import { seatOf, stands } from './seat.js'
import type { SessionsStore } from './sessions-store.js'
import type { TrainingSession } from './training-session.js'

/**
 * A training session as somebody sees it. Nobody sees from it how many have places or wait: whether
 * there is room is said only to whoever asks for a place, for themselves.
 */
export interface SessionView extends Omit<
  TrainingSession,
  'seats' | 'capacity' | 'link' | 'checkInSecret' | 'linesApart' | 'version' | 'onlyFor'
> {
  /** Only for those with a place, and for its trainers and organisers. */
  link?: string
  /** Only for organisers, who set it. */
  capacity?: number
  linesApart?: boolean
  /** The actor's own place. */
  place?: { state: 'booked' | 'waiting' | 'offered'; until?: Date }
  /** May keep its register. */
  keeps: boolean
}

export interface Browsing {
  /** Training sessions to come that are meant for a person, in order of time. */
  open(actor: Actor, course?: string): Promise<SessionView[]>
  /** Those whose registers the actor keeps: a trainer their own, an organiser all. */
  kept(actor: Actor, from: Day, to: Day): Promise<SessionView[]>
  /** Throws not-found. */
  get(actor: Actor, id: string): Promise<SessionView>
  /** How many people wait for a place, by course and never by training session. For planning more. */
  demand(actor: Actor): Promise<{ course: string; people: number }[]>
}

export interface BrowsingParts {
  sessions: SessionsStore
  people: Pick<People, 'tenures'>
  clock: Clock
}

/** How far ahead training sessions are shown, in days. */
const ahead = 366

function viewOf(actor: Actor, session: TrainingSession): SessionView {
  const person = personOf(actor)
  const keeps = mayKeep(actor, session)
  const seat = person === undefined ? undefined : seatOf(session.seats, person)
  const hidden = [
    'seats',
    'capacity',
    'link',
    'checkInSecret',
    'linesApart',
    'version',
    'onlyFor',
  ] as const
  const { link, capacity, linesApart } = session
  const state = seat?.state === 'booked' || seat?.state === 'offered' ? seat.state : 'waiting'
  return {
    ...omit(session, [...hidden]),
    keeps,
    ...(link !== undefined && (keeps || state === 'booked') ? { link } : {}),
    ...(organises(actor) ? { capacity, ...(linesApart ? { linesApart } : {}) } : {}),
    ...(seat
      ? { place: { state, ...(state === 'offered' && seat.until ? { until: seat.until } : {}) } }
      : {}),
  }
}

export function createBrowsing({ sessions, people, clock }: BrowsingParts): Browsing {
  const toCome = async (): Promise<TrainingSession[]> => {
    const today = clock.today()
    const found = await sessions.between(today, addDays(today, ahead))
    return found.filter(
      ({ origin, cancelled, startsAt }) =>
        origin === 'planned' && !cancelled && startsAt > clock.now(),
    )
  }

  return {
    async open(actor, course) {
      const person = personOf(actor)
      if (person === undefined) return []
      const tenure = (await people.tenures([person])).get(person)
      return (await toCome())
        .filter((session) => course === undefined || session.course === course)
        .filter((session) => isInvited(session, tenure, person))
        .map((session) => viewOf(actor, session))
    },
    async kept(actor, from, to) {
      checkPlanner(actor)
      const own = organises(actor) ? undefined : (personOf(actor) ?? '')
      return (await sessions.between(from, to, own)).map((session) => viewOf(actor, session))
    },
    async get(actor, id) {
      const session = await sessions.find(id)
      if (!session) throw notFound()
      const person = personOf(actor)
      const hasPlace = person !== undefined && seatOf(session.seats, person) !== undefined
      if (!hasPlace && !mayKeep(actor, session)) {
        const tenure =
          person === undefined ? undefined : (await people.tenures([person])).get(person)
        if (session.origin !== 'planned' || !isInvited(session, tenure, person ?? ''))
          throw notFound()
      }
      return viewOf(actor, session)
    },
    async demand(actor) {
      checkPlanner(actor)
      const waiting = new Map<string, Set<string>>()
      for (const { course, seats } of await toCome()) {
        for (const seat of seats.filter((one) => stands(one) && one.state === 'waiting')) {
          waiting.set(course, (waiting.get(course) ?? new Set()).add(seat.person))
        }
      }
      return [...waiting].map(([course, some]) => ({ course, people: some.size }))
    },
  }
}
