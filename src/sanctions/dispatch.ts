import type { Effect } from './case-file.js'
import type { Case, Cases } from './cases.js'
import { messageBody, newDelivery } from './delivery.js'
import type { Mail } from './mail.js'
import type { SealedDocument, Shelf } from './sealed-store.js'
import type { SealedLog } from './sealed-log.js'
import type { Settings } from './settings.js'
import { shapes, type Vault } from './vault.js'

export type Dispatch = ReturnType<typeof createDispatch>

/**
 * Turns the consequences that were written with a step into the parts that carry them out: log
 * entries, mail, deliveries, notices. Each has an id of its own from the beginning, so that doing it
 * again after a crash finds it done; only then is it struck off the outcome.
 */
export function createDispatch(parts: {
  cases: Cases
  shelf: Shelf
  vault: Vault
  settings: Settings
  log: SealedLog
  mail: Mail
}) {
  const { cases, shelf, vault, settings, log, mail } = parts

  /** What belongs to an outcome carries its key, unless another body must be able to open it. */
  const belonging = (held: Case, body: string) => ({
    tags: [`outcome:${held.id}`],
    ...(body === held.body ? { dataKey: held.sealed.dataKey } : {}),
  })

  async function deliveries(held: Case, effect: Extract<Effect, { what: 'webhook' }>) {
    const { body, event, id, at, data, place } = effect
    const { endpoints } = await settings.get(body)
    const message = { id: `msg_${id}`, body: messageBody(event, at, data) }
    return endpoints
      .filter((endpoint) => endpoint.events.includes(event))
      .map((endpoint) => {
        const given = { endpoint: endpoint.id, event, outcome: held.id, place, message, at }
        const own = belonging(held, body)
        return vault.draft(shapes.parts, body, {
          kind: 'delivery',
          waiting: true,
          ...own,
          tags: [...own.tags, `endpoint:${endpoint.id}`],
          unique: [`delivery:${id}:${endpoint.id}`],
          value: newDelivery(given),
        })
      })
  }

  async function partsOf(held: Case, effect: Effect): Promise<SealedDocument[]> {
    const { id, at } = effect
    const outcome = { id: held.id, dataKey: held.sealed.dataKey }
    switch (effect.what) {
      case 'webhook':
        return deliveries(held, effect)
      case 'entry':
        return [log.draft(held.body, { act: 'step', step: effect.step }, outcome, { id, at })]
      case 'mail': {
        const { recipient } = effect
        const body = recipient.to === 'body' ? recipient.body : held.body
        const key = body === held.body ? outcome : { id: held.id }
        return [mail.draft(body, recipient, { id, outcome: key })]
      }
      case 'notice': {
        const own = belonging(held, effect.body)
        const value = { ...effect.data, at }
        const tags = [...own.tags, 'notices']
        return [vault.draft(shapes.parts, effect.body, { ...own, id, kind: 'notice', tags, value })]
      }
    }
  }

  /** Carries out what waits in one outcome. Where it changed meanwhile, whoever changed it does. */
  async function carryOut(held: Case): Promise<void> {
    const made = await Promise.all(held.effects.map((effect) => partsOf(held, effect)))
    await shelf.insertMissing(made.flat())
    await cases.strike(held, new Set(held.effects.map(({ id }) => id)))
  }

  return {
    carryOut,
    /** Carries out what waits anywhere: after completions told in passing, or after a crash. */
    async everything(): Promise<void> {
      for (let ids = await cases.waiting(200); ids.length > 0; ids = await cases.waiting(200)) {
        const waiting = (await cases.byIds(ids)).filter(({ effects }) => effects.length > 0)
        for (const held of waiting) await carryOut(held)
        // What cannot be opened cannot be carried out either; the reconciler says so.
        if (waiting.length === 0) return
      }
    },
  }
}
