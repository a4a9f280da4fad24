import { setImmediate as breathe } from 'node:timers/promises'
import { createNameIndex, type Likely, type NameIndex } from './name-index.js'
import type { PeopleStore } from './people-store.js'

/** Finds people by name, as the directory has them at this moment in every process. */
export interface NameFinder {
  /**
   * Ids of people in one of whose names every word of `text` begins some word, the likest first.
   */
  search(text: string, limit: number): Promise<string[]>
  /** For each name as somebody wrote it: whose it may be, and how like theirs it is. */
  likely(names: readonly string[], limit: number): Promise<(Likely | undefined)[]>
}

// So many names are compared before others get their turn.
const turn = 25

export function createNameFinder(store: Pick<PeopleStore, 'names' | 'revision'>): NameFinder {
  let held: { revision: string | undefined; index: Promise<NameIndex> } | undefined

  async function read(): Promise<NameIndex> {
    const gathered = createNameIndex()
    for await (const some of store.names()) {
      for (const named of some) gathered.add(named)
      await breathe()
    }
    return gathered.finish()
  }

  async function current(): Promise<NameIndex> {
    const revision = await store.revision()
    if (!held || held.revision !== revision) {
      const index = read()
      held = { revision, index }
      // What could not be read is read again when it is next asked for.
      index.catch(() => (held = undefined))
    }
    return held.index
  }

  return {
    search: async (text, limit) => (await current()).search(text, limit),
    async likely(names, limit) {
      const index = await current()
      const found: (Likely | undefined)[] = []
      for (const name of names) {
        found.push(index.likely(name, limit))
        if (found.length % turn === 0) await breathe()
      }
      return found
    },
  }
}
