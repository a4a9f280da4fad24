import type { Actor } from '../actor.js'
import type { Clock, Day } from '../clock.js'
import { notFound } from '../errors.js'
import type { BodyKeys } from './body-keys.js'
import type { BodyRings } from './body-rings.js'
import { doerOf, requireBody } from './officers.js'
import { quiet } from './quiet.js'
import type { SealedLog } from './sealed-log.js'
import type { Settings } from './settings.js'

/** A key as its body's officers see it: never the key itself. */
interface KeyView {
  id: string
  from: Day
  /** The last day on which it was the one in use. */
  until?: Day
  /** Given up: nothing is sealed with it, or signed, any more. */
  givenUp: boolean
}

/** The keys that seal what belongs to a body, and those that sign the roots of its log, oldest first. */
export interface BodyKeysView {
  sealing: readonly KeyView[]
  signing: readonly KeyView[]
  /** Since when everything is being sealed again with a new key; nothing while no change runs. */
  changingSince?: Date
}

const viewOf = (ring: BodyRings['sealing']): KeyView[] =>
  ring.history().map(({ id, from, until, withdrawn }) => ({
    id,
    from,
    ...(until ? { until } : {}),
    givenUp: withdrawn !== undefined,
  }))

/** A change of a body's sealing key, which its officers begin and the reconciler carries through. */
export function createKeyChange(parts: {
  keys: ReadonlyMap<string, BodyKeys>
  rings: ReadonlyMap<string, BodyRings>
  settings: Settings
  log: SealedLog
  clock: Clock
}) {
  const { keys, rings, settings, log, clock } = parts
  return {
    async bodyKeys(actor: Actor, named?: string): Promise<BodyKeysView> {
      const body = requireBody(actor, named)
      const own = rings.get(body)
      if (!own) throw notFound()
      await log.write([log.draft(body, { act: 'read', what: 'keys', by: doerOf(actor) })])
      const { rotation } = await settings.get(body)
      return {
        sealing: viewOf(own.sealing),
        signing: viewOf(own.signing),
        ...(rotation ? { changingSince: rotation.beganAt } : {}),
      }
    },

    /** Begins a change of a body's sealing key. Throws `conflict` while one is running. */
    async rotateKeys(actor: Actor, named?: string): Promise<void> {
      const body = requireBody(actor, named)
      const own = keys.get(body)
      if (!own) throw notFound()
      // Written first: of two officers who begin at once, one is told that it is under way.
      await settings.change(body, (now) => {
        if (now.rotation) throw quiet('conflict', { key: 'outcomes.refused.keys-changing' })
        return { ...now, rotation: { beganAt: clock.now() } }
      })
      own.begin()
      await log.write([log.draft(body, { act: 'keys-changed', by: doerOf(actor) })])
    },
  }
}
