import { createHash, type KeyObject } from 'node:crypto'
import type { Day } from '../clock.js'
import { DomainError, unavailable } from '../errors.js'
import { base32 } from '../random.js'

/** What a ring holds: signing keys for credentials and roots, for documents, or a 256-bit secret. */
export type KeyKind = 'ed25519' | 'rsa' | 'secret'

/**
 * What is known of one key for ever, secret or not: when it began, when the next one took over, and
 * whether it had to be withdrawn. Past keys stay, so that what they signed can still be checked.
 */
export interface KeyRecord {
  id: string
  kind: KeyKind
  /** First day it signed. */
  from: Day
  /** Last day it signed; absent while it is the current one. */
  until?: Day
  /** Lost or stolen: nothing that only this key vouches for may be believed from that day's notice on. */
  withdrawn?: { on: Day; reason: string }
  /** Subject public key info, base64; absent for a secret. */
  publicKey?: string
  fingerprint: string
}

/**
 * Why a key is believed no more. It is published with the key, so the list is closed, each a sentence in
 * both languages (`keys.withdrawal.…`): what befell a key may be somebody's story.
 */
export const withdrawalReasons = ['lost', 'stolen', 'superseded'] as const
export type WithdrawalReason = (typeof withdrawalReasons)[number]

/** What may be said of a reason that was written down, here or elsewhere: one of ours, or none. */
export const withdrawalReasonOf = (written: string): WithdrawalReason | 'not-said' =>
  withdrawalReasons.find((reason) => reason === written) ?? 'not-said'

/** Why a key cannot be used now; whatever waits for it is done when it is back. */
export type KeyTrouble =
  'missing' | 'lost' | 'unreadable' | 'damaged' | 'too-open' | 'withdrawn' | 'clock-back'

/** The error for a key that cannot be used: kind `unavailable`, sentence `keys.<trouble>`. */
export const keyUnavailable = (
  trouble: KeyTrouble,
  ring: string,
  detail: Record<string, string> = {},
): DomainError => unavailable(`keys.${trouble}`, { ring, ...detail })

/** Which trouble with a key an error tells of; nothing for any other error. */
export function keyTroubleOf(error: unknown): KeyTrouble | undefined {
  if (!(error instanceof DomainError) || !error.say.key.startsWith('keys.')) return undefined
  return error.say.key.slice('keys.'.length) as KeyTrouble
}

/**
 * What several processes compare to know that they share a key, and what people read to each other:
 * SHA-256 of the public key, or of a label and the secret, in 32 letters and digits (160 bits).
 */
export function fingerprintOf(key: KeyObject): string {
  const hash = createHash('sha256')
  if (key.type === 'secret') hash.update('good-standing secret\0').update(key.export())
  else hash.update(key.export({ type: 'spki', format: 'der' }))
  return base32(hash.digest(), 32)
}

/**
 * A key from the future means that the clock was set back: what is signed now would bear a date on
 * which its key did not exist, and nobody could verify it.
 */
export function checkClock(ring: string, history: readonly KeyRecord[], on: Day): void {
  const from = history.at(-1)?.from
  if (from && from > on) throw keyUnavailable('clock-back', ring, { from, today: on })
}

/** The key that signs on a day: the youngest, which must have begun and not been withdrawn. */
export function currentOf(ring: string, history: readonly KeyRecord[], on: Day): KeyRecord {
  const youngest = history.at(-1)
  if (!youngest) throw keyUnavailable('missing', ring)
  checkClock(ring, history, on)
  if (youngest.withdrawn) throw keyUnavailable('withdrawn', ring, { on: youngest.withdrawn.on })
  return youngest
}

/** The history once another key has taken over: the former current one ends that day. */
export function withSuccessor(
  history: readonly KeyRecord[],
  next: KeyRecord,
): readonly KeyRecord[] {
  const before = history.map((key) => (key.until ? key : { ...key, until: next.from }))
  return [...before, next]
}

/** Whether a key was the one in use on a day. A withdrawn key was, too: that is judged apart. */
export const wasInUse = (key: Pick<KeyRecord, 'from' | 'until'>, on: Day): boolean =>
  key.from <= on && (key.until === undefined || on <= key.until)
