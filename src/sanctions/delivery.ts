import type { WebhookEvent } from './consequences.js'
import { fresh, isDue, type Progress } from './retrying.js'
import type { Message } from './signature.js'

/** One message on its way to one address. */
export interface Delivery extends Progress {
  endpoint: string
  event: WebhookEvent
  /** The outcome it tells of, and its place among that outcome's consequences. */
  outcome: string
  place: number
  message: Message
  /** When the event happened. */
  at: Date
}

/** The text of a message: what happened, when, and its data. The same event gives the same bytes. */
export const messageBody = (
  event: WebhookEvent | 'webhook.registered',
  at: Date,
  data: object,
): string => JSON.stringify({ type: event, timestamp: at.toISOString(), data })

export const newDelivery = (
  given: Pick<Delivery, 'endpoint' | 'event' | 'outcome' | 'place' | 'message' | 'at'>,
): Delivery => ({ ...fresh, ...given })

/** A delivery as an officer or a program sees it. */
export interface DeliveryView {
  id: string
  endpoint: string
  event: WebhookEvent
  /** The receiver's name for the message: `webhook-id`. */
  message: string
  state: Progress['state']
  attempts: number
  at: Date
  lastAt?: Date
  nextAt?: Date
  last?: string
}

export const deliveryView = (id: string, delivery: Delivery): DeliveryView => {
  const { endpoint, event, message, state, attempts, at, lastAt, nextAt, last } = delivery
  return {
    id,
    endpoint,
    event,
    message: message.id,
    state,
    attempts,
    at,
    ...(lastAt ? { lastAt } : {}),
    ...(nextAt ? { nextAt } : {}),
    ...(last ? { last } : {}),
  }
}

/**
 * What may be sent now. Messages about one outcome reach one address in the order in which they
 * happened: a restriction is never imposed again by a message that was late.
 */
export function sendable<Held extends { value: Delivery }>(
  pending: readonly Held[],
  now: Date,
  answered: ReadonlyMap<string, Date>,
): Held[] {
  const queues = new Map<string, Held[]>()
  for (const held of pending) {
    const key = `${held.value.endpoint} ${held.value.outcome}`
    queues.set(key, [...(queues.get(key) ?? []), held])
  }
  return [...queues.values()].flatMap((queue) => {
    const [first, ...behind] = queue.toSorted((a, b) => a.value.place - b.value.place)
    if (!first) return []
    const newest = behind.at(-1)?.value.at
    const known = { newest, answered: answered.get(first.value.endpoint) }
    return isDue(first.value, now, known) ? [first] : []
  })
}
