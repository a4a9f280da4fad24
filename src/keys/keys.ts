import type { KeyObject } from 'node:crypto'
import type { Clock, Day } from '../clock.js'
import {
  idOfFile,
  keepBeside,
  makeKeyFile,
  readBeside,
  readHistory,
  readKeyFile,
  readSecret,
  recordOf,
  strayKeys,
  writeHistory,
} from './key-files.js'
import {
  checkClock,
  currentOf,
  keyUnavailable,
  withSuccessor,
  type KeyKind,
  type KeyRecord,
  type WithdrawalReason,
} from './key-ring.js'

export { keyTroubleOf, wasInUse, withdrawalReasonOf, withdrawalReasons } from './key-ring.js'
export type { KeyKind, KeyTrouble, WithdrawalReason } from './key-ring.js'

/** A key with its secret half, for signing or wrapping. */
interface HeldKey extends KeyRecord {
  secret: KeyObject
}

/**
 * The keys of one purpose, past and present, kept in one folder: `ring.json` tells their dates and
 * public halves, `<id>.key` (0600) holds each secret. Nothing is shared between two rings, so that
 * every conduct body has its own beside the institution's (domain, section 4).
 */
export interface KeyRing {
  readonly name: string
  /** Every key there ever was, oldest first. Throws `keys.missing` where the ring was never begun. */
  history(): readonly KeyRecord[]
  /**
   * The key to sign or wrap with today. Throws `unavailable` with `keys.<trouble>` when it cannot be
   * had; nothing is remembered of a failure, so the next call succeeds once the file is back.
   */
  current(): HeldKey
  /** A past or present key by id, for what was wrapped with it. Throws as `current` does. */
  held(id: string): HeldKey
  /** A text kept beside a key, such as its X.509 certificate (PEM); nothing where there is none. */
  beside(id: string): string | undefined
  /** Keeps a text beside a key, once: what is there already stays. */
  keepBeside(id: string, text: string): void
  /** A new key takes over from today; what the old ones signed stays good. */
  rotate(): KeyRecord
  /** Notes that a key can no longer be trusted, with the reason people are told. */
  withdraw(id: string, reason: WithdrawalReason): void
}

/**
 * Opens the ring in a folder. With `make` an absent ring is begun with a new key; without it (several
 * processes that must share keys) its absence is an error. A key file put there by hand is taken as
 * the ring's next key. A ring whose history stands but whose secret is gone is never quietly
 * begun anew.
 *
 * @param options.kind what every key of this ring is
 */
export function openKeyRing(options: {
  name: string
  directory: string
  kind: KeyKind
  make: boolean
  clock: Pick<Clock, 'today'>
}): KeyRing {
  const { name, directory, kind, clock } = options
  const secrets = new Map<string, KeyObject>()

  const adopt = (history: readonly KeyRecord[]): readonly KeyRecord[] => {
    const strays = strayKeys(directory, history)
    if (strays.length === 0) return history
    const grown = strays.reduce<readonly KeyRecord[]>((known, file) => {
      const record = recordOf(readKeyFile(file, name, kind), kind, clock.today())
      if (known.some((key) => key.fingerprint === record.fingerprint)) return known
      return withSuccessor(known, { ...record, id: idOfFile(file, name) })
    }, history)
    if (grown.length > history.length) writeHistory(directory, grown)
    return grown
  }

  const history = (): readonly KeyRecord[] => {
    const known = adopt(readHistory(directory, name) ?? [])
    if (known.length === 0) throw keyUnavailable('missing', name, { file: directory })
    return known
  }

  const add = (known: readonly KeyRecord[], from: Day): KeyRecord => {
    const made = makeKeyFile(directory, kind, from)
    writeHistory(directory, withSuccessor(known, made))
    return made
  }

  const hold = (record: KeyRecord): HeldKey => {
    const secret = secrets.get(record.id) ?? readSecret(directory, name, record)
    secrets.set(record.id, secret)
    return { ...record, secret }
  }

  if (options.make && adopt(readHistory(directory, name) ?? []).length === 0) {
    add([], clock.today())
  }

  return {
    name,
    history,
    current: () => hold(currentOf(name, history(), clock.today())),
    held(id) {
      const record = history().find((key) => key.id === id)
      if (!record) throw keyUnavailable('lost', name, { file: id })
      return hold(record)
    },
    beside: (id) => readBeside(directory, id),
    keepBeside: (id, text) => keepBeside(directory, id, text),
    rotate() {
      const known = history()
      checkClock(name, known, clock.today())
      return add(known, clock.today())
    },
    withdraw(id, reason) {
      const withdrawn = { on: clock.today(), reason }
      writeHistory(
        directory,
        history().map((key) => (key.id === id ? { ...key, withdrawn } : key)),
      )
    },
  }
}

/** Ring by ring, the fingerprints of all its keys: what processes that share a database compare. */
export const fingerprintsOf = (rings: readonly KeyRing[]): Record<string, string[]> =>
  Object.fromEntries(rings.map((ring) => [ring.name, ring.history().map((key) => key.fingerprint)]))
