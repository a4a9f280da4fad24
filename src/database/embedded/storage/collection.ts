import type { Index } from '../indexes/index.js'
import type { Table } from './store.js'

/** A collection as the catalogue has it at one moment; `state` is shared by all its moments. */
export interface Collection {
  readonly id: number
  readonly db: string
  readonly name: string
  readonly namespace: string
  /** The first is the index of `_id`. */
  readonly indexes: readonly Index[]
  readonly state: {
    /** The number of the next record; nothing until it is needed. */
    nextRecord?: number
    /** About how many records there are, for the planner; nothing until it is needed. */
    about?: number
    dropped: boolean
  }
}

/** The number of a record is six bytes, big end first, so that records lie in the order of insertion. */
export const recordLength = 6

/** Four bytes: where everything of a collection or an index begins. */
export function idKey(id: number): Buffer {
  const key = Buffer.allocUnsafe(4)
  key.writeUInt32BE(id, 0)
  return key
}

/** The number of a record as bytes. */
export function recordBytes(record: number): Buffer {
  const bytes = Buffer.allocUnsafe(recordLength)
  bytes.writeUIntBE(record, 0, recordLength)
  return bytes
}

/** The key of a record: its collection and its number. */
export const recordKey = ({ id }: Collection, record: number): Buffer =>
  Buffer.concat([idKey(id), recordBytes(record)])

/** The bounds of all records of a collection, or of all entries of an index. */
export const rangeOf = (id: number): { start: Buffer; end: Buffer } => ({
  start: idKey(id),
  end: idKey(id + 1),
})

/** How many records a collection has. */
export const countRecords = (records: Table, { id }: Collection): number =>
  records.getKeysCount(rangeOf(id))

/** About how many, without counting each time. */
export const aboutHowMany = (records: Table, collection: Collection): number =>
  (collection.state.about ??= countRecords(records, collection))

/** Takes the next number for a record. Only inside a write. */
export function takeNumber(records: Table, { id, state }: Collection): number {
  if (state.nextRecord === undefined) {
    const { start, end } = rangeOf(id)
    const [last] = records.getKeys({ start: end, end: start, reverse: true, limit: 1 })
    state.nextRecord = last ? last.readUIntBE(4, recordLength) + 1 : 1
  }
  return state.nextRecord++
}
