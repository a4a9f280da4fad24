import { omit } from 'es-toolkit'
import { type Clock } from '../clock.js'
import type { Lease, Leases } from '../database/database.js'
import type { Log } from '../log.js'
import { stepsByDate } from './by-date.js'
import type { BodyKeys } from './body-keys.js'
import type { BespokeCertificates } from './bespoke-certificates.js'
import type { Case, Cases } from './cases.js'
import type { ConductBody } from './conduct-body.js'
import type { Dispatch } from './dispatch.js'
import type { EndOfLife } from './end-of-life.js'
import type { LogProofs } from './log-proofs.js'
import type { Ordinary } from './ordinary.js'
import type { SealedLog } from './sealed-log.js'
import type { SealedStore } from './sealed-store.js'
import type { Settings } from './settings.js'
import { openEach, shapes, type Vault } from './vault.js'

/** How long every process has had the chance to see a new key before the former one is given up. */
const seenByAll = 60_000
const owner = 'outcome:'
const leaseSeconds = 300

/** What runs by itself: dates that pass, what a crash left, keys that are changed. All may run again. */
export function createUpkeep(parts: {
  store: SealedStore
  cases: Cases
  bodies: ReadonlyMap<string, ConductBody>
  keys: ReadonlyMap<string, BodyKeys>
  vault: Vault
  settings: Settings
  dispatch: Dispatch
  ordinary: Ordinary
  certificates: BespokeCertificates
  endOfLife: EndOfLife
  sealedLog: SealedLog
  proofs: LogProofs
  leases: Leases
  clock: Clock
  log: Log
}) {
  const { store, cases, bodies, keys, vault, settings, dispatch, ordinary } = parts
  const { certificates, endOfLife, sealedLog, proofs, leases, clock, log } = parts

  /** Holds on to a lease for as long as the work lasts, without writing for every batch of it. */
  function keeping(lease: Lease): () => Promise<void> {
    let renewed = clock.now().getTime()
    return async () => {
      const now = clock.now().getTime()
      if (now - renewed < (leaseSeconds * 1000) / 5) return
      renewed = now
      await lease.renew()
    }
  }

  /** The steps that dates bring to one outcome; afresh where somebody was faster. */
  const byDate = (held: Case) =>
    ordinary.settle(held, { as: 'system', id: 'dates' }, (now) => {
      const body = bodies.get(now.body)
      return body ? stepsByDate(now.state, now.steps, body, clock.today()) : []
    })

  async function roots(): Promise<void> {
    for (const body of vault.bodies) {
      await proofs.signRoot(body).catch(() => log.debug('a sealed root waits for its key'))
    }
  }

  /** Seals everything of a body under its current key. Answers how much was not yet. */
  async function reseal(): Promise<number> {
    let renewed = 0
    const shelves = [
      [store.outcomes, shapes.outcomes],
      [store.parts, shapes.parts],
    ] as const
    for (const [shelf, shape] of shelves) {
      for await (const batch of shelf.all(200)) {
        for (const document of batch) {
          const next = vault.renewed(shape, document)
          if (next && (await shelf.replace(next, document.revision))) renewed += 1
        }
        await new Promise((go) => setImmediate(go))
      }
    }
    return renewed
  }

  /** Destroys what was written for an outcome in the very moment in which that was destroyed. */
  async function sweep(): Promise<void> {
    for await (const batch of openEach(vault, store.parts)) {
      const owned = batch.flatMap(({ id, tags }) =>
        tags
          .filter((tag) => tag.startsWith(owner))
          .map((tag) => [id, tag.slice(owner.length)] as const),
      )
      if (owned.length === 0) continue
      const there = await store.outcomes.byIds([...new Set(owned.map(([, outcome]) => outcome))])
      const living = new Set(there.map(({ id }) => id))
      const orphans = owned.filter(([, outcome]) => !living.has(outcome)).map(([id]) => id)
      if (orphans.length > 0) await store.parts.remove(orphans)
    }
  }

  /** Carries a change of keys on: everything resealed, then the former key given up, then its traces. */
  async function turnKeys(): Promise<void> {
    for (const [body, bodyKeys] of keys) {
      const { rotation } = await settings.get(body)
      if (!rotation) {
        // A key that was begun by the command line, or put into the folder.
        if (bodyKeys.live().length < 2) continue
        await settings.change(body, (now) => ({ ...now, rotation: { beganAt: clock.now() } }))
        continue
      }
      if ((await reseal()) > 0) continue
      if (clock.now().getTime() - rotation.beganAt.getTime() < seenByAll) continue
      if (bodyKeys.live().length > 1) bodyKeys.retire()
      if ((await reseal()) === 0) {
        await settings.change(body, (now) => omit(now, ['rotation']))
      }
    }
  }

  return {
    reseal,

    /**
     * Once a day, or at any time: missed dates, reminders, ends of retention, signed roots. It goes by
     * dates, so days on which it did not run are made up for. Nothing where another process is at it.
     */
    async scanDueDates(): Promise<void> {
      await leases.hold('sealed-dates', leaseSeconds, async (lease) => {
        const keep = keeping(lease)
        for await (const batch of cases.each()) {
          for (const held of batch) {
            if (endOfLife.hasBegun(held)) await endOfLife.finish(held)
            else if (endOfLife.isDue(held)) await endOfLife.expire(held)
            else await byDate(held)
          }
          await keep()
        }
        await dispatch.everything()
        await sealedLog.seal()
        await roots()
      })
    },

    /**
     * Finishes what was left: completions and certificates that were never told, certificates that
     * could not be drawn, consequences not carried out, ends begun, keys half changed.
     */
    async reconcile(): Promise<void> {
      await leases.hold('sealed-reconciler', leaseSeconds, async (lease) => {
        const keep = keeping(lease)
        for await (const batch of cases.each()) {
          const ending = batch.filter(endOfLife.hasBegun)
          for (const held of ending) await endOfLife.finish(held)
          const living = batch.filter((held) => !endOfLife.hasBegun(held))
          await ordinary.catchUp(living)
          for (const held of living.filter(certificates.isWanted)) await certificates.issue(held)
          await keep()
        }
        await dispatch.everything()
        await sweep()
        await turnKeys()
        await sealedLog.seal()
      })
    },
  }
}
