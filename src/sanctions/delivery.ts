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

/** A delivery from its beginning, whatever became of it before. */
export const newDelivery = (
  given: Pick<Delivery, 'endpoint' | 'event' | 'outcome' | 'place' | 'message' | 'at'>,
): Delivery => {
  const { endpoint, event, outcome, place, message, at } = given
  return { ...fresh, endpoint, event, outcome, place, message, at }
}

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

/** Messages that must arrive in the order in which they happened: those of one restriction. */
export const queueOf = ({ endpoint, outcome, event, message }: Delivery): string =>
  event.startsWith('restriction.') ? `${endpoint} ${outcome}` : `${endpoint} ${message.id}`

/** Whether what follows need not wait: the receiver has seen this one, and will not have it. */
const isRefused = ({ last }: Delivery): boolean => last?.startsWith('refused') === true

/**
 * What may be sent now. The messages of one restriction reach one address in their order: a
 * restriction is never imposed again by a message that was late.
 */
export function sendable<Held extends { value: Delivery }>(
  pending: readonly Held[],
  now: Date,
  answered: ReadonlyMap<string, Date>,
): Held[] {
  const queues = new Map<string, Held[]>()
  for (const held of pending) {
    const queue = queues.get(queueOf(held.value))
    if (queue) queue.push(held)
    else queues.set(queueOf(held.value), [held])
  }
  return [...queues.values()].flatMap((queue) => {
    const ordered = queue.toSorted((a, b) => a.value.place - b.value.place)
    const first = ordered.findIndex(({ value }) => !isRefused(value))
    const free = first < 0 ? ordered : ordered.slice(0, first + 1)
    const newest = ordered.at(-1)?.value.at
    return free.filter(({ value }) =>
      isDue(value, now, { newest, answered: answered.get(value.endpoint) }),
    )
  })
}
