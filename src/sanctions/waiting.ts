import { chunk } from 'es-toolkit'
import type { Clock } from '../clock.js'
import type { Shelf } from './sealed-store.js'
import { openAll, type Opened, type Vault } from './vault.js'

export type Waiting = ReturnType<typeof createWaiting>

const most = 100_000

/** Reads nothing twice that it has in hand already: by revision. */
type InHand = (revision: string) => boolean

/**
 * The parts with which something is still to be done. The database knows only that they wait; what
 * they are, and until when one rests after a failed attempt, is sealed inside, so this process
 * remembers what it read, by revision: whatever anybody changes is looked at afresh.
 */
export function createWaiting(parts: { shelf: Shelf; vault: Vault; clock: Pick<Clock, 'now'> }) {
  const { shelf, vault, clock } = parts
  const kinds = new Map<string, string>()
  const resting = new Map<string, number>()

  async function listed(): Promise<{ id: string; revision: string }[]> {
    const found = await shelf.waiting(most)
    const there = new Set(found.map(({ revision }) => revision))
    for (const known of [kinds, resting]) {
      for (const revision of known.keys()) if (!there.has(revision)) known.delete(revision)
    }
    return found
  }
  const isAwake = ({ revision }: { revision: string }): boolean =>
    (resting.get(revision) ?? 0) <= clock.now().getTime()

  /** Opens those that are of a kind, or may be. */
  async function opened<Value>(
    kind: string,
    found: readonly { id: string; revision: string }[],
  ): Promise<Opened<Value>[]> {
    const wanted = found.filter(({ revision }) => (kinds.get(revision) ?? kind) === kind)
    const all: Opened<Value>[] = []
    for (const part of chunk(wanted, 100)) {
      const documents = await shelf.byIds(part.map(({ id }) => id))
      for (const one of openAll<Value>(vault, documents)) {
        // Settled since it was listed.
        if (!one.waiting) continue
        kinds.set(one.revision, one.kind)
        if (one.kind === kind) all.push(one)
      }
    }
    return all
  }

  return {
    /** Whether anything waits that is not known to rest. */
    any: async (): Promise<boolean> => (await listed()).some(isAwake),
    /** Everything of a kind that waits, is not known to rest, and is not in hand. */
    async awake<Value>(kind: string, inHand: InHand = () => false): Promise<Opened<Value>[]> {
      const found = (await listed()).filter(isAwake)
      return opened<Value>(
        kind,
        found.filter(({ revision }) => !inHand(revision)),
      )
    },
    /** Everything of a kind that waits, at rest or not. */
    everything: async <Value>(kind: string): Promise<Opened<Value>[]> =>
      opened<Value>(kind, await listed()),
    rest: (revision: string, until: Date): void => void resting.set(revision, until.getTime()),
  }
}
