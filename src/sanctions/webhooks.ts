import { z } from 'zod'
import type { Actor } from '../actor.js'
import type { Clock } from '../clock.js'
import { notFound } from '../errors.js'
import type { Random } from '../random.js'
import type { AddressJudge } from './addresses.js'
import { webhookEvents } from './consequences.js'
import {
  deliveryView,
  messageBody,
  newDelivery,
  queueOf,
  type Delivery,
  type DeliveryView,
} from './delivery.js'
import { doerOf, requireBody } from './officers.js'
import { quiet } from './quiet.js'
import type { SealedLog } from './sealed-log.js'
import type { Shelf } from './sealed-store.js'
import type { Send } from './sending.js'
import type { Endpoint, Settings } from './settings.js'
import { headersFor, secretText } from './signature.js'
import { openAll, shapes, type Opened, type Vault } from './vault.js'

const registration = z.strictObject({
  url: z.string().trim().max(2000),
  events: z
    .array(z.enum(webhookEvents))
    .min(1)
    .default([...webhookEvents]),
})

const mostEndpoints = 20
const probePatience = 5_000

/** An endpoint without its secret. */
export type EndpointView = Omit<Endpoint, 'secret'>

const view = ({ id, url, events, at }: Endpoint): EndpointView => ({ id, url, events, at })

/** Where a body's events are sent, what was sent, and what could not be. */
export function createWebhooks(parts: {
  shelf: Shelf
  vault: Vault
  settings: Settings
  log: SealedLog
  clock: Clock
  random: Random
  judge: AddressJudge
  send: Send
}) {
  const { shelf, vault, settings, log, clock, random, judge, send } = parts

  const refuse = (key: string) =>
    quiet('invalid', { key: `outcomes.refused.webhook-${key}` }, 'url')

  const note = (actor: Actor, body: string, act: object) =>
    log.write([log.draft(body, { ...act, by: doerOf(actor) })])

  /**
   * Looks at an address before it is kept: where it leads, and that it does not lead on. The receiver
   * gets one signed message of a type that asks nothing of it; one that is not up yet may be later.
   */
  async function probe(endpoint: Endpoint): Promise<void> {
    const to = await judge(endpoint.url)
    if (typeof to === 'string') throw refuse(to)
    const at = clock.now()
    const body = messageBody('webhook.registered', at, { id: endpoint.id, events: endpoint.events })
    const message = { id: `msg_${random.id()}`, body }
    const headers = headersFor(message, endpoint.secret, at)
    const { came } = await send(to, headers, body, probePatience)
    if (came === 'redirected') throw refuse('redirects')
  }

  const deliveriesOf = async (
    body: string,
    tags: readonly string[],
  ): Promise<Opened<Delivery>[]> =>
    tags.length === 0
      ? []
      : openAll<Delivery>(vault, await shelf.tagged(vault.tags(body, tags)), [body]).filter(
          ({ kind }) => kind === 'delivery',
        )

  async function ofEndpoints(body: string): Promise<Opened<Delivery>[]> {
    const { endpoints } = await settings.get(body)
    return deliveriesOf(
      body,
      endpoints.map(({ id }) => `endpoint:${id}`),
    )
  }

  return {
    /** Registers an address. The secret is in the answer and never shown again. */
    async registerWebhook(actor: Actor, given: unknown, named?: string): Promise<Endpoint> {
      const body = requireBody(actor, named)
      const parsed = registration.safeParse(given)
      if (!parsed.success) {
        const field = parsed.error.issues[0]?.path[0]?.toString() ?? 'url'
        throw quiet('invalid', { key: 'outcomes.refused.form' }, field)
      }
      const secret = secretText(random.bytes(32))
      const endpoint = { id: random.id(), ...parsed.data, secret, at: clock.now() }
      await probe(endpoint)
      await settings.change(body, (now) => {
        if (now.endpoints.length >= mostEndpoints) throw refuse('too-many')
        return { ...now, endpoints: [...now.endpoints, endpoint] }
      })
      await note(actor, body, { act: 'endpoint-added', url: endpoint.url })
      return endpoint
    },

    async webhooks(actor: Actor, named?: string): Promise<EndpointView[]> {
      const body = requireBody(actor, named)
      await note(actor, body, { act: 'read', what: 'webhooks' })
      return (await settings.get(body)).endpoints.map(view)
    },

    /** Forgets an address, and what was on its way to it. */
    async removeWebhook(actor: Actor, id: string, named?: string): Promise<void> {
      const body = requireBody(actor, named)
      const { endpoints } = await settings.get(body)
      if (!endpoints.some((endpoint) => endpoint.id === id)) throw notFound()
      await settings.change(body, (now) => ({
        ...now,
        endpoints: now.endpoints.filter((endpoint) => endpoint.id !== id),
      }))
      await shelf.removeTagged(vault.tags(body, [`endpoint:${id}`]))
      await note(actor, body, { act: 'endpoint-removed', endpoint: id })
    },

    /** What was sent and what was not, newest first. */
    async deliveries(actor: Actor, named?: string): Promise<DeliveryView[]> {
      const body = requireBody(actor, named)
      const held = await ofEndpoints(body)
      await note(actor, body, { act: 'read', what: 'deliveries' })
      return held
        .map(({ id, value }) => deliveryView(id, value))
        .sort((a, b) => b.at.getTime() - a.at.getTime())
    },

    /**
     * Sends a message again; one about a restriction with every later one of it, in their order, so
     * that whoever replays an old restriction hears of its lifting too.
     */
    async redeliver(actor: Actor, id: string, named?: string): Promise<number> {
      const body = requireBody(actor, named)
      const held = await ofEndpoints(body)
      const first = held.find((one) => one.id === id)
      if (!first) throw notFound()
      const again = held.filter(
        ({ value }) => queueOf(value) === queueOf(first.value) && value.place >= first.value.place,
      )
      for (const one of again) {
        const value = newDelivery(one.value)
        const document = vault.draft(shapes.parts, body, { ...one, value, waiting: true })
        await shelf.replace(document, one.revision)
      }
      await note(actor, body, { act: 'redelivered', delivery: id })
      return again.length
    },
  }
}
