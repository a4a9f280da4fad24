import type { Actor } from '../actor.js'
import type { Clock } from '../clock.js'
import type { Database } from '../database/database.js'
import type { Random } from '../random.js'
import type { Act } from './acts.js'
import { createAuditStore, type AuditDocument } from './audit-store.js'

export type { Act, ActName } from './acts.js'
export { auditCollections } from './audit-store.js'
export { canonical, commitment } from './leaf.js'
export { leafHash } from './merkle.js'
export { provesConsistency, provesInclusion } from './merkle-proof.js'
export { readRoot, rootIsSigned } from './signed-root.js'

/** An act, who did it, and the key under which a repeated one is recognised. */
export interface Entry {
  actor: Actor
  act: Act
  key?: string
}

/** The tamper-evident record of acts on the ordinary plane. */
export interface Audit {
  /**
   * Records an act, durable when it resolves. `key` names an act that may be recorded again after a
   * crash: the second time changes nothing.
   */
  record(actor: Actor, act: Act, key?: string): Promise<void>
  /** Records many acts in one write. */
  recordMany(entries: readonly Entry[]): Promise<void>
  /**
   * Gives waiting entries their contiguous places, in batches. Only one process seals at a time;
   * answers how many it placed, 0 when there was nothing or somebody else is at it.
   */
  seal(): Promise<number>
}

const sealBatch = 1000

function actorOf(actor: Actor): AuditDocument['actor'] {
  switch (actor.kind) {
    case 'person':
      return {
        kind: 'person',
        id: actor.account,
        ...(actor.person ? { person: actor.person } : {}),
      }
    case 'key':
      return { kind: 'key', id: actor.key }
    case 'system':
      return { kind: 'system', id: actor.part }
    case 'public':
      return { kind: 'public' }
  }
}

export function createAudit(parts: { database: Database; clock: Clock; random: Random }): Audit {
  const { database, clock, random } = parts
  const store = createAuditStore(database.connection)

  const entryOf = ({ actor, act: { act, people = [], ...particulars }, key }: Entry) => ({
    _id: key ?? random.id(),
    at: clock.now(),
    actor: actorOf(actor),
    act,
    people: [...people],
    particulars,
    salt: random.bytes(16).toString('base64url'),
    waiting: true as const,
  })

  return {
    record: (actor, act, key) => store.add([entryOf({ actor, act, ...(key ? { key } : {}) })]),
    recordMany: (entries) => store.add(entries.map(entryOf)),
    async seal() {
      const placed = await database.leases.hold('audit-sealer', 30, async () => {
        const waiting = await store.waiting(sealBatch)
        if (waiting.length === 0) return 0
        await store.place(
          waiting.map((entry) => entry._id),
          await store.nextPlace(),
        )
        return waiting.length
      })
      return placed ?? 0
    },
  }
}
