import { leafHash, nodesFor, rootOf, type StoredNode } from '../audit/audit.js'

/** One place in a body's log: which entry lies there, and what the tree holds of it. */
export interface Leaf {
  entry: string
  /** The hash over the entry's commitment, base64. */
  hash: string
}

/** The right edge of a log: what is needed to add to it. Full tiles have been put away. */
export interface LogHead {
  size: number
  /** Leaves that lie in no tile yet, the youngest ones. */
  open: readonly Leaf[]
  /** The entries that were added last: a crash may have left them marked as waiting. */
  last: readonly string[]
  /** The perfect subtrees that the log is made of, from left to right. */
  peaks: readonly { level: number; index: number; hash: string }[]
}

export const tileSize = 128

export const emptyHead: LogHead = { size: 0, open: [], last: [], peaks: [] }

const keyOf = (level: number, index: number): string => `${level}/${index}`

/** Looks nodes up among those given, and throws for one that is not there. */
function supplyFrom(nodes: readonly StoredNode[]) {
  const known = new Map(nodes.map(({ level, index, hash }) => [keyOf(level, index), hash]))
  return (level: number, index: number): Buffer => {
    const hash = known.get(keyOf(level, index))
    if (!hash) throw new RangeError(`no node ${level}/${index}`)
    return hash
  }
}

const peaksOf = (head: LogHead): StoredNode[] =>
  head.peaks.map(({ level, index, hash }) => ({ level, index, hash: Buffer.from(hash, 'base64') }))

/** The head once entries have joined the log, in their order. `commitments` are theirs, by entry. */
export function grown(
  head: LogHead,
  entries: readonly { entry: string; commitment: Uint8Array }[],
): LogHead {
  const hashes = entries.map(({ commitment }) => leafHash(commitment))
  const peaks = peaksOf(head)
  const nodes = [...peaks, ...nodesFor(head.size, hashes, supplyFrom(peaks))]
  const size = head.size + entries.length
  const wanted = perfectTrees(size)
  return {
    size,
    open: [
      ...head.open,
      ...entries.map(({ entry }, n) => ({ entry, hash: hashes[n]?.toString('base64') ?? '' })),
    ],
    last: entries.map(({ entry }) => entry),
    peaks: nodes
      .filter(({ level, index }) => wanted.has(keyOf(level, index)))
      .map(({ level, index, hash }) => ({ level, index, hash: hash.toString('base64') })),
  }
}

/** The addresses of the perfect subtrees of a log: one for each binary digit of its size. */
function perfectTrees(size: number): Set<string> {
  const found = new Set<string>()
  let start = 0
  for (let level = Math.floor(Math.log2(size || 1)); level >= 0; level -= 1) {
    const width = 2 ** level
    if (start + width > size) continue
    found.add(keyOf(level, start / width))
    start += width
  }
  return found
}

export const rootOfHead = (head: LogHead): Buffer => rootOf(head.size, supplyFrom(peaksOf(head)))

/** A supplier of every node of a log, from all its leaves. */
export const treeOver = (leaves: readonly Leaf[]) =>
  supplyFrom(
    nodesFor(
      0,
      leaves.map(({ hash }) => Buffer.from(hash, 'base64')),
      () => {
        throw new RangeError('a log is read from its beginning')
      },
    ),
  )
