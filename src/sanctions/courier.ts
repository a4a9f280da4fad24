import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../clock.js'
import type { AddressJudge, Vetted } from './addresses.js'
import { sendable, type Delivery } from './delivery.js'
import { afterAttempt } from './retrying.js'
import { gathering } from './gathering.js'
import type { SealedDocument, Shelf } from './sealed-store.js'
import type { Attempt, Send } from './sending.js'
import type { Endpoint, Settings } from './settings.js'
import { headersFor } from './signature.js'
import { shapes, type Opened, type Vault } from './vault.js'
import type { Waiting } from './waiting.js'

type Held = Opened<Delivery>

/** How many messages may be on their way at once: to one address, and altogether. */
const atOnce = { toOne: 32, altogether: 64 }
/**
 * How many begin in one turn, and how long one is: thirty messages at the same moment come back at the
 * same moment, and every page would wait for all of them.
 */
const turn = { begins: 2, milliseconds: 10 }
const patience = 15_000
/** How long an address that was judged is used without being looked up again. */
const judgedFor = 30_000

/**
 * Sends what is waiting, each message at least once, while holding the lease: one process at a time,
 * so that no two send the same. Slow receivers cost sockets, not time: nothing else waits for them.
 * What came of messages that end together is written together.
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
  const kind = 'delivery'
  const answered = new Map<string, Date>()
  const judged = new Map<string, { vetted: Vetted; at: number }>()

  const write = gathering(
    (changes: readonly { document: SealedDocument; read: string }[]) => shelf.replaceEach(changes),
    turn.milliseconds,
  )

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
    if (!(await write({ document, read: held.revision }))) return undefined
    if (value.nextAt) waiting.rest(document.revision, value.nextAt)
    if (value.state === 'parked') await parked(held.body, endpoint.id)
    return draft.waiting ? { ...draft, revision: document.revision } : undefined
  }

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
      if ((await waiting.awake<Delivery>(kind)).length === 0) return 0
      const held = await waiting.everything<Delivery>(kind)
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

      const mayBegin = ({ id, value }: Held): boolean =>
        !underway.has(id) && (busy.get(value.endpoint) ?? 0) < atOnce.toOne
      /** Begins a few, and says whether more could have been. */
      function beginSome(): boolean {
        const room = atOnce.altogether - underway.size
        if (room <= 0) return false
        let begun = 0
        for (const one of sendable([...pending.values()], clock.now(), answered)) {
          if (!mayBegin(one)) continue
          if (begun === Math.min(room, turn.begins)) return begun < room
          begin(one)
          begun += 1
        }
        return false
      }

      let looked = clock.now().getTime()
      for (;;) {
        const more = beginSome()
        if (underway.size === 0) return attempts
        await (more ? pause(turn.milliseconds) : Promise.race(underway.values()))
        const now = clock.now().getTime()
        if (Math.abs(now - looked) < 1000) continue
        looked = now
        if (!(await stillMine())) {
          await Promise.all(underway.values())
          return attempts
        }
        const inHand = new Set([...pending.values()].map(({ revision }) => revision))
        const fresh = await waiting.awake<Delivery>(kind, (revision) => inHand.has(revision))
        endpoints = await addressesOf([...pending.values(), ...fresh])
        for (const one of fresh) if (!underway.has(one.id)) pending.set(one.id, one)
      }
    },
  }
}
