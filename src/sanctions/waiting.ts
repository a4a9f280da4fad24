import { chunk } from 'es-toolkit'
import type { Clock } from '../clock.js'
import type { SealedDocument, Shelf } from './sealed-store.js'

export type Waiting = ReturnType<typeof createWaiting>

const most = 100_000

/**
 * The parts with which something is still to be done. The database knows only that they wait; until
 * when one rests after a failed attempt is sealed inside it, so this process remembers what it read,
 * by revision: whatever anybody changes is looked at afresh.
 */
export function createWaiting(shelf: Shelf, clock: Pick<Clock, 'now'>) {
  const resting = new Map<string, number>()
  const fetch = async (found: readonly { id: string }[]): Promise<SealedDocument[]> => {
    const documents: SealedDocument[] = []
    for (const part of chunk([...found], 500)) {
      documents.push(...(await shelf.byIds(part.map(({ id }) => id))))
    }
    return documents
  }
  return {
    /** Everything that waits and is not known to rest. */
    async awake(): Promise<SealedDocument[]> {
      const now = clock.now().getTime()
      const found = await shelf.waiting(most)
      const there = new Set(found.map(({ revision }) => revision))
      for (const revision of resting.keys()) if (!there.has(revision)) resting.delete(revision)
      return fetch(found.filter(({ revision }) => (resting.get(revision) ?? 0) <= now))
    },
    /** Everything that waits, at rest or not. */
    everything: async (): Promise<SealedDocument[]> => fetch(await shelf.waiting(most)),
    rest: (revision: string, until: Date): void => void resting.set(revision, until.getTime()),
  }
}
