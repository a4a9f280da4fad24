import { documentAt, type Value } from '../bson/value.js'
import { type Entry, duplicateKey, entriesOf, type Index, learn } from '../indexes/index.js'
import { type Collection, recordKey, recordLength, takeNumber } from './collection.js'
import type { Store } from './store.js'

const none = Buffer.alloc(0)

function numberBytes(record: number): Buffer {
  const bytes = Buffer.allocUnsafe(recordLength)
  bytes.writeUIntBE(record, 0, recordLength)
  return bytes
}

/** Where an entry stands: in a unique index under its key alone, else under key and record. */
export function entryKey(index: Index, key: Buffer, record: number): Buffer {
  return index.unique ? key : Buffer.concat([key, numberBytes(record)])
}

/** Puts an entry for a record. Only inside a write. */
export function putEntry(store: Store, index: Index, key: Buffer, record: number): void {
  store.entries.putSync(entryKey(index, key, record), index.unique ? numberBytes(record) : none)
}

/** The record that holds a key of a unique index. */
export function holderOf(store: Store, key: Buffer): number | undefined {
  const found = store.entries.getBinaryFast(key)
  return found?.readUIntBE(0, recordLength)
}

/** What must change in one index. */
interface Change {
  readonly index: Index
  readonly remove: readonly Entry[]
  readonly put: readonly Entry[]
  readonly learns: boolean
}

function minus(entries: readonly Entry[], others: readonly Entry[]): readonly Entry[] {
  const [only] = others
  if (!only) return entries
  if (others.length === 1) return entries.filter(({ key }) => !key.equals(only.key))
  const keys = new Set(others.map(({ key }) => key.toString('latin1')))
  return entries.filter(({ key }) => !keys.has(key.toString('latin1')))
}

/**
 * The changes of all indexes for a document that replaces another (either may be missing), each
 * unique key checked before anything is written. Throws the duplicate key error.
 */
function changesFor(
  store: Store,
  collection: Collection,
  record: number | undefined,
  old: Value | undefined,
  next: Value | undefined,
  touched: ReadonlySet<string> | undefined,
  notify: (index: Index) => void,
): Change[] {
  const changes: Change[] = []
  for (const index of collection.indexes) {
    if (touched && [...index.depends].every((name) => !touched.has(name))) continue
    const had = old ? entriesOf(index, old).entries : []
    const { entries, learns } = next ? entriesOf(index, next) : { entries: [], learns: false }
    const put = minus(entries, had)
    if (index.unique) {
      for (const { key, tuple } of put) {
        const holder = holderOf(store, key)
        if (holder !== undefined && holder !== record) {
          throw duplicateKey(collection.namespace, index, tuple)
        }
      }
    }
    if (learns && next) {
      learn(index, next)
      notify(index)
    }
    changes.push({ index, remove: minus(had, entries), put, learns })
  }
  return changes
}

function apply(store: Store, changes: readonly Change[], record: number): void {
  for (const { index, remove, put } of changes) {
    for (const { key } of remove) store.entries.removeSync(entryKey(index, key, record))
    for (const { key } of put) putEntry(store, index, key, record)
  }
}

/** A document by its number. */
export function readRecord(
  store: Store,
  collection: Collection,
  record: number,
): Value | undefined {
  const bytes = store.records.getBinary(recordKey(collection, record))
  return bytes && documentAt(bytes)
}

/** The writes of single documents, each with its index entries. Only inside a write of the store. */
export interface Records {
  insert(collection: Collection, document: Buffer): number
  /** `touched` names the top-level fields that may differ; without it all may. */
  replace(
    collection: Collection,
    record: number,
    old: Value,
    next: Buffer,
    touched?: ReadonlySet<string>,
  ): void
  remove(collection: Collection, record: number, old: Value): void
}

/** `notify` hears of an index whose `state` has learned something that must be kept on disk. */
export function openRecords(
  store: Store,
  notify: (collection: Collection, index: Index) => void,
): Records {
  const change = (
    collection: Collection,
    record: number | undefined,
    old: Value | undefined,
    next: Value | undefined,
    touched?: ReadonlySet<string>,
  ): Change[] =>
    changesFor(store, collection, record, old, next, touched, (index) => notify(collection, index))
  return {
    insert(collection, document) {
      const changes = change(collection, undefined, undefined, documentAt(document))
      const record = takeNumber(store.records, collection)
      store.records.putSync(recordKey(collection, record), document)
      apply(store, changes, record)
      if (collection.state.about !== undefined) collection.state.about++
      return record
    },
    replace(collection, record, old, next, touched) {
      const changes = change(collection, record, old, documentAt(next), touched)
      store.records.putSync(recordKey(collection, record), next)
      apply(store, changes, record)
    },
    remove(collection, record, old) {
      const changes = change(collection, record, old, undefined)
      store.records.removeSync(recordKey(collection, record))
      apply(store, changes, record)
      if (collection.state.about !== undefined) collection.state.about--
    },
  }
}
