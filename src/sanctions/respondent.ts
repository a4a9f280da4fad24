import { z } from 'zod'
import { personOf, type Actor } from '../actor.js'
import type { Clock, Day } from '../clock.js'
import { notFound } from '../errors.js'
import type { Case, Cases } from './cases.js'
import type { Desk } from './desk.js'
import { doerOf } from './officers.js'
import type { Sanction, Training } from './outcome.js'
import { quiet } from './quiet.js'
import type { OutcomeState, StateName } from './state.js'
import type { BespokeSession, Wish } from './steps.js'
import { refusalError, refusalOf } from './transitions.js'

/** A session of training made for oneself, as the person who is to attend sees it. */
interface OwnSession extends Pick<
  BespokeSession,
  'id' | 'trainer' | 'delivery' | 'on' | 'start' | 'end' | 'place'
> {
  booked: boolean
  cancelled: boolean
  attended?: boolean
}

/**
 * An outcome as the person it concerns sees it: what is required, by when, what has been done. Never
 * who else was a party, nor what officers wrote to each other.
 */
export interface OwnOutcome {
  id: string
  reference: string
  body: string
  decidedOn: Day
  sanctions: readonly Sanction[]
  training: Training
  state: StateName
  /** Whether it waits for others to agree; who and how many is nobody's business here. */
  awaitingAgreement: boolean
  due?: Day
  awaitedEvent?: string
  overdue: boolean
  completion?: { on: Day; certificate?: string; bespoke: boolean }
  satisfiedOn?: Day
  late?: boolean
  restriction?: OutcomeState['restriction']
  suspension?: OutcomeState['suspension']
  sessions: readonly OwnSession[]
  questions: readonly { id: string; about: string; text: string; answer?: string; at: Date }[]
  privateAddress?: string
}

function ownView({ id, state }: Case): OwnOutcome {
  const { terms, completion, due, awaitedEvent, satisfiedOn, late } = state
  const { restriction, suspension, privateAddress } = state
  return {
    id,
    reference: terms.reference,
    body: terms.body,
    decidedOn: terms.decidedOn,
    sanctions: terms.sanctions,
    training: terms.training,
    state: state.state,
    awaitingAgreement: !state.inForce,
    overdue: state.overdue,
    sessions: state.sessions.map((session) => {
      const { trainer, delivery, on, start, end, place, booked, cancelled, attendance } = session
      const attended = attendance ? { attended: attendance === 'attended' } : {}
      const seen = { id: session.id, trainer, delivery, on, start, end, place }
      return { ...seen, booked, cancelled, ...attended }
    }),
    questions: state.questions.map(({ id: question, about, text, answer, at }) => ({
      id: question,
      about,
      text,
      at,
      ...(answer === undefined ? {} : { answer }),
    })),
    ...(due ? { due } : {}),
    ...(awaitedEvent ? { awaitedEvent } : {}),
    ...(completion
      ? {
          completion: {
            on: completion.on,
            bespoke: 'bespoke' in terms.training.subject,
            ...(completion.certificate ? { certificate: completion.certificate } : {}),
          },
        }
      : {}),
    ...(satisfiedOn ? { satisfiedOn, late: late === true } : {}),
    ...(restriction ? { restriction } : {}),
    ...(suspension ? { suspension } : {}),
    ...(privateAddress ? { privateAddress } : {}),
  }
}

const question = z.strictObject({
  about: z.enum(['extension', 'fact', 'other']),
  text: z.string().trim().min(1).max(3000),
})
const address = z.email().max(254)

export type Respondent = ReturnType<typeof createRespondent>

/** What the person concerned may see and do. Nobody does it for them: there are no delegates here. */
export function createRespondent(parts: { cases: Cases; desk: Desk; clock: Clock }) {
  const { cases, desk, clock } = parts

  /** Those recorded and seconded: what one officer has only proposed is not yet anybody's outcome. */
  async function own(actor: Actor): Promise<Case[]> {
    const person = personOf(actor)
    if (person === undefined) return []
    const found = await cases.ofPeople([person])
    return found.filter(
      ({ state }) =>
        state.terms.respondent === person &&
        !state.waitingForSecond.some(({ step }) => step === 'imposed'),
    )
  }

  const find = async (actor: Actor, id: string): Promise<Case | undefined> =>
    (await own(actor)).find((one) => one.id === id)

  async function act(actor: Actor, id: string, wish: Wish): Promise<OwnOutcome> {
    const held = await find(actor, id)
    if (!held) throw notFound()
    const refusal = refusalOf(held.state, wish, clock.today())
    if (refusal) throw refusalError(refusal)
    return ownView(await desk.write(held, [wish], doerOf(actor, 'respondent')))
  }

  const verbs = {
    /** Everything that concerns oneself, newest decision first. */
    async ownOutcomes(actor: Actor): Promise<OwnOutcome[]> {
      const found = (await own(actor)).map(ownView)
      return found.sort((a, b) => b.decidedOn.localeCompare(a.decidedOn))
    },
    /** Asks the body for more time, or contests a fact. It answers in writing. */
    async ask(actor: Actor, id: string, given: unknown): Promise<OwnOutcome> {
      const parsed = question.safeParse(given)
      if (!parsed.success) {
        const field = parsed.error.issues[0]?.path.join('.') ?? 'text'
        throw quiet('invalid', { key: 'outcomes.refused.form' }, field)
      }
      return act(actor, id, { step: 'asked', ...parsed.data })
    },
    book: (actor: Actor, id: string, session: string): Promise<OwnOutcome> =>
      act(actor, id, { step: 'booked', session }),
    /** Where mail about it goes; nothing for the address in the directory. */
    async writeTo(actor: Actor, id: string, to: string | undefined): Promise<OwnOutcome> {
      if (to !== undefined && !address.safeParse(to).success) {
        throw quiet('invalid', { key: 'outcomes.refused.address' }, 'address')
      }
      return act(actor, id, { step: 'address', ...(to === undefined ? {} : { private: to }) })
    },
  }
  return { find, verbs }
}
