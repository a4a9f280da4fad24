import { Binary, type AnyBulkWriteOperation } from 'mongodb'
import type { Connection } from 'mongoose'
import type { Day } from '../clock.js'
import { addMissing, type CollectionPlan } from '../database/database.js'
import type { NodeAddress, StoredNode } from './merkle.js'

/** A run of entries that were given their places at once. */
export interface Segment {
  /** The place of its first entry. */
  from: number
  count: number
  /** The day on which they were given their places. */
  on: Day
  /** What is still to be written down of it; absent once everything is. */
  open?: { entries: readonly string[]; leaves: readonly Buffer[] }
}

/** A signed root as it was put away at the end of a day. */
export interface KeptRoot {
  on: Day
  size: number
  text: string
}

/** Where a log's tree lies. Nothing in it is ever changed once it is finished. */
export interface LedgerStore {
  last(): Promise<Segment | undefined>
  /** False where another segment begins at the same place already. */
  add(segment: Segment): Promise<boolean>
  finish(from: number): Promise<void>
  /** The last segment of the first day on which the log grew beyond a size. */
  endOfDayAfter(size: number): Promise<Segment | undefined>
  addNodes(nodes: readonly StoredNode[]): Promise<void>
  nodes(addresses: readonly NodeAddress[]): Promise<StoredNode[]>
  keepRoot(root: KeptRoot): Promise<void>
  roots(): Promise<KeptRoot[]>
  root(on: Day): Promise<KeptRoot | undefined>
  lastRoot(): Promise<KeptRoot | undefined>
}

/** What a log gives places to, wherever it is kept: entries, each with the leaf that commits to it. */
export interface LedgerEntries {
  /** Entries without a place, oldest first. */
  waiting(limit: number): Promise<readonly { id: string; leaf: Buffer }[]>
  /** Notes the places that entries were given, `first` and those behind it. May be told again. */
  placed(ids: readonly string[], first: number): Promise<void>
  /** Entries by place; without a leaf where an erasure has destroyed the salt. */
  from(place: number, limit: number): Promise<readonly { place: number; leaf?: Buffer }[]>
}

interface SegmentDocument {
  _id: number
  count: number
  on: Day
  open?: { entries: string[]; leaves: Binary }
}
interface NodeDocument {
  _id: string
  hash: Binary
}
interface RootDocument {
  _id: Day
  size: number
  text: string
}

const namesOf = (log: string) => ({
  segments: `log_${log}_segments`,
  nodes: `log_${log}_nodes`,
  roots: `log_${log}_roots`,
})

/** The collections of one log; each log has its own. */
export const ledgerCollections = (log: string): readonly CollectionPlan[] => {
  const names = namesOf(log)
  return [
    { collection: names.segments, indexes: [{ key: { on: 1, _id: 1 } }] },
    { collection: names.nodes, indexes: [] },
    { collection: names.roots, indexes: [] },
  ]
}

const hashLength = 32

const segmentOf = ({ _id, count, on, open }: SegmentDocument): Segment => ({
  from: _id,
  count,
  on,
  ...(open ? { open: { entries: open.entries, leaves: cut(open.leaves) } } : {}),
})

function cut({ buffer }: Binary): Buffer[] {
  const bytes = Buffer.from(buffer)
  return Array.from({ length: bytes.length / hashLength }, (_, at) =>
    bytes.subarray(at * hashLength, (at + 1) * hashLength),
  )
}

const nodeId = ({ level, index }: NodeAddress): string => `${level}/${index}`

function nodeOf({ _id, hash }: NodeDocument): StoredNode {
  const [level = 0, index = 0] = _id.split('/').map(Number)
  return { level, index, hash: Buffer.from(hash.buffer) }
}

const rootOf = ({ _id, size, text }: RootDocument): KeptRoot => ({ on: _id, size, text })

export function createLedgerStore(connection: Connection, log: string): LedgerStore {
  const names = namesOf(log)
  const segments = connection.collection<SegmentDocument>(names.segments)
  const nodes = connection.collection<NodeDocument>(names.nodes)
  const roots = connection.collection<RootDocument>(names.roots)

  return {
    async last() {
      const [found] = await segments.find().sort({ _id: -1 }).limit(1).toArray()
      return found && segmentOf(found)
    },
    async add({ from, count, on, open }) {
      const held = open && {
        entries: [...open.entries],
        leaves: new Binary(Buffer.concat(open.leaves)),
      }
      const segment = { _id: from, count, on, ...(held ? { open: held } : {}) }
      return addMissing(segments.insertOne(segment))
    },
    async finish(from) {
      await segments.updateOne({ _id: from }, { $unset: { open: 1 } })
    },
    async endOfDayAfter(size) {
      const [first] = await segments
        .find({ _id: { $gte: size } })
        .sort({ _id: 1 })
        .limit(1)
        .toArray()
      if (!first) return undefined
      const [end] = await segments.find({ on: first.on }).sort({ _id: -1 }).limit(1).toArray()
      return end && segmentOf(end)
    },
    async addNodes(many) {
      const writes = many.map((node): AnyBulkWriteOperation<NodeDocument> => {
        const document = { _id: nodeId(node), hash: new Binary(node.hash) }
        return { insertOne: { document } }
      })
      // The same leaves give the same nodes: what a sealer before has written stays.
      await addMissing(nodes.bulkWrite(writes, { ordered: false }))
    },
    async nodes(addresses) {
      const found = await nodes.find({ _id: { $in: addresses.map(nodeId) } }).toArray()
      return found.map(nodeOf)
    },
    async keepRoot({ on, size, text }) {
      await roots.updateOne({ _id: on }, { $setOnInsert: { size, text } }, { upsert: true })
    },
    roots: async () => (await roots.find().sort({ _id: 1 }).toArray()).map(rootOf),
    async root(on) {
      const found = await roots.findOne({ _id: on })
      return found ? rootOf(found) : undefined
    },
    async lastRoot() {
      const [found] = await roots.find().sort({ _id: -1 }).limit(1).toArray()
      return found && rootOf(found)
    },
  }
}
