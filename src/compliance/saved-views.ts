import type { Actor } from '../actor.js'
import type { Database } from '../database/database.js'
import { conflict, invalid, refused } from '../errors.js'
import type { Random } from '../random.js'
import { createViewsStore, type SavedView } from './reminders-store.js'

/** Lists that somebody looks at again and again, kept by name; each sees their own. */
export interface SavedViews {
  /** One’s own, by name; none for whoever is no person. */
  of(actor: Actor): Promise<SavedView[]>
  /** Throws invalid without a name, conflict for one too many. */
  save(actor: Actor, view: Omit<SavedView, 'id'>): Promise<void>
  /** Removes one of one’s own; somebody else’s stays, and nothing is said. */
  remove(actor: Actor, id: string): Promise<void>
}

const most = 20

export function createSavedViews(parts: { database: Database; random: Random }): SavedViews {
  const store = createViewsStore(parts.database.connection)
  const accountOf = (actor: Actor): string => {
    if (actor.kind !== 'person') throw refused('problem.refused')
    return actor.account
  }
  return {
    of: async (actor) => (actor.kind === 'person' ? store.of(actor.account) : []),
    async save(actor, { name, query }) {
      if (name.trim() === '') throw invalid('views.no-name')
      const account = accountOf(actor)
      if ((await store.of(account)).length >= most) throw conflict('views.too-many', { most })
      await store.add(account, { id: parts.random.id(), name: name.trim(), query })
    },
    remove: (actor, id) => store.remove(accountOf(actor), id),
  }
}
