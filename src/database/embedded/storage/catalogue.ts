import { isTrue } from '../bson/arithmetic.js'
import { fieldOf, items, stringOf } from '../bson/read.js'
import { documentAt, numberOf, T, type Value } from '../bson/value.js'
import { encode } from '../bson/write.js'
import { openIndex } from '../indexes/index-spec.js'
import type { Index } from '../indexes/index.js'
import { type Collection, idKey, rangeOf } from './collection.js'
import type { Table } from './store.js'

type View = ReadonlyMap<string, ReadonlyMap<string, Collection>>

/**
 * Which collections and indexes there are. Readers see what is committed; a write sees its own
 * changes at once, and they become everybody's with the commit.
 */
export class Catalogue {
  readonly #table: Table
  readonly #dropping: { readonly state: { dropped: boolean } }[] = []
  #committed: View
  #working: View

  constructor(table: Table) {
    this.#table = table
    this.#committed = load(table)
    this.#working = this.#committed
  }

  /** For readers. */
  find(db: string, name: string): Collection | undefined {
    return this.#committed.get(db)?.get(name)
  }

  /** Inside a write. */
  findForWrite(db: string, name: string): Collection | undefined {
    return this.#working.get(db)?.get(name)
  }

  collectionsForWrite(db: string): Collection[] {
    return [...(this.#working.get(db)?.values() ?? [])]
  }

  databases(): string[] {
    return [...this.#committed.keys()].sort()
  }

  collections(db: string): Collection[] {
    const found = [...(this.#committed.get(db)?.values() ?? [])]
    return found.sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  committed(): void {
    for (const each of this.#dropping.splice(0)) each.state.dropped = true
    this.#committed = this.#working
  }

  /**
   * After a transaction that was undone, what is in memory may be ahead of the disk: everything is
   * read again, and queries under way on what was there before are stopped.
   */
  undone(): void {
    this.#dropping.length = 0
    for (const collection of all(this.#committed)) collection.state.dropped = true
    this.#committed = load(this.#table)
    this.#working = this.#committed
  }

  /** The number for a new collection or index, never given twice. Only inside a write. */
  takeId(): number {
    const key = Buffer.from('next')
    const id = this.#table.getBinary(key)?.readUInt32BE(0) ?? 1
    this.#table.putSync(key, idKey(id + 1))
    return id
  }

  /** Writes a collection down as it now is. Only inside a write. */
  save(collection: Collection): Collection {
    this.#table.putSync(collectionKey(collection.id), encodeCollection(collection))
    this.#keep(collection)
    return collection
  }

  /** Makes a collection, with its index of `_id`. Only inside a write. */
  create(db: string, name: string): Collection {
    const id = this.takeId()
    const spec = documentAt(encode({ v: 2, key: { _id: 1 }, name: '_id_' }))
    return this.save({
      id,
      db,
      name,
      namespace: `${db}.${name}`,
      indexes: [openIndex(this.takeId(), spec)],
      state: { nextRecord: undefined, about: undefined, dropped: false },
    })
  }

  /** Forgets a collection; what it holds is purged later. Only inside a write. */
  drop(collection: Collection): void {
    this.#table.removeSync(collectionKey(collection.id))
    this.#table.putSync(garbageKey('r', collection.id), none)
    for (const index of collection.indexes) this.#discard(index)
    this.#dropping.push(collection)
    const rest = new Map(this.#working.get(collection.db))
    rest.delete(collection.name)
    this.#setDatabase(collection.db, rest)
  }

  /** Forgets an index. Only inside a write. */
  dropIndex(collection: Collection, index: Index): Collection {
    this.#discard(index)
    return this.save({
      ...collection,
      indexes: collection.indexes.filter((each) => each !== index),
    })
  }

  /** Marks the entries of an index, built or half built, to be purged. Only inside a write. */
  #discard(index: Index): void {
    this.#dropping.push(index)
    this.discardId(index.id)
  }

  discardId(id: number): void {
    this.#table.putSync(garbageKey('i', id), none)
  }

  #garbage(): Buffer | undefined {
    const [key] = this.#table.getKeys({ start: Buffer.from('g'), end: Buffer.from('h'), limit: 1 })
    return key
  }

  hasGarbage(): boolean {
    return this.#garbage() !== undefined
  }

  /** Removes some of what was dropped. Only inside a write. */
  purge(records: Table, entries: Table, limit: number): void {
    const key = this.#garbage()
    if (!key) return
    const table = key[1] === 'r'.charCodeAt(0) ? records : entries
    const found = [...table.getKeys({ ...rangeOf(key.readUInt32BE(2)), limit })]
    for (const each of found) table.removeSync(each)
    if (found.length < limit) this.#table.removeSync(key)
  }

  #keep(collection: Collection): void {
    const others = new Map(this.#working.get(collection.db))
    this.#setDatabase(collection.db, others.set(collection.name, collection))
  }

  #setDatabase(db: string, collections: ReadonlyMap<string, Collection>): void {
    const databases = new Map(this.#working)
    if (collections.size === 0) databases.delete(db)
    else databases.set(db, collections)
    this.#working = databases
  }
}

const none = Buffer.alloc(0)

const collectionKey = (id: number): Buffer => Buffer.concat([Buffer.from('c'), idKey(id)])

const garbageKey = (kind: 'r' | 'i', id: number): Buffer =>
  Buffer.concat([Buffer.from(`g${kind}`), idKey(id)])

function* all(view: View): Generator<Collection> {
  for (const collections of view.values()) yield* collections.values()
}

function encodeCollection({ id, db, name, indexes }: Collection): Buffer {
  return encode({
    id,
    db,
    name,
    indexes: indexes.map((index) => ({
      id: index.id,
      spec: index.spec,
      multikey: index.state.multikey,
      inexact: index.state.inexact,
    })),
  })
}

function decodeIndex(saved: Value): Index {
  const spec = fieldOf(saved, 'spec')
  const multikey = fieldOf(saved, 'multikey')
  if (!spec || !multikey)
    throw new TypeError('the catalogue holds an index without its specification')
  return openIndex(numberIn(saved, 'id'), spec, {
    multikey: items(multikey).map(isTrue),
    inexact: isTrue(fieldOf(saved, 'inexact')),
  })
}

function decodeCollection(bytes: Buffer): Collection {
  const saved = documentAt(bytes)
  const db = stringOf(fieldOf(saved, 'db')) ?? ''
  const name = stringOf(fieldOf(saved, 'name')) ?? ''
  const indexes = fieldOf(saved, 'indexes')
  return {
    id: numberIn(saved, 'id'),
    db,
    name,
    namespace: `${db}.${name}`,
    indexes: indexes?.type === T.array ? items(indexes).map(decodeIndex) : [],
    state: { nextRecord: undefined, about: undefined, dropped: false },
  }
}

const numberIn = (document: Value, name: string): number => {
  const value = fieldOf(document, name)
  return value ? numberOf(value) : 0
}

function load(table: Table): View {
  const view = new Map<string, Map<string, Collection>>()
  for (const { value } of table.getRange({ start: Buffer.from('c\0'), end: Buffer.from('d') })) {
    const collection = decodeCollection(value)
    const others = view.get(collection.db) ?? new Map<string, Collection>()
    view.set(collection.db, others.set(collection.name, collection))
  }
  return view
}
