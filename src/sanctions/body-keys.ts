import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import type { Clock } from '../clock.js'
import type { KeyRing } from '../keys/keys.js'
import { derive, type SealingKey } from './envelope.js'

/** What one key of a conduct body's ring gives: a key that wraps data keys, and one that finds things. */
export interface BodyKey {
  id: string
  wrapping: SealingKey
  lookup: KeyObject
}

/** The sealing keys of one conduct body. */
export interface BodyKeys {
  /** The one that seals now. Throws `unavailable` where the ring cannot be read. */
  current(): BodyKey
  /** Those under which things are found: the current one and, while a change of keys runs, the last. */
  live(): readonly BodyKey[]
  /** Every key there ever was, youngest first: what a restored backup was sealed with. */
  all(): readonly BodyKey[]
  /** A new key takes over; the former stays live until `retire`. */
  begin(): void
  /** Nothing is found under former keys any more. */
  retire(): void
}

const retired = 'superseded'

/** How long a process may go on with what it last read of a ring: another may have begun a new key. */
const freshFor = 5_000

/** The keys of a body from its ring of secrets, derived once each and held in memory. */
export function bodyKeysOf(ring: KeyRing, clock: Pick<Clock, 'now'>): BodyKeys {
  const derived = new Map<string, BodyKey>()
  let read: { at: number; current: BodyKey; live: BodyKey[] } | undefined
  const keyOf = (id: string): BodyKey => {
    const known = derived.get(id)
    if (known) return known
    const { secret } = ring.held(id)
    const lookup = derive(secret, `good-standing sealed lookup ${ring.name}`)
    const key = {
      id,
      wrapping: derive(secret, `good-standing sealed wrapping ${ring.name}`),
      lookup: createSecretKey(lookup.cipher.export()),
    }
    derived.set(id, key)
    return key
  }
  const fresh = () => {
    const now = clock.now().getTime()
    if (read && Math.abs(now - read.at) < freshFor) return read
    const usable = ring.history().filter(({ withdrawn }) => !withdrawn)
    const live = usable.map(({ id }) => keyOf(id)).reverse()
    read = { at: now, current: keyOf(ring.current().id), live }
    return read
  }
  return {
    current: () => fresh().current,
    live: () => fresh().live,
    all: () =>
      ring
        .history()
        .map(({ id }) => keyOf(id))
        .reverse(),
    begin() {
      ring.rotate()
      read = undefined
    },
    retire() {
      const current = ring.current().id
      for (const { id, withdrawn } of ring.history()) {
        if (id !== current && !withdrawn) ring.withdraw(id, retired)
      }
      read = undefined
    },
  }
}

/** A keyed hash: the same words under the same key give the same 22 letters, and nobody else can tell. */
export const tagOf = (key: BodyKey, words: string): string =>
  createHmac('sha256', key.lookup).update(words).digest().subarray(0, 16).toString('base64url')
