import { createHash } from 'node:crypto'
import type { Clock } from '../clock.js'
import type { Database } from '../database/database.js'
import { conflict, invalid } from '../errors.js'
import type { Asked, Reply } from './call.js'
import { createRepliesStore } from './replies-store.js'

// A first request that died in a crash is done again; one that may still run is not done twice.
const longestAct = 60_000
const longestKey = 200

function fingerprint({ path, input, files }: Asked<unknown>): string {
  const hash = createHash('sha256').update(`${path}\n${JSON.stringify(input)}\n`)
  for (const { name, bytes } of files) hash.update(`${name}\n`).update(bytes)
  return hash.digest('base64url')
}

/**
 * The inbox for programs that repeat themselves (interface, *API*: `Idempotency-Key`): the same
 * request under the same key is done once and answered alike for seven days; another one under it
 * is refused.
 */
export function createRepeats({ database, clock }: { database: Database; clock: Clock }) {
  const store = createRepliesStore(database.connection)
  return async (asked: Asked<unknown>, act: () => Promise<Reply>): Promise<Reply> => {
    const { idempotencyKey, actor } = asked
    if (idempotencyKey === undefined) return act()
    if (idempotencyKey.length > longestKey) throw invalid('api.key-long', { most: longestKey })
    const id = `${actor.key}:${idempotencyKey}`
    const print = fingerprint(asked)
    const before = await store.begin({ _id: id, asked: print, at: clock.now() })
    if (before && before.asked !== print) throw conflict('api.key-used')
    if (before?.status !== undefined && before.body !== undefined) {
      return { status: before.status, body: undefined, written: before.body }
    }
    if (before && clock.now().getTime() - before.at.getTime() < longestAct) {
      throw conflict('api.still-running')
    }
    try {
      const given = await act()
      const written = given.written ?? JSON.stringify(given.body)
      await store.answer(id, given.status, written)
      return { ...given, written }
    } catch (error) {
      await store.forget(id)
      throw error
    }
  }
}
