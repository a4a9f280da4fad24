import type { KeyObject } from 'node:crypto'
import { latest, type Clock, type Day } from '../clock.js'
import type { Leases } from '../database/database.js'
import { notFound, unavailable } from '../errors.js'
import type { Log } from '../log.js'
import { checkLedger, type LedgerFault } from './ledger-check.js'
import type { KeptRoot, LedgerEntries, LedgerStore, Segment } from './ledger-store.js'
import { addressesOf, nodesFor, rootOf, type NodeSupplier, type Run } from './merkle.js'
import { consistencyProof, consistencyRuns, inclusionProof, inclusionRuns } from './merkle-proof.js'
import { rootFault, signRoot, type Root } from './signed-root.js'

/** The Ed25519 keys that sign a log's roots. */
export interface RootKeys {
  /** Today's, in both halves. Throws `unavailable` while it cannot be had: signing waits, sealing does not. */
  current(): { secret: KeyObject; open: KeyObject }
  /** The open halves of all there ever were. */
  all(): readonly KeyObject[]
}

/** What anybody may ask of a log. */
export interface PublishedLog {
  readonly origin: string
  /** The log as it stands, signed. Throws `unavailable` while its key cannot be had. */
  head(): Promise<Root & { text: string }>
  /** The roots put away at the end of each day on which the log grew, oldest first. */
  roots(): Promise<KeptRoot[]>
  /** Throws not-found for a day without one. */
  root(on: Day): Promise<KeptRoot>
  /** Proves that the log of `older` entries was only added to. Throws not-found where it was never so long. */
  consistency(older: number, newer: number): Promise<readonly Buffer[]>
  /** Reads the whole log again and compares: entries, tree and signed roots. Empty when all is as it was. */
  check(): Promise<readonly LedgerFault[]>
}

/** One append-only log: who may write gives entries to it elsewhere; here they get places and proofs. */
export interface Ledger extends PublishedLog {
  /**
   * Gives waiting entries their contiguous places and signs the days that have ended. One process at
   * a time; answers how many entries were placed.
   */
  seal(): Promise<number>
  /** The way from an entry's leaf to the signed root of now; nothing while it has no place there yet. */
  inclusion(place: number): Promise<{ root: string; path: readonly Buffer[] } | undefined>
}

const sealBatch = 1000
const leaseSeconds = 30

/**
 * An append-only Merkle log over entries and a store of any kind: the ordinary plane's two logs are made
 * of it, and a conduct body's can be. `origin` is its name in signed roots.
 *
 * A segment is inserted at the place where the last one ends, under that place as its key. So of two
 * sealers, one of them late, exactly one adds to the log, and there is never a gap. What an inserted
 * segment entails follows from it alone, and whoever comes next finishes it before anything else.
 */
export function createLedger(parts: {
  name: string
  origin: string
  store: LedgerStore
  entries: LedgerEntries
  leases: Leases
  clock: Clock
  log: Pick<Log, 'warn'>
  keys: RootKeys
}): Ledger {
  const { name, origin, store, entries, leases, clock, log, keys } = parts

  /** Fetches every node that these runs need, in one query. */
  async function supplyFor(runs: readonly Run[]): Promise<NodeSupplier> {
    const found = await store.nodes(addressesOf(runs))
    const known = new Map(found.map(({ level, index, hash }) => [`${level}/${index}`, hash]))
    return (level, index) => {
      const hash = known.get(`${level}/${index}`)
      if (!hash) throw new Error(`the log ${name} lacks node ${level}/${index}`)
      return hash
    }
  }

  /** How many entries are in the tree, and the last day on which it grew. */
  async function extent(): Promise<{ size: number; on?: Day }> {
    const last = await store.last()
    if (!last) return { size: 0 }
    return { size: last.open ? last.from : last.from + last.count, on: last.on }
  }

  async function rootAt(size: number, on: Day): Promise<Root> {
    const hash = rootOf(size, await supplyFor([{ start: 0, end: size }]))
    return { origin, size, hash, on }
  }

  async function finish({ from, open }: Segment): Promise<void> {
    if (!open) return
    const supply = await supplyFor([{ start: 0, end: from }])
    await store.addNodes(nodesFor(from, open.leaves, supply))
    await entries.placed(open.entries, from)
    await store.finish(from)
  }

  /** Signs what stood in the log when each day ended. A day whose key was lost is signed when it is back. */
  async function signDays(): Promise<void> {
    for (;;) {
      const before = await store.lastRoot()
      const end = await store.endOfDayAfter(before?.size ?? 0)
      if (!end || end.open || end.on >= clock.today()) return
      const root = await rootAt(end.from + end.count, end.on)
      await store.keepRoot({ on: root.on, size: root.size, text: signRoot(root, keys.current()) })
    }
  }

  let warned: string | undefined
  const tryToSign = async (): Promise<void> => {
    try {
      await signDays()
      warned = undefined
    } catch (error) {
      const reason = String(error)
      if (warned !== reason)
        log.warn({ log: name, reason }, 'the day of a log cannot be signed yet')
      warned = reason
    }
  }

  async function sealOnce(): Promise<number> {
    const last = await store.last()
    if (last) await finish(last)
    await tryToSign()
    const waiting = await entries.waiting(sealBatch)
    if (waiting.length === 0) return 0
    const today = clock.today()
    const segment: Segment = {
      from: last ? last.from + last.count : 0,
      count: waiting.length,
      // A clock that was set back does not take the log back with it.
      on: last ? latest(last.on, today) : today,
      open: { entries: waiting.map(({ id }) => id), leaves: waiting.map(({ leaf }) => leaf) },
    }
    if (!(await store.add(segment))) return 0
    await finish(segment)
    return waiting.length
  }

  let signedHead: (Root & { text: string }) | undefined
  async function head(): Promise<Root & { text: string }> {
    const { size, on } = await extent()
    const today = clock.today()
    if (signedHead?.size === size && signedHead.on === today) return signedHead
    const root = await rootAt(size, today)
    if (on && rootFault({ ...root, on }, root)) throw unavailable('log.clock-back', { today, on })
    signedHead = { ...root, text: signRoot(root, keys.current()) }
    return signedHead
  }

  return {
    origin,
    seal: async () => (await leases.hold(`seal ${name}`, leaseSeconds, sealOnce)) ?? 0,
    head,
    roots: () => store.roots(),
    async root(on) {
      const found = await store.root(on)
      if (!found) throw notFound()
      return found
    },
    async inclusion(place) {
      const { size, text } = await head()
      if (place >= size) return undefined
      const supply = await supplyFor(inclusionRuns(place, size))
      return { root: text, path: inclusionProof(place, size, supply) }
    },
    async consistency(older, newer) {
      const { size } = await extent()
      if (!(older >= 0 && older <= newer && newer <= size)) throw notFound()
      return consistencyProof(older, newer, await supplyFor(consistencyRuns(older, newer)))
    },
    check: async () =>
      checkLedger({ store, entries, origin, size: (await extent()).size, keys: () => keys.all() }),
  }
}
