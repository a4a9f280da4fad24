import { z } from 'zod'
import { personOf, type Actor } from '../actor.js'
import { parseDay, type Clock, type Day } from '../clock.js'
import { deliveries } from '../courses/courses.js'
import { notFound } from '../errors.js'
import { conflictOf, type People } from '../people/people.js'
import type { Random } from '../random.js'
import type { Case, Cases } from './cases.js'
import type { Desk, Manner, Which } from './desk.js'
import { doerOf } from './officers.js'
import { bespokeSubject } from './outcome.js'
import { quiet, quietFaults } from './quiet.js'
import type { SealedLog } from './sealed-log.js'
import type { PlannedSession } from './state.js'
import { attendances, type Attendance, type BespokeSession, type Wish } from './steps.js'
import { refusalError, refusalOf } from './transitions.js'

const day = z.string().transform((text, context): Day => {
  const parsed = parseDay(text)
  if (!parsed) context.addIssue({ code: 'custom', message: 'date' })
  return parsed ?? z.NEVER
})
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
const text = (most: number) => z.string().trim().min(1).max(most)

const plan = z.strictObject({
  trainer: text(64),
  delivery: z.enum(deliveries),
  on: day,
  start: time,
  end: time,
  place: text(200),
  aims: text(5000),
  safetyNotes: z.string().trim().max(5000).default(''),
  readableUntil: day,
})

/** What a trainer sees of training made for one person: a booking like any other. */
export interface TrainerSession {
  id: string
  respondent: string
  delivery: BespokeSession['delivery']
  on: Day
  start: string
  end: string
  place: string
  cancelled: boolean
  attendance?: Attendance
}

/** What the body wrote for the trainer, while it may be read. */
export interface Briefing {
  aims: string
  safetyNotes: string
  readableUntil: Day
}

const forTrainer = (held: Case, session: PlannedSession): TrainerSession => ({
  id: session.id,
  respondent: held.state.terms.respondent,
  delivery: session.delivery,
  on: session.on,
  start: session.start,
  end: session.end,
  place: session.place,
  cancelled: session.cancelled,
  ...(session.attendance ? { attendance: session.attendance } : {}),
})

/**
 * Training made for one person: planned by the body, given by a named trainer, its booking, register
 * and completion all within the sealed outcome and nowhere else (domain, section 4.3).
 */
export function createBespoke(parts: {
  cases: Cases
  desk: Desk
  people: Pick<People, 'find' | 'managersOf'>
  log: SealedLog
  clock: Clock
  random: Random
  /** Takes back the certificate of an outcome's completion, where there is one. */
  revoke: (held: Case) => Promise<void>
}) {
  const { cases, desk, people, log, clock, random, revoke } = parts

  /** A trainer may not be tied to the person either: neither mark nor be marked by their own line. */
  async function checkTrainer(trainer: string, respondent: string): Promise<void> {
    const today = clock.today()
    const [person, managersOfDecider, managersOfSubject] = await Promise.all([
      people.find(trainer),
      people.managersOf(trainer, today),
      people.managersOf(respondent, today),
    ])
    const field = 'trainer'
    if (!person) throw quiet('invalid', { key: 'outcomes.refused.unknown-person' }, field)
    const ties = { managersOfDecider, managersOfSubject, declared: new Set<string>() }
    if (conflictOf(trainer, respondent, ties)) {
      throw quiet('invalid', { key: 'outcomes.refused.trainer-tied' }, field)
    }
  }

  async function ofTrainer(actor: Actor, session: string) {
    const person = personOf(actor)
    const found = person === undefined ? [] : await cases.ofTrainer(person)
    for (const held of found) {
      const planned = held.state.sessions.find(({ id }) => id === session)
      if (planned?.trainer === person && planned) return { held, planned }
    }
    throw notFound()
  }

  return {
    /** Plans a training session. Throws with the field that cannot be. */
    async plan(actor: Actor, which: Which, given: unknown, manner: Manner = {}): Promise<Case> {
      const parsed = plan.safeParse(given)
      if (!parsed.success) {
        throw quietFaults(
          parsed.error.issues.map(({ path }) => ({
            field: path.join('.'),
            say: { key: 'outcomes.refused.form' },
          })),
        )
      }
      const held = await desk.open(actor, which, 'planned')
      await checkTrainer(parsed.data.trainer, held.state.terms.respondent)
      const session = { id: random.id(), ...parsed.data }
      return desk.act(actor, { id: held.id }, { step: 'planned', session }, manner)
    },

    cancel: (actor: Actor, which: Which, session: string, manner: Manner = {}) =>
      desk.act(actor, which, { step: 'cancelled', session }, manner),

    /** A correction: what the register said was wrong. The outcome is open again. */
    async annul(actor: Actor, which: Which, manner: Manner = {}): Promise<Case> {
      const held = await desk.open(actor, which, 'annulled')
      const { completion } = held.state
      if (completion?.subject !== bespokeSubject) {
        throw quiet('conflict', { key: 'outcomes.refused.nothing-to-annul' }, 'state')
      }
      await revoke(held)
      const serial = completion.certificate
      const wishes: Wish[] = [
        ...(serial ? [{ step: 'revoked', serial } as const] : []),
        { step: 'annulled', completion: completion.id },
      ]
      return desk.write(held, wishes, doerOf(actor), manner)
    },

    /** The sessions that somebody is to give, or has given. */
    async sessionsOf(actor: Actor): Promise<TrainerSession[]> {
      const person = personOf(actor)
      const found = person === undefined ? [] : await cases.ofTrainer(person)
      return found.flatMap((held) =>
        held.state.sessions
          .filter(({ trainer }) => trainer === person)
          .map((session) => forTrainer(held, session)),
      )
    },

    /** The body's aims and safety notes. Each reading is written down; after their last day, not found. */
    async briefing(actor: Actor, session: string): Promise<Briefing> {
      const { held, planned } = await ofTrainer(actor, session)
      if (planned.cancelled || planned.readableUntil < clock.today()) throw notFound()
      const outcome = { id: held.id, dataKey: held.sealed.dataKey }
      const act = { act: 'read', what: 'briefing', by: doerOf(actor, 'trainer') }
      await log.write([log.draft(held.body, act, outcome)])
      const { aims, safetyNotes, readableUntil } = planned
      return { aims, safetyNotes, readableUntil }
    },

    /** The trainer's register of one: signed, and with it locked. Attending in full completes it. */
    async mark(
      actor: Actor,
      session: string,
      attendance: string,
    ): Promise<{ held: Case; marked: TrainerSession }> {
      const { held, planned } = await ofTrainer(actor, session)
      const wanted = attendances.find((one) => one === attendance)
      if (!wanted) throw quiet('invalid', { key: 'outcomes.refused.form' }, 'attendance')
      await checkTrainer(planned.trainer, held.state.terms.respondent)
      const wish: Wish = { step: 'marked', session, attendance: wanted }
      const refusal = refusalOf(held.state, wish, clock.today())
      if (refusal) throw refusalError(refusal)
      const completed: Wish = {
        step: 'completed',
        completion: random.id(),
        subject: bespokeSubject,
        delivery: planned.delivery,
        on: planned.on,
      }
      const wishes = wanted === 'attended' ? [wish, completed] : [wish]
      const after = await desk.write(held, wishes, doerOf(actor, 'trainer'))
      const signed = after.state.sessions.find(({ id }) => id === session)
      return { held: after, marked: forTrainer(after, signed ?? planned) }
    },
  }
}
