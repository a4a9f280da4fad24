import { documentAt, type Value } from '../bson/value.js'
import { duplicateKey, entriesOf, type Entry, type Index } from '../indexes/index.js'
import { type Collection, recordBytes, recordKey, recordLength, takeNumber } from './collection.js'
import type { Store } from './store.js'

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

/** A document by its number. */
export function readRecord(
  store: Store,
  collection: Collection,
  record: number,
): Value | undefined {
  const bytes = store.records.getBinary(recordKey(collection, record))
  return bytes && documentAt(bytes)
}

function minus(entries: readonly Entry[], others: readonly Entry[]): readonly Entry[] {
  const keys = new Set(others.map(({ key }) => key.toString('latin1')))
  return entries.filter(({ key }) => !keys.has(key.toString('latin1')))
}

/** The writes of single documents, each with its index entries. All of it only inside a write. */
export class Records {
  readonly #store: Store
  readonly #learned: (collection: Collection) => void

  /** `learned` hears of a collection whose indexes know something more that must be kept on disk. */
  constructor(store: Store, learned: (collection: Collection) => void) {
    this.#store = store
    this.#learned = learned
  }

  /** Throws the duplicate key error, before anything is written. */
  insert(collection: Collection, document: Buffer): void {
    const put = this.#entries(collection, undefined, undefined, documentAt(document))
    const record = takeNumber(this.#store.records, collection)
    this.#store.records.putSync(recordKey(collection, record), document)
    put(record)
    if (collection.state.about !== undefined) collection.state.about++
  }

  /** `touched` names the top-level fields that may differ; without it all may. Throws as `insert` does. */
  replace(
    collection: Collection,
    record: number,
    old: Value,
    next: Buffer,
    touched?: ReadonlySet<string>,
  ): void {
    const put = this.#entries(collection, record, old, documentAt(next), touched)
    this.#store.records.putSync(recordKey(collection, record), next)
    put(record)
  }

  remove(collection: Collection, record: number, old: Value): void {
    const put = this.#entries(collection, record, old, undefined)
    this.#store.records.removeSync(recordKey(collection, record))
    put(record)
    if (collection.state.about !== undefined) collection.state.about--
  }

  /** Checks every unique key of a document that replaces another (either may be missing), and then changes the entries. */
  #entries(
    collection: Collection,
    record: number | undefined,
    old: Value | undefined,
    next: Value | undefined,
    touched?: ReadonlySet<string>,
  ): (record: number) => void {
    const store = this.#store
    const changes: { index: Index; gone: readonly Entry[]; fresh: readonly Entry[] }[] = []
    for (const index of collection.indexes) {
      if (touched && [...index.depends].every((name) => !touched.has(name))) continue
      const had = old ? entriesOf(index, old).entries : []
      const { entries, taught } = next ? entriesOf(index, next) : { entries: [], taught: false }
      if (taught) this.#learned(collection)
      const fresh = old ? minus(entries, had) : entries
      for (const { key, tuple } of index.unique ? fresh : []) {
        const holder = holderOf(store, key)
        if (holder !== undefined && holder !== record)
          throw duplicateKey(collection.namespace, index, tuple)
      }
      changes.push({ index, gone: next ? minus(had, entries) : had, fresh })
    }
    return (number) => {
      for (const { index, gone, fresh } of changes) {
        for (const { key } of gone) store.entries.removeSync(entryKey(index, key, number))
        for (const { key } of fresh) putEntry(store, index, key, number)
      }
    }
  }
}
