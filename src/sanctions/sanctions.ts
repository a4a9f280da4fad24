import type { Actor } from '../actor.js'
import { notFound } from '../errors.js'
import type { Bundle, Redaction } from './bundle.js'
import { actNames, readAct, type ActName } from './act-input.js'
import type { Case } from './cases.js'
import type { Manner, Which } from './desk.js'
import { doerOf, requireBody } from './officers.js'
import { createPlane, type SanctionsParts } from './plane.js'
import { outcomeView, type OutcomeView } from './reading.js'
import type { CheckingPapers } from './sharing.js'

export type { ActName } from './act-input.js'
export { createApart, safeguarding, type Apart, type Pair } from './apart.js'
export { actNames, actSchema } from './act-input.js'
export { openBodyRings } from './body-rings.js'
export type { Redaction } from './bundle.js'
export { webhookEvents } from './consequences.js'
export type { ConductBody } from './conduct-body.js'
export type { Which } from './desk.js'
export type { GenericMail } from './mail.js'
export type { OrdinaryCompletion } from './matching.js'
export type { Officer } from './officers.js'
export { outcomeSchema } from './outcome-input.js'
export { sanctionKinds } from './outcome.js'
export type { OwnOutcome } from './respondent.js'
export type { OutcomeView } from './reading.js'
export type { SanctionsParts } from './plane.js'
export type { CheckingPapers } from './sharing.js'
export { createSealedStore, sealedCollections, type SealedStore } from './sealed-store.js'
export { attendances, type Step } from './steps.js'
export { writtenBody } from './written-body.js'

/** The sealed plane's verbs. */
export type Sanctions = ReturnType<typeof createSanctions>

/** An act of an officer, or of a case-management system: what it is given is read and checked. */
type Act = (actor: Actor, which: Which, given: unknown, manner?: Manner) => Promise<OutcomeView>

/**
 * The sealed plane (domain, section 4): outcomes, from the decision to their expungement. Whoever does
 * not act for an outcome's body, or is not the person it concerns, is told that nothing is there.
 *
 * Acts throw `invalid` with the field that is wrong, `conflict` where the state does not allow it or
 * somebody else was faster, `refused` across a conflict wall, and not-found for everybody else. No
 * error's message holds a name, a reference or a word of a case.
 */
