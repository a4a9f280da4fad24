import { timingSafeEqual } from 'node:crypto'
import { emptyRoot, hashOf, nodeHash, splitOf, type NodeSupplier, type Run } from './merkle.js'

/** The runs whose hashes prove that entry `index` is among the first `size` (RFC 6962, 2.1.1). */
export function inclusionRuns(index: number, size: number): Run[] {
  if (!(index >= 0 && index < size)) throw new RangeError(`no entry ${index} among ${size}`)
  const path: Run[] = []
  let start = 0
  let end = size
  while (end - start > 1) {
    const middle = start + splitOf(end - start)
    if (index < middle) {
      path.unshift({ start: middle, end })
      end = middle
    } else {
      path.unshift({ start, end: middle })
      start = middle
    }
  }
  return path
}

/** The runs whose hashes prove that the log of `older` entries was only added to (RFC 6962, 2.1.2). */
export function consistencyRuns(older: number, newer: number): Run[] {
  if (!(older >= 0 && older <= newer)) throw new RangeError(`no log of ${older} before ${newer}`)
  if (older === 0 || older === newer) return []
  const path: Run[] = []
  let start = 0
  let end = newer
  let whole = true
  while (older !== end) {
    const middle = start + splitOf(end - start)
    if (older <= middle) {
      path.unshift({ start: middle, end })
      end = middle
    } else {
      path.unshift({ start, end: middle })
      start = middle
      whole = false
    }
  }
  return whole ? path : [{ start, end }, ...path]
}

export const inclusionProof = (index: number, size: number, supply: NodeSupplier): Buffer[] =>
  inclusionRuns(index, size).map((run) => hashOf(run, supply))

export const consistencyProof = (older: number, newer: number, supply: NodeSupplier): Buffer[] =>
  consistencyRuns(older, newer).map((run) => hashOf(run, supply))

/** Whether a proof shows the leaf at `index` under the root of `size` entries (RFC 9162, 2.1.3.2). */
export function provesInclusion(proof: {
  leaf: Uint8Array
  index: number
  size: number
  path: readonly Uint8Array[]
  root: Uint8Array
}): boolean {
  if (!Number.isSafeInteger(proof.index) || !Number.isSafeInteger(proof.size)) return false
  if (proof.index < 0 || proof.index >= proof.size) return false
  let at = proof.index
  let last = proof.size - 1
  let hash: Uint8Array = proof.leaf
  for (const step of proof.path) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(step, hash)
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)]
    } else {
      hash = nodeHash(hash, step)
    }
    at = half(at)
    last = half(last)
  }
  return last === 0 && same(hash, proof.root)
}

/** Whether a proof shows that the newer log begins with the whole older one (RFC 9162, 2.1.4.2). */
export function provesConsistency(proof: {
  older: { size: number; root: Uint8Array }
  newer: { size: number; root: Uint8Array }
  path: readonly Uint8Array[]
}): boolean {
  const { older, newer } = proof
  if (!Number.isSafeInteger(older.size) || !Number.isSafeInteger(newer.size)) return false
  if (older.size < 0 || older.size > newer.size) return false
  if (older.size === 0) return proof.path.length === 0 && same(emptyRoot(), older.root)
  if (older.size === newer.size) return proof.path.length === 0 && same(older.root, newer.root)
  const perfect = Number.isInteger(Math.log2(older.size))
  const [first, ...rest] = perfect ? [older.root, ...proof.path] : proof.path
  if (first === undefined) return false
  let at = older.size - 1
  let last = newer.size - 1
  while (at % 2 === 1) [at, last] = [half(at), half(last)]
  let before: Uint8Array = first
  let after: Uint8Array = first
  for (const step of rest) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      before = nodeHash(step, before)
      after = nodeHash(step, after)
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)]
    } else {
      after = nodeHash(after, step)
    }
    at = half(at)
    last = half(last)
  }
  return last === 0 && same(before, older.root) && same(after, newer.root)
}

const half = (value: number): number => Math.floor(value / 2)

const same = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && timingSafeEqual(a, b)
