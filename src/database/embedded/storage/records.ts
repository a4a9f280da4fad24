import type { Range } from '../bson/order-key.js'
import { documentAt, T, Value } from '../bson/value.js'
import { duplicateKey, entriesOf, type Entry, type Index } from '../indexes/index.js'
import type { Store } from './store.js'

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
function recordBytes(record: number): Buffer {
  const bytes = Buffer.allocUnsafe(recordLength)
  bytes.writeUIntBE(record, 0, recordLength)
  return bytes
}

/** The key of a record: its collection and its number. */
export function recordKey({ id }: Collection, record: number): Buffer {
  const key = Buffer.allocUnsafe(4 + recordLength)
  key.writeUIntBE(record, key.writeUInt32BE(id, 0), recordLength)
  return key
}

/** The bounds of all records of a collection, or of all entries of an index. */
export const rangeOf = (id: number): Range => ({
  start: idKey(id),
  end: idKey(id + 1),
  single: false,
})

/** How many records a collection has. */
export const countRecords = ({ records }: Store, { id }: Collection): number =>
  records.getKeysCount(rangeOf(id))

const none = Buffer.alloc(0)

/** Where an entry stands: in a unique index under its key alone, else under key and record. */
export const entryKey = (index: Index, key: Buffer, record: number): Buffer =>
  index.unique ? key : Buffer.concat([key, recordBytes(record)])

/** Puts an entry for a record. Only inside a write. */
export const putEntry = (store: Store, index: Index, key: Buffer, record: number): void =>
  store.entries.putSync(entryKey(index, key, record), index.unique ? recordBytes(record) : none)

/** The record that holds a key of a unique index. */
export const holderOf = (store: Store, key: Buffer): number | undefined =>
  store.entries.getBinaryFast(key)?.readUIntBE(0, recordLength)

/** A document of a collection, and where it is. */
export class Hit extends Value {
  readonly record: number

  constructor(record: number, bytes: Buffer) {
    super(T.object, bytes, 0, bytes.readInt32LE(0))
    this.record = record
  }
}

/** A document by its number. */
export function readRecord(store: Store, collection: Collection, record: number): Hit | undefined {
  const bytes = store.records.getBinary(recordKey(collection, record))
  return bytes && new Hit(record, bytes)
}

/** What the writes of documents ask of the catalogue: a collection as it is now, and to keep what was learned. */
interface Collections {
  forWrite(namespace: string): Collection
  save(collection: Collection): void
}

/**
 * The writes of single documents, each with its index entries. All of it only inside a write, and with
 * the collection looked up each time: between two turns of a long write it may have got an index.
 */
export class Records {
  readonly #store: Store
  readonly #collections: Collections

  constructor(store: Store, collections: Collections) {
    this.#store = store
    this.#collections = collections
  }

  /** Makes the collection where there is none. Throws the duplicate key error, before anything is written. */
  insert(namespace: string, document: Buffer): void {
    const collection = this.#collections.forWrite(namespace)
    const put = this.#entries(collection, undefined, documentAt(document))
    const record = takeNumber(this.#store, collection)
    this.#store.records.putSync(recordKey(collection, record), document)
    put(record, 1)
  }

  /** `touched` names the top-level fields that may differ; without it all may. Throws as `insert` does. */
  replace(namespace: string, old: Hit, next: Buffer, touched?: ReadonlySet<string>): void {
    const collection = this.#collections.forWrite(namespace)
    const put = this.#entries(collection, old, documentAt(next), touched)
    this.#store.records.putSync(recordKey(collection, old.record), next)
    put(old.record, 0)
  }

  remove(namespace: string, old: Hit): void {
    const collection = this.#collections.forWrite(namespace)
    const put = this.#entries(collection, old, undefined)
    this.#store.records.removeSync(recordKey(collection, old.record))
    put(old.record, -1)
  }

  /**
   * Checks every unique key of a document that replaces another (either may be missing), and then
   * changes the entries, and the number of records by `more`.
   */
  #entries(
    collection: Collection,
    old: Hit | undefined,
    next: Value | undefined,
    touched?: ReadonlySet<string>,
  ): (record: number, more: number) => void {
    const store = this.#store
    const changes: { index: Index; gone: readonly Entry[]; fresh: readonly Entry[] }[] = []
    for (const index of collection.indexes) {
      if (touched && [...index.depends].every((name) => !touched.has(name))) continue
      const gone = old ? entriesOf(index, old).entries : []
      const { entries, taught } = next ? entriesOf(index, next) : { entries: [], taught: false }
      if (taught) this.#collections.save(collection)
      for (const { key, tuple } of index.unique ? entries : []) {
        const holder = holderOf(store, key)
        if (holder !== undefined && holder !== old?.record)
          throw duplicateKey(collection.namespace, index, tuple)
      }
      const same =
        gone.length === entries.length &&
        gone.every((one, i) => one.key.equals(entries[i]?.key ?? none))
      if (!same) changes.push({ index, gone, fresh: entries })
    }
    return (number, more) => {
      for (const { index, gone, fresh } of changes) {
        for (const { key } of gone) store.entries.removeSync(entryKey(index, key, number))
        for (const { key } of fresh) putEntry(store, index, key, number)
      }
      if (collection.state.about !== undefined) collection.state.about += more
    }
  }
}

/** Takes the next number for a record. Only inside a write. */
function takeNumber({ records }: Store, { id, state }: Collection): number {
  if (state.nextRecord === undefined) {
    const { start, end } = rangeOf(id)
    const [last] = records.getKeys({ start: end, end: start, reverse: true, limit: 1 })
    state.nextRecord = last ? last.readUIntBE(4, recordLength) + 1 : 1
  }
  return state.nextRecord++
}