export function createSanctions(parts: SanctionsParts) {
  const plane = createPlane(parts)
  const { bodies, desk, ordinary, dispatch, certificates, bespoke, settings, sealedLog } = plane

  const view = (held: Case): OutcomeView => {
    const body = bodies.get(held.body)
    if (!body) throw new RangeError('no such conduct body')
    return outcomeView(held, body)
  }

  /** After an act that may have let a duty begin: what was done already counts at once. */
  async function settled(held: Case): Promise<OutcomeView> {
    await ordinary.catchUp([held]).catch(() => undefined)
    const now = (await desk.again(held)) ?? held
    if (now.effects.length > 0) await dispatch.carryOut(now)
    return view(now)
  }

  const act =
    (name: ActName): Act =>
    async (actor, which, given, manner = {}) => {
      const { wish, reason } = readAct(name, given, parts.clock.today())
      const reasoned = reason ? { ...manner, reason } : manner
      return settled(await desk.act(actor, which, wish, reasoned))
    }
  const acts = Object.fromEntries(actNames.map((name) => [name, act(name)])) as Record<ActName, Act>

  let running: Promise<void> | undefined

  /** Everything that is quick: consequences carried out, log entries given their places. */
  async function quickWork(): Promise<void> {
    await dispatch.everything()
    await sealedLog.seal()
  }

  /** Takes the lease only where there is something to send: an idle server writes nothing. */
  const send = async (): Promise<void> => {
    if (!(await plane.waiting.any())) return
    await parts.leases.hold('sealed-post', 60, async (lease) => {
      let looked = parts.clock.now().getTime()
      const stillMine = async (): Promise<boolean> => {
        const now = parts.clock.now().getTime()
        if (Math.abs(now - looked) < 1000) return true
        looked = now
        await quickWork()
        return lease.renew()
      }
      await Promise.all([plane.mail.run(stillMine), plane.courier.run(stillMine)])
    })
  }

  return {
    ...acts,

    /** Records an outcome (interface, *Outcome in JSON*). One of a reference for each body. */
    impose: async (actor: Actor, given: unknown, manner?: Manner): Promise<OutcomeView> =>
      settled(await plane.impose(actor, given, manner)),
    /** A second officer lets a step of another count. */
    second: async (actor: Actor, which: Which, of: string, manner?: Manner) =>
      settled(await desk.second(actor, which, of, manner)),
    /** Destroys an outcome and all that belongs to it, from the body's date on. */
    expunge: (actor: Actor, which: Which, manner?: Manner) =>
      plane.endOfLife.expunge(actor, which, manner),

    ...plane.reading,
    /** Everything about one outcome that a hearing needs; each step by then has its place in the log. */
    async bundle(actor: Actor, which: Which, redactions: readonly Redaction[]): Promise<Bundle> {
      await quickWork()
      return plane.reading.bundle(actor, which, redactions)
    },
    ...plane.webhooks,
    ...plane.sharing,
    ...plane.keyChange,
    ...plane.upkeep,
    ...plane.respondent.verbs,

    /** Notes that an officer has an interest in somebody; from then on the wall stands. */
    async declareInterest(actor: Actor, person: string, named?: string): Promise<void> {
      const body = requireBody(actor, named)
      const by = doerOf(actor)
      await settings.change(body, (now) => ({
        ...now,
        interests: [...now.interests, { account: by.id, person }],
      }))
      await sealedLog.write([sealedLog.draft(body, { act: 'interest-declared', by })])
    },

    /** Bespoke training: planned by the body, given and marked by its trainer. */
    planTraining: async (actor: Actor, which: Which, given: unknown, manner?: Manner) =>
      view(await bespoke.plan(actor, which, given, manner)),
    cancelTraining: async (actor: Actor, which: Which, session: string, manner?: Manner) =>
      view(await bespoke.cancel(actor, which, session, manner)),
    annulTraining: async (actor: Actor, which: Which, manner?: Manner) =>
      view(await bespoke.annul(actor, which, manner)),
    /** The sessions that a trainer gives, and, while it may be read, what the body wrote for them. */
    trainerSessions: (actor: Actor) => bespoke.sessionsOf(actor),
    trainerBriefing: (actor: Actor, session: string) => bespoke.briefing(actor, session),
    async markTraining(actor: Actor, session: string, attendance: string) {
      const { held, marked } = await bespoke.mark(actor, session, attendance)
      // Discharge has happened by now; the certificate follows, or waits for its key.
      if (certificates.isWanted(held)) await certificates.issue(held)
      return marked
    },

    /** What checks the body's certificates without this system. */
    async bodyPapers(actor: Actor, named?: string): Promise<CheckingPapers> {
      const body = bodies.get(requireBody(actor, named))
      if (!body) throw notFound()
      const { id, name } = body
      return { body: { id, name }, revoked: await certificates.revokedPlaces(id) }
    },

    /** Answers a repeated API request as it was answered first; refuses an altered one. */
    once: plane.replies,

    /** Told by `completions` for every batch of ordinary completions. Answers nothing, throws nothing. */
    consider: ordinary.consider,
    /** Told by `certificates` when they have been issued, or revoked. */
    bindCertificates: ordinary.bindCertificates,
    certificatesRevoked: ordinary.certificatesRevoked,
    /** Told of corrections: an outcome that rested on one of these is open again. */
    annulled: ordinary.annulled,
    /** Told when somebody begins a course or books a place in it. */
    begun: ordinary.begun,

    /**
     * Carries out what waits, then sends mail and messages that are due, until nothing is. Called
     * every second or so; a call while one is sending does the quick part and waits with the other.
     */
    async deliver(): Promise<void> {
      await quickWork()
      running ??= send().finally(() => (running = undefined))
      await running
    },
  }
}
