import type { Actor } from '../actor.js'
import type { Clock } from '../clock.js'
import { notFound } from '../errors.js'
import type { Case, Cases, StepMarks } from './cases.js'
import type { ConductBody } from './conduct-body.js'
import type { Dispatch } from './dispatch.js'
import { doerOf, requireBodies, type Officer } from './officers.js'
import { foldReference } from './outcome-input.js'
import { quiet } from './quiet.js'
import type { SealedLog } from './sealed-log.js'
import type { Doer, StepNamed, Wish } from './steps.js'
import { refusalError, refusalOf, secondingRefusal, type Refusal } from './transitions.js'
import type { Walls } from './walls.js'

/** Which outcome is meant: by its random id, as in addresses of pages, or by the body's own reference. */
export type Which = { id: string } | { reference: string }

/** How an act came in. */
export interface Manner {
  reason?: string
  /** The version that the actor had before them: an act on an older one is refused. */
  seen?: string
  /** Names the request, so that the same one again changes nothing. */
  request?: string
}

export type Desk = ReturnType<typeof createDesk>

export const busy = () => quiet('conflict', { key: 'outcomes.refused.busy' })

const said = (refusal: Refusal | undefined): void => {
  if (refusal) throw refusalError(refusal)
}

/** Where an officer opens an outcome and takes a step: permission, walls, rules, one write, consequences. */
export function createDesk(parts: {
  cases: Cases
  bodies: ReadonlyMap<string, ConductBody>
  dispatch: Dispatch
  walls: Walls
  log: SealedLog
  clock: Clock
}) {
  const { cases, bodies, dispatch, walls, log, clock } = parts

  /** Throws not-found for whoever does not act for the body, as for what does not exist. */
  async function take(actor: Actor, which: Which): Promise<Case> {
    const own = requireBodies(actor).filter((body) => bodies.has(body))
    if ('id' in which) {
      const held = await cases.byId(which.id, own)
      if (held) return held
    } else {
      for (const body of own) {
        const held = await cases.byReference(body, foldReference(which.reference))
        if (held) return held
      }
    }
    throw notFound()
  }

  const passOn = (actor: Actor, held: Case) => async (to: Officer) => {
    const from = doerOf(actor)
    const passed = (step: StepNamed<'passed'>) => step.by.id === from.id && step.to === to.account
    if (held.steps.some((step) => step.step === 'passed' && passed(step))) return
    const next = await cases.take(held, [{ step: 'passed', to: to.account }], { doer: from })
    if (next) await dispatch.carryOut(next)
  }

  function marksFor(doer: Doer, held: Case, manner: Manner): StepMarks {
    const { request } = manner
    const twoOfficers: readonly string[] = bodies.get(held.body)?.twoOfficers ?? []
    return {
      doer,
      // A case-management system passes on what its body decided; two people are asked for of people.
      needsSecond: ({ step }) => doer.as === 'officer' && twoOfficers.includes(step),
      ...(request ? { request } : {}),
    }
  }

  /** The steps in one write, and their consequences. Throws conflict where somebody was faster. */
  async function write(
    held: Case,
    wishes: readonly Wish[],
    doer: Doer,
    manner: Manner = {},
  ): Promise<Case> {
    const { reason } = manner
    const reasoned = reason ? wishes.map((wish): Wish => ({ ...wish, reason })) : wishes
    const taken = await cases.take(held, reasoned, marksFor(doer, held, manner))
    if (!taken) throw busy()
    await dispatch.carryOut(taken)
    return taken
  }

  function checkSeen(held: Case, { seen }: Manner): void {
    if (seen !== undefined && seen !== held.sealed.revision) throw busy()
  }

  const repeats = (held: Case, { request }: Manner): boolean =>
    request !== undefined && held.steps.some((step) => step.request === request)

  /** The same fact told again, by a system that repeats itself. */
  const known = (held: Case, wish: Wish): boolean =>
    held.steps.some(
      (step) =>
        (wish.step === 'agreed' &&
          step.step === 'agreed' &&
          step.party === wish.party &&
          step.on === wish.on) ||
        (wish.step === 'happened' &&
          step.step === 'happened' &&
          step.event === wish.event &&
          step.on === wish.on),
    )

  /** Opens an outcome to act on it: walls first; who is refused passes it on. */
  async function open(actor: Actor, which: Which, wanted: string): Promise<Case> {
    const held = await take(actor, which)
    const about = { act: wanted, held, passed: passOn(actor, held) }
    await walls.guard(actor, held.body, held.state.terms.respondent, about)
    return held
  }

  return {
    take,
    open,
    write,
    /** The outcome as it is by now; nothing where it has been destroyed. */
    async again({ id }: Case): Promise<Case | undefined> {
      return (await cases.byIds([id]))[0]
    },
    /** Opens an outcome for reading: walls first, and the reading is written down. */
    async read(actor: Actor, which: Which, what: string): Promise<Case> {
      const held = await take(actor, which)
      await walls.guard(actor, held.body, held.state.terms.respondent, { act: what, held })
      const outcome = { id: held.id, dataKey: held.sealed.dataKey }
      await log.write([log.draft(held.body, { act: 'read', what, by: doerOf(actor) }, outcome)])
      return held
    },
    /** Takes one step on an outcome. Throws refused, invalid or conflict with the field that is wrong. */
    async act(actor: Actor, which: Which, wish: Wish, manner: Manner = {}): Promise<Case> {
      const held = await open(actor, which, wish.step)
      if (repeats(held, manner) || known(held, wish)) return held
      checkSeen(held, manner)
      said(refusalOf(held.state, wish, clock.today()))
      return write(held, [wish], doerOf(actor), manner)
    },
    /** A second officer lets another's step count. */
    async second(actor: Actor, which: Which, of: string, manner: Manner = {}): Promise<Case> {
      const held = await open(actor, which, 'seconded')
      if (repeats(held, manner)) return held
      checkSeen(held, manner)
      said(secondingRefusal(held.state, of, doerOf(actor)))
      const waiting = held.state.waitingForSecond.find(({ id }) => id === of)
      if (waiting) said(refusalOf(held.state, waiting, clock.today()))
      return write(held, [{ step: 'seconded', of }], doerOf(actor), manner)
    },
  }
}
