import { personOf, type Actor } from '../actor.js'
import type { Audit } from '../audit/audit.js'
import type { Clock, Day } from '../clock.js'
import { conflict, notFound, refused } from '../errors.js'
import type { People } from '../people/people.js'
import type { Random } from '../random.js'
import type { Arrangement } from './arrangement.js'
import { isInvited } from './invited.js'
import { briefly, organises } from './scope.js'
import { seatOf, stands, type Seat } from './seat.js'
import type { SessionsStore } from './sessions-store.js'
import type { Seats } from './seats.js'
import type { TrainingSession } from './training-session.js'

/** What somebody learns of their own wish for a place, and all that anybody learns of it who asked for them. */
export interface Place {
  session: string
  person: string
  /** `waiting` says that there is no place now; never how many wait, nor who comes next. */
  state: 'booked' | 'waiting' | 'offered'
  /** Until when an offer holds. */
  until?: Date
}

/** One line of somebody's bookings, for their pages and their progress. */
export interface Booking extends Place {
  course: string
  on: Day
  from: string
  to: string
}

export interface Bookings {
  /**
   * Asks for a place, for oneself or for somebody in one's line. Asking again answers what there is.
   * Throws `refused` where somebody is not among those invited, `conflict` once it has begun.
   */
  ask(actor: Actor, session: string, person: string, needs?: readonly Arrangement[]): Promise<Place>
  /** Takes a place on offer. Throws `conflict` when the offer has run out. */
  accept(actor: Actor, session: string, person: string): Promise<Place>
  /** Gives up a place, or the wait for one; what comes free is offered to whoever is next. */
  giveUp(actor: Actor, session: string, person: string): Promise<void>
  /** Places held, on offer or waited for in training sessions to come, by person. */
  of(people?: readonly string[]): Promise<Map<string, Booking[]>>
  /** Whether a message about a place still tells how it is; asked at the moment of sending. */
  isCurrent(about: string): Promise<boolean>
}

export interface BookingsParts {
  sessions: SessionsStore
  seats: Seats
  people: Pick<People, 'tenures' | 'inLine'>
  audit: Audit
  /** Told when somebody asks for a place; answers nothing, throws nothing. */
  begun?:
    ((told: readonly { person: string; course: string; on: Day }[]) => Promise<void>) | undefined
  clock: Clock
  random: Random
}

const placeOf = (session: string, seat: Seat): Place => ({
  session,
  person: seat.person,
  state: seat.state === 'booked' || seat.state === 'offered' ? seat.state : 'waiting',
  ...(seat.state === 'offered' && seat.until ? { until: seat.until } : {}),
})

export function createBookings(parts: BookingsParts): Bookings {
  const { sessions, seats, people, audit, clock, random } = parts

  async function get(id: string): Promise<TrainingSession> {
    const session = await sessions.find(id)
    if (session?.origin !== 'planned') throw notFound()
    return session
  }

  /** One acts for oneself, for those whom one manages or works for, or as an organiser. */
  async function checkMayAct(actor: Actor, person: string): Promise<void> {
    const self = personOf(actor)
    if (self === person || organises(actor)) return
    if (self !== undefined && (await people.inLine(self, person, clock.today()))) return
    throw refused('place.not-yours')
  }

  async function checkInvited(session: TrainingSession, person: string): Promise<void> {
    const tenure = (await people.tenures([person])).get(person)
    if (!isInvited(session, tenure)) throw refused('place.not-invited')
  }

  function checkOpen(session: TrainingSession): void {
    if (session.cancelled) throw conflict('training-session.cancelled-already')
    if (session.startsAt <= clock.now()) throw conflict('training-session.begun')
  }

  return {
    async ask(actor, id, person, needs = []) {
      await checkMayAct(actor, person)
      const [session] = await sessions.byIds([id])
      if (session?.origin !== 'planned') throw notFound()
      checkOpen(session)
      if (session.trainers.includes(person)) throw refused('place.trainer')
      await checkInvited(session, person)
      const asked = { by: briefly(actor), at: clock.now() }
      const wish = { id: random.id(), person, asked, state: 'asked', needs, moves: 0 } as const
      const isNew = await sessions.ask(id, wish)
      if (isNew) {
        const act = { act: 'place.asked', people: [person], session: id } as const
        await audit.record(actor, act, `place.asked:${wish.id}`)
        await parts.begun?.([{ person, course: session.course, on: clock.today() }])
      }
      const settled = await seats.settle(id)
      const seat = settled && seatOf(settled.seats, person)
      if (!seat) throw conflict('training-session.begun')
      return placeOf(id, seat)
    },
    async accept(actor, id, person) {
      await checkMayAct(actor, person)
      for (;;) {
        const session = await get(id)
        checkOpen(session)
        const seat = seatOf(session.seats, person)
        if (seat?.state === 'booked') return placeOf(id, seat)
        if (seat?.state !== 'offered' || !seat.until || seat.until <= clock.now()) {
          throw conflict('place.no-offer')
        }
        const place = session.seats.lastIndexOf(seat)
        if (!(await sessions.settle(session, [{ place, state: 'booked' }], []))) continue
        const act = { act: 'place.accepted', people: [person], session: id } as const
        await audit.record(actor, act, `place.accepted:${seat.id}`)
        await seats.tell(id)
        return { session: id, person, state: 'booked' }
      }
    },
    async giveUp(actor, id, person) {
      await checkMayAct(actor, person)
      for (;;) {
        const session = await get(id)
        const seat = seatOf(session.seats, person)
        if (!seat) return
        checkOpen(session)
        const place = session.seats.lastIndexOf(seat)
        if (!(await sessions.settle(session, [{ place, state: 'given-up' }], [person]))) continue
        const act = { act: 'place.given-up', people: [person], session: id } as const
        await audit.record(actor, act, `place.given-up:${seat.id}`)
        await seats.settle(id)
        return
      }
    },
    async of(wanted) {
      const found = await sessions.withPlacesOf(wanted, clock.today())
      const sought = wanted && new Set(wanted)
      const bookings = new Map<string, Booking[]>()
      for (const session of found) {
        if (session.startsAt <= clock.now()) continue
        for (const seat of session.seats) {
          if (!stands(seat) || sought?.has(seat.person) === false) continue
          const { course, on, from, to } = session
          const own = bookings.get(seat.person) ?? []
          own.push({ ...placeOf(session.id, seat), course, on, from, to })
          bookings.set(seat.person, own)
        }
      }
      return bookings
    },
    isCurrent: (about) => seats.isCurrent(about),
  }
}
