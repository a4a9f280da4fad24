import { createHash } from 'node:crypto'
import type { KeyActor } from '../actor.js'
import { canonical } from '../audit/audit.js'
import { notFound } from '../errors.js'
import type { Cases } from './cases.js'
import { quiet } from './quiet.js'
import type { Shelf } from './sealed-store.js'
import { openAll, shapes, type Vault } from './vault.js'

/** An answer as it was first given: the same request gets it again, byte for byte. */
export interface Reply {
  status: number
  body: string
}

interface SealedReply extends Reply {
  asked: string
}

const kind = 'reply'

/** A fingerprint of what was asked for; `content` must be plain JSON of texts and whole numbers. */
const fingerprint = (path: string, content: unknown): string =>
  createHash('sha256')
    .update(`${path}\n${canonical(content)}`)
    .digest('base64')

/**
 * The inbox for systems that repeat themselves (interface, *API*: `Idempotency-Key`). The step itself
 * carries the request's name, so it is taken once even where the answer was lost in a crash; the
 * answer is kept sealed with its outcome and goes with it.
 */
export function createReplies(parts: { shelf: Shelf; vault: Vault; cases: Cases }) {
  const { shelf, vault, cases } = parts
  return async (
    actor: KeyActor,
    asked: { key: string; path: string; content: unknown },
    perform: (request: string) => Promise<{ reply: Reply; outcome?: string }>,
  ): Promise<Reply> => {
    const { body } = actor
    if (body === undefined || !vault.bodies.includes(body)) throw notFound()
    const request = `${actor.key}:${asked.key}`
    const word = `reply:${request}`
    const print = fingerprint(asked.path, asked.content)
    const find = async (): Promise<Reply | undefined> => {
      const found = await shelf.unique(vault.tags(body, [word]))
      const known = openAll<SealedReply>(vault, found, [body])[0]?.value
      if (!known) return undefined
      if (known.asked !== print) {
        throw quiet('conflict', { key: 'outcomes.refused.altered' }, 'Idempotency-Key')
      }
      return { status: known.status, body: known.body }
    }
    const known = await find()
    if (known) return known
    const { reply, outcome } = await perform(request)
    const held = outcome === undefined ? undefined : await cases.byId(outcome, [body])
    const value: SealedReply = { ...reply, asked: print }
    await shelf.insertMissing([
      vault.draft(shapes.parts, body, {
        kind,
        unique: [word],
        value,
        ...(held ? { tags: [`outcome:${held.id}`], dataKey: held.sealed.dataKey } : {}),
      }),
    ])
    return (await find()) ?? reply
  }
}
