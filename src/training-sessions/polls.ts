import { personOf, type Actor } from '../actor.js'
import type { Clock } from '../clock.js'
import type { Database } from '../database/database.js'
import { accept, conflict, DomainError, invalid, notFound, refused, type Fault } from '../errors.js'
import type { Random } from '../random.js'
import { proposeSessions, type Proposal, type Slot } from './availability.js'
import type { Bookings } from './bookings.js'
import type { Planning } from './planning.js'
import { createPollsStore, type Poll } from './polls-store.js'
import { timesOf } from './schedule.js'
import { briefly, checkPlanner, organises, sameActor } from './scope.js'
import { taughtOf, type Courses, type Plan, type TrainingSession } from './training-session.js'

type Asked = Pick<Poll, 'course' | 'delivery' | 'invited'> & { slots: readonly Omit<Slot, 'id'>[] }

/** Collects when people could come, and proposes training sessions from it. */
export interface Polls {
  /**
   * Asks when people could come. Throws invalid without between 1 and 50 times that are to come,
   * and refused for whoever plans no training sessions.
   */
  open(actor: Actor, poll: Asked): Promise<Poll>
  /** What is wrong with a poll: its `delivery`, or the time at a place, as `slots-0`. */
  check(poll: Omit<Asked, 'invited'>): Fault[]
  /** Polls that take answers; without the answers of others. */
  list(actor: Actor): Promise<Poll[]>
  /** Says when one could come; an empty list says never. A second answer replaces the first. */
  answer(actor: Actor, id: string, slots: readonly string[]): Promise<void>
  /** The training sessions that would serve most people, best first. */
  proposals(actor: Actor, id: string, capacity: number): Promise<Proposal[]>
  /**
   * Plans a proposed training session and asks for a place for everybody who could come, in the
   * order in which they answered.
   */
  plan(actor: Actor, id: string, proposal: Proposal, plan: Plan): Promise<TrainingSession>
  /** Takes no more answers. Throws not-found for whoever does not organise it. */
  close(actor: Actor, id: string): Promise<void>
}

export interface PollsParts {
  database: Database
  planning: Planning
  bookings: Bookings
  courses: () => Courses
  clock: Clock
  random: Random
}

export function createPolls(parts: PollsParts): Polls {
  const { planning, bookings, courses, clock, random } = parts
  const store = createPollsStore(parts.database.connection)

  /** A poll as its organiser sees it. */
  async function own(actor: Actor, id: string): Promise<Poll> {
    checkPlanner(actor)
    const poll = await store.find(id)
    if (!poll || !(organises(actor) || sameActor(actor, poll.asked.by))) throw notFound()
    return poll
  }

  function check({ course, delivery, slots }: Omit<Asked, 'invited'>): Fault[] {
    const isTaught = taughtOf(courses(), course, delivery) !== undefined
    const unfit = { key: 'training-session.fault.delivery' }
    const say = { key: 'poll.slots' }
    return [
      ...(isTaught ? [] : [{ field: 'delivery', say: unfit }]),
      ...(slots.length === 0 || slots.length > 50 ? [{ field: 'slots-0', say }] : []),
      ...slots.flatMap(({ on, from, to }, place) => {
        const times = timesOf(on, from, to)
        return times && times.startsAt > clock.now()
          ? []
          : [{ field: `slots-${place}`, say: { key: 'poll.slot' } }]
      }),
    ]
  }

  return {
    check,
    async open(actor, { course, delivery, invited, slots }) {
      checkPlanner(actor)
      accept(check({ course, delivery, slots }))
      const poll: Poll = {
        id: random.id(),
        course,
        delivery,
        invited,
        slots: slots.map((slot) => ({ id: random.id(), ...slot })),
        asked: { by: briefly(actor), at: clock.now() },
        answers: [],
      }
      await store.add(poll)
      return poll
    },
    async list(actor) {
      const person = personOf(actor)
      return (await store.open()).map((poll) => ({
        ...poll,
        answers: poll.answers.filter((answer) => answer.person === person),
      }))
    },
    async answer(actor, id, slots) {
      const person = personOf(actor)
      if (person === undefined) throw refused('place.not-yours')
      const poll = await store.find(id)
      if (!poll) throw notFound()
      const known = new Set(poll.slots.map((slot) => slot.id))
      if (!slots.every((slot) => known.has(slot))) throw invalid('poll.slots')
      if (!(await store.answer(id, { person, slots: [...new Set(slots)] }))) {
        throw conflict('poll.closed')
      }
    },
    async proposals(actor, id, capacity) {
      const poll = await own(actor, id)
      return proposeSessions(poll.slots, poll.answers, capacity)
    },
    async plan(actor, id, proposal, plan) {
      const poll = await own(actor, id)
      const slot = poll.slots.find((one) => one.id === proposal.slot)
      if (!slot) throw notFound()
      const { on, from, to } = slot
      const session = await planning.plan(actor, { ...plan, course: poll.course, on, from, to })
      const could = new Set(
        poll.answers.filter(({ slots }) => slots.includes(slot.id)).map(({ person }) => person),
      )
      for (const person of proposal.people.filter((one) => could.has(one))) {
        await bookings
          .ask({ kind: 'system', part: 'poll' }, session.id, person)
          .catch((error: unknown) => {
            // Whoever has left since, or was never meant, is not asked for.
            if (!(error instanceof DomainError) || error.kind !== 'refused') throw error
          })
      }
      return session
    },
    async close(actor, id) {
      await own(actor, id)
      await store.close(id, { by: briefly(actor), at: clock.now() })
    },
  }
}
