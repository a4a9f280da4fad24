import type { Actor } from '../actor.js'
import type { Clock } from '../clock.js'
import type { Case, Cases } from './cases.js'
import { expungeOn, type ConductBody } from './conduct-body.js'
import type { Desk, Manner, Which } from './desk.js'
import { doerOf } from './officers.js'
import { quiet } from './quiet.js'
import type { SealedLog } from './sealed-log.js'
import type { Shelf } from './sealed-store.js'
import type { Doer } from './steps.js'
import type { Vault } from './vault.js'

export type EndOfLife = ReturnType<typeof createEndOfLife>

/**
 * Expungement: the outcome's data key and lookup values are destroyed, and every sealed thing that
 * belongs to it with them; a tombstone without a name stays in the body's log. Backups keep wrapped
 * keys until they expire themselves (docs/decisions/0008).
 */
export function createEndOfLife(parts: {
  cases: Cases
  shelf: Shelf
  vault: Vault
  desk: Desk
  log: SealedLog
  bodies: ReadonlyMap<string, ConductBody>
  clock: Clock
}) {
  const { cases, shelf, vault, desk, log, bodies, clock } = parts

  const isDue = ({ state, body }: Case): boolean => {
    const configured = bodies.get(body)
    const on = configured && expungeOn(state, configured)
    return on !== undefined && on <= clock.today()
  }

  /** Destroys everything of an outcome whose end has begun. May be done again, from anywhere. */
  async function destroy(held: Case, by: Doer): Promise<void> {
    // The leaves of its entries stay in the log; so those that still wait get their places first.
    await log.seal()
    await shelf.removeTagged(vault.tagsOfAll([`outcome:${held.id}`]))
    // The tombstone takes the id of the step that began the end: written twice, there is one.
    const end = held.steps.findLast(({ step }) => step === 'expunged')
    const as = end && { id: end.id, at: end.at }
    await log.write([log.draft(held.body, { act: 'expunged', by }, undefined, as)])
    await cases.destroy(held)
    // Whoever was carrying a consequence out in this moment may have put something behind us.
    await shelf.removeTagged(vault.tagsOfAll([`outcome:${held.id}`]))
  }

  const hasBegun = ({ steps, state }: Case): boolean =>
    steps.some(
      ({ id, step }) =>
        step === 'expunged' && !state.waitingForSecond.some((waiting) => waiting.id === id),
    )

  return {
    isDue,
    hasBegun,
    /** Finishes what a crash left: an end that was begun is carried through. */
    finish: (held: Case): Promise<void> => destroy(held, { as: 'system', id: 'reconciler' }),

    /** On the body's date, by itself. */
    async expire(held: Case): Promise<void> {
      const doer: Doer = { as: 'system', id: 'retention' }
      const begun = await cases.take(held, [{ step: 'expunged' }], { doer })
      if (begun) await destroy(begun, doer)
    },

    /** By an officer, from the body's date on. Where the body asks for two, the second one ends it. */
    async expunge(actor: Actor, which: Which, manner: Manner = {}): Promise<'done' | 'proposed'> {
      const held = await desk.open(actor, which, 'expunged')
      if (!isDue(held)) throw quiet('conflict', { key: 'outcomes.refused.not-yet' }, 'state')
      const waiting = held.state.waitingForSecond.find(({ step }) => step === 'expunged')
      const after = waiting
        ? await desk.second(actor, { id: held.id }, waiting.id, manner)
        : await desk.act(actor, { id: held.id }, { step: 'expunged' }, manner)
      if (!hasBegun(after)) return 'proposed'
      await destroy(after, doerOf(actor))
      return 'done'
    },
  }
}
