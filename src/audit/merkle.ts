import { createHash } from 'node:crypto'

/**
 * The tamper-evident log as a Merkle tree, hashed as RFC 6962 section 2.1 says, so that any Certificate
 * Transparency verifier can check it. Only perfect subtrees are ever stored, each written once: the node
 * at `level`, `index` covers the leaves from `index * 2^level` to `(index + 1) * 2^level - 1`.
 * Everything here is pure; the store says which nodes to fetch with `addressesOf`, in one query.
 */
export interface NodeAddress {
  level: number
  index: number
}

export interface StoredNode extends NodeAddress {
  hash: Buffer
}

/** Supplies a stored node. Must throw for one that is not there: a gap is never hashed over. */
export type NodeSupplier = (level: number, index: number) => Buffer

/** A run of leaves, from `start` up to, not including, `end`. */
export interface Run {
  start: number
  end: number
}

const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

const leafPrefix = Buffer.of(0)
const nodePrefix = Buffer.of(1)

/** The root of a log without entries: the hash of nothing. */
export const emptyRoot = (): Buffer => sha256()

export const leafHash = (data: Uint8Array): Buffer => sha256(leafPrefix, data)

export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer =>
  sha256(nodePrefix, left, right)

/** The largest power of two below `size`, where RFC 6962 splits a tree. */
export function splitOf(size: number): number {
  let split = 1
  while (split * 2 < size) split *= 2
  return split
}

/** The perfect subtrees that a run is made of, from left to right. Runs here begin where a tree may. */
function subtreesOf({ start, end }: Run): NodeAddress[] {
  const found: NodeAddress[] = []
  let at = start
  while (at < end) {
    let level = 0
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= end) level += 1
    found.push({ level, index: at / 2 ** level })
    at += 2 ** level
  }
  return found
}

/** Every stored node that these runs need: what to ask the store for, once. */
export const addressesOf = (runs: readonly Run[]): NodeAddress[] => runs.flatMap(subtreesOf)

/** The hash over a run of leaves; of an empty one, the hash of nothing. */
export function hashOf(run: Run, supply: NodeSupplier): Buffer {
  const hashes = subtreesOf(run).map(({ level, index }) => supply(level, index))
  const last = hashes.pop()
  return last === undefined
    ? emptyRoot()
    : hashes.reduceRight((right, left) => nodeHash(left, right), last)
}

/** The root over the first `size` entries. */
export const rootOf = (size: number, supply: NodeSupplier): Buffer =>
  hashOf({ start: 0, end: size }, supply)

/**
 * The nodes to store when leaves join a log of `size`: the leaves themselves and each perfect subtree
 * they complete. Needs only nodes already stored; the same leaves give the same nodes.
 */
export function nodesFor(
  size: number,
  leafHashes: readonly Buffer[],
  supply: NodeSupplier,
): StoredNode[] {
  const made: StoredNode[] = []
  const known = new Map<string, Buffer>()
  const get = (level: number, index: number): Buffer =>
    known.get(`${level}/${index}`) ?? supply(level, index)
  const put = (level: number, index: number, hash: Buffer): void => {
    known.set(`${level}/${index}`, hash)
    made.push({ level, index, hash })
    // An odd index closes a pair, and with it the subtree above.
    if (index % 2 === 1) put(level + 1, (index - 1) / 2, nodeHash(get(level, index - 1), hash))
  }
  leafHashes.forEach((hash, offset) => put(0, size + offset, hash))
  return made
}
