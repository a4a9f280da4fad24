import type { Clock } from '../clock.js'
import type { AddressJudge, Vetted } from './addresses.js'
import { sendable, type Delivery } from './delivery.js'
import { afterAttempt } from './retrying.js'
import type { Shelf } from './sealed-store.js'
import type { Attempt, Send } from './sending.js'
import type { Endpoint, Settings } from './settings.js'
import { headersFor } from './signature.js'
import { openAll, shapes, type Opened, type Vault } from './vault.js'
import type { Waiting } from './waiting.js'

type Held = Opened<Delivery>

/** How many messages may be on their way at once: to one address, and altogether. */
const atOnce = { toOne: 32, altogether: 64 }
const patience = 15_000
/** How long an address that was judged is used without being looked up again. */
const judgedFor = 30_000

/**
 * Sends what is waiting, each message at least once, while holding the lease: one process at a time,
 * so that no two send the same. Slow receivers cost sockets, not time: nothing else waits for them.
 */
export function createCourier(parts: {
  shelf: Shelf
  vault: Vault
  settings: Settings
  waiting: Waiting
  clock: Clock
  judge: AddressJudge
  send: Send
  /** Tells the body's officers, once a day at most, that something could not be delivered. */
  parked: (body: string, endpoint: string) => Promise<void>
}) {
  const { shelf, vault, settings, waiting, clock, judge, send, parked } = parts
  const answered = new Map<string, Date>()
  const judged = new Map<string, { vetted: Vetted; at: number }>()

  async function vet(url: string): Promise<Vetted | undefined> {
    const now = clock.now().getTime()
    const known = judged.get(url)
    if (known && Math.abs(now - known.at) < judgedFor) return known.vetted
    const vetted = await judge(url)
    if (typeof vetted === 'string') return undefined
    judged.set(url, { vetted, at: now })
    return vetted
  }

  async function attempt(held: Held, endpoint: Endpoint): Promise<Attempt> {
    const to = await vet(endpoint.url)
    if (!to) return { came: 'unreachable' }
    const { message } = held.value
    return send(to, headersFor(message, endpoint.secret, clock.now()), message.body, patience)
  }

  /** One attempt and what came of it, written down. Undelivered work stays in the queue. */
  async function deliver(held: Held, endpoint: Endpoint | undefined): Promise<Held | undefined> {
    if (!endpoint) {
      await shelf.remove([held.id])
      return undefined
    }
    const came = await attempt(held, endpoint)
    const at = clock.now()
    if (came.came === 'delivered') answered.set(endpoint.id, at)
    const value: Delivery = { ...held.value, ...afterAttempt(held.value, came, at) }
    if (value.state !== 'pending') delete value.nextAt
    const draft = { ...held, value, waiting: value.state === 'pending' }
    const document = vault.draft(shapes.parts, held.body, draft)
    // Where it was destroyed or sent again meanwhile, that stands.
    if (!(await shelf.replace(document, held.revision))) return undefined
    if (value.nextAt) waiting.rest(document.revision, value.nextAt)
    if (value.state === 'parked') await parked(held.body, endpoint.id)
    return draft.waiting ? { ...draft, revision: document.revision } : undefined
  }

  const isDelivery = ({ kind }: Opened<unknown>): boolean => kind === 'delivery'

  async function addressesOf(held: readonly Held[]): Promise<Map<string, Endpoint>> {
    const bodies = [...new Set(held.map(({ body }) => body))]
    const all = await Promise.all(bodies.map((body) => settings.get(body)))
    return new Map(all.flatMap(({ endpoints }) => endpoints.map((one) => [one.id, one] as const)))
  }

  return {
    /**
     * Attempts everything that is due, and what becomes due meanwhile, until nothing is. Answers how
     * many attempts were made.
     *
     * @param stillMine whether this process still holds the lease; asked about once a second
     */
    async run(stillMine: () => Promise<boolean>): Promise<number> {
      const awake = openAll<Delivery>(vault, await waiting.awake()).filter(isDelivery)
      if (awake.length === 0) return 0
      const held = openAll<Delivery>(vault, await waiting.everything()).filter(isDelivery)
      const pending = new Map(held.map((one) => [one.id, one]))
      let endpoints = await addressesOf(held)
      const underway = new Map<string, Promise<void>>()
      const busy = new Map<string, number>()
      let attempts = 0

      const begin = (one: Held): void => {
        const { endpoint } = one.value
        attempts += 1
        busy.set(endpoint, (busy.get(endpoint) ?? 0) + 1)
        const ended = deliver(one, endpoints.get(endpoint))
          // What the database would not take now is read again by the next run.
          .catch(() => undefined)
          .then((left) => {
            if (left) pending.set(left.id, left)
            else pending.delete(one.id)
            underway.delete(one.id)
            busy.set(endpoint, (busy.get(endpoint) ?? 1) - 1)
          })
        underway.set(one.id, ended)
      }

      let looked = clock.now().getTime()
      for (;;) {
        for (const one of sendable([...pending.values()], clock.now(), answered)) {
          if (underway.has(one.id) || underway.size >= atOnce.altogether) continue
          if ((busy.get(one.value.endpoint) ?? 0) < atOnce.toOne) begin(one)
        }
        if (underway.size === 0) return attempts
        await Promise.race(underway.values())
        const now = clock.now().getTime()
        if (Math.abs(now - looked) < 1000) continue
        looked = now
        if (!(await stillMine())) {
          await Promise.all(underway.values())
          return attempts
        }
        const fresh = openAll<Delivery>(vault, await waiting.awake()).filter(isDelivery)
        endpoints = await addressesOf([...pending.values(), ...fresh])
        for (const one of fresh) if (!underway.has(one.id)) pending.set(one.id, one)
      }
    },
  }
}
