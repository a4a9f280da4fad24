import type { KeyObject } from 'node:crypto'
import type { LedgerEntries, LedgerStore } from './ledger-store.js'
import { addressesOf, nodesFor, rootOf, type NodeSupplier, type StoredNode } from './merkle.js'
import { readRoot, rootIsSigned } from './signed-root.js'

/**
 * What is not as it was written: an entry that was changed or taken out, a part of the tree, or a signed
 * root that no longer fits. `at` is a place, the first place under a node, or a size.
 */
export interface LedgerFault {
  what: 'entry' | 'node' | 'root'
  at: number
}

const batch = 1000
/** Whoever rewrote history gave reason enough to look; naming each of a million places helps nobody. */
const most = 100

const same = (one: Buffer | undefined, other: Buffer): boolean => one?.equals(other) ?? false

/**
 * Reads a log from its beginning and builds its tree anew. Entries whose salt was destroyed cannot be
 * computed again; their stored leaf stands for them, and the roots above still hold it in place.
 */
export async function checkLedger(parts: {
  store: LedgerStore
  entries: LedgerEntries
  origin: string
  size: number
  keys: () => readonly KeyObject[]
}): Promise<LedgerFault[]> {
  const { store, entries, origin, size, keys } = parts
  const faults: LedgerFault[] = []
  const built = new Map<string, Buffer>()
  const supply: NodeSupplier = (level, index) => {
    const hash = built.get(`${level}/${index}`)
    if (!hash) throw new Error(`no node ${level}/${index}`)
    return hash
  }
  const roots = await store.roots()
  const openKeys = roots.length > 0 ? keys() : []

  for (let at = 0; at < size && faults.length < most; at += batch) {
    const count = Math.min(batch, size - at)
    const stored = await store.nodes(
      Array.from({ length: count }, (_, offset) => ({ level: 0, index: at + offset })),
    )
    const byPlace = new Map(stored.map(({ index, hash }) => [index, hash]))
    const found = new Map((await entries.from(at, count)).map((entry) => [entry.place, entry]))
    const leaves = Array.from({ length: count }, (_, offset) => {
      const place = at + offset
      const entry = found.get(place)
      const kept = byPlace.get(place)
      const leaf = entry?.leaf ?? (entry ? kept : undefined)
      if (!leaf || !same(kept, leaf)) faults.push({ what: 'entry', at: place })
      return leaf ?? kept ?? Buffer.alloc(32)
    })
    const made = nodesFor(at, leaves, supply)
    for (const { level, index, hash } of made) built.set(`${level}/${index}`, hash)
    faults.push(
      ...(await differing(
        store,
        made.filter(({ level }) => level > 0),
      )),
    )
    prune(built, at + count)
  }
  for (const { size: then, text, on } of roots) {
    const root = readRoot(text)
    const signed = root?.origin === origin && rootIsSigned(text, openKeys)
    const fits = root && then <= size && same(await rootNow(store, then), root.hash)
    if (!signed || !fits || root.size !== then || root.on !== on) {
      faults.push({ what: 'root', at: then })
    }
  }
  return faults.slice(0, most)
}

/** Nodes that are stored otherwise than what lies under them gives. */
async function differing(store: LedgerStore, made: readonly StoredNode[]): Promise<LedgerFault[]> {
  const stored = new Map(
    (await store.nodes(made)).map(({ level, index, hash }) => [`${level}/${index}`, hash]),
  )
  return made
    .filter(({ level, index, hash }) => !same(stored.get(`${level}/${index}`), hash))
    .map(({ level, index }) => ({ what: 'node', at: index * 2 ** level }))
}

/** Keeps only what later leaves will join: the perfect subtrees that a log of this size is made of. */
function prune(built: Map<string, Buffer>, size: number): void {
  const wanted = new Set(
    addressesOf([{ start: 0, end: size }]).map(({ level, index }) => `${level}/${index}`),
  )
  for (const id of built.keys()) if (!wanted.has(id)) built.delete(id)
}

async function rootNow(store: LedgerStore, size: number): Promise<Buffer | undefined> {
  const nodes = await store.nodes(addressesOf([{ start: 0, end: size }]))
  const known = new Map(nodes.map(({ level, index, hash }) => [`${level}/${index}`, hash]))
  try {
    return rootOf(size, (level, index) => {
      const hash = known.get(`${level}/${index}`)
      if (!hash) throw new RangeError(`no node ${level}/${index}`)
      return hash
    })
  } catch {
    return undefined
  }
}
