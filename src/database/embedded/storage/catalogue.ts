import { isTrue } from '../bson/arithmetic.js'
import { fieldOf, items, stringOf } from '../bson/read.js'
import { copyBytes, documentAt, numberOf, type Value } from '../bson/value.js'
import { encode, missing, objectValue } from '../bson/write.js'
import { openIndex } from '../indexes/index-spec.js'
import type { Index } from '../indexes/index.js'
import { type Collection, idKey, rangeOf } from './collection.js'
import type { Store } from './store.js'

type View = ReadonlyMap<string, ReadonlyMap<string, Collection>>

/**
 * Which collections and indexes there are. Readers see what is committed; a write sees its own
 * changes at once, and they become everybody's with the commit.
 */
export class Catalogue {
  readonly #store: Store
  readonly #dropping: { readonly state: { dropped: boolean } }[] = []
  #committed: View
  #working: View

  constructor(store: Store) {
    this.#store = store
    this.#committed = load(store)
    this.#working = this.#committed
  }

  find(db: string, name: string): Collection | undefined {
    return this.#committed.get(db)?.get(name)
  }

  /** Inside a write. */
  findForWrite(db: string, name: string): Collection | undefined {
    return this.#working.get(db)?.get(name)
  }

  databases(): string[] {
    return [...this.#committed.keys()].sort()
  }

  collections(db: string): Collection[] {
    return sorted(this.#committed.get(db))
  }

  /** Inside a write. */
  collectionsForWrite(db: string): Collection[] {
    return sorted(this.#working.get(db))
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
    for (const collections of this.#committed.values()) {
      for (const { state } of collections.values()) state.dropped = true
    }
    this.#committed = load(this.#store)
    this.#working = this.#committed
  }

  /** The number for a new collection or index, never given twice. Only inside a write. */
  takeId(): number {
    const key = Buffer.from('next')
    const id = this.#store.catalogue.getBinary(key)?.readUInt32BE(0) ?? 1
    this.#store.catalogue.putSync(key, idKey(id + 1))
    return id
  }

  /** Writes a collection down as it now is. Only inside a write. */
  save(collection: Collection): Collection {
    this.#store.catalogue.putSync(collectionKey(collection), encodeCollection(collection))
    const others = new Map(this.#working.get(collection.db))
    this.#setDatabase(collection.db, others.set(collection.name, collection))
    return collection
  }

  /** Makes a collection, with its index of `_id`. Only inside a write. */
  create(db: string, name: string): Collection {
    const id = this.takeId()
    const spec = encode({ v: 2, key: { _id: 1 }, name: '_id_' })
    const indexes = [openIndex(this.takeId(), spec)]
    return this.save({
      id,
      db,
      name,
      namespace: `${db}.${name}`,
      indexes,
      state: { dropped: false },
    })
  }

  /** Removes a collection and all that is in it. Only inside a write. */
  drop(collection: Collection): void {
    const { catalogue, records } = this.#store
    catalogue.removeSync(collectionKey(collection))
    for (const key of [...records.getKeys(rangeOf(collection.id))]) records.removeSync(key)
    for (const index of collection.indexes) this.clearIndex(index)
    this.#dropping.push(collection)
    const rest = new Map(this.#working.get(collection.db))
    rest.delete(collection.name)
    this.#setDatabase(collection.db, rest)
  }

  /** Removes an index with its entries. Only inside a write. */
  dropIndex(collection: Collection, index: Index): Collection {
    this.clearIndex(index)
    const indexes = collection.indexes.filter((each) => each !== index)
    return this.save({ ...collection, indexes })
  }

  /** Removes the entries of an index, built or half built. Only inside a write. */
  clearIndex(index: Index): void {
    const { entries } = this.#store
    for (const key of [...entries.getKeys(rangeOf(index.id))]) entries.removeSync(key)
    this.#dropping.push(index)
  }

  #setDatabase(db: string, collections: ReadonlyMap<string, Collection>): void {
    const databases = new Map(this.#working)
    if (collections.size === 0) databases.delete(db)
    else databases.set(db, collections)
    this.#working = databases
  }
}

const sorted = (collections: ReadonlyMap<string, Collection> | undefined): Collection[] =>
  [...(collections?.values() ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1))

const collectionKey = ({ id }: Collection): Buffer => Buffer.concat([Buffer.from('c'), idKey(id)])

function encodeCollection({ id, db, name, indexes }: Collection): Buffer {
  const saved = indexes.map(({ id: index, spec, state: { multikey, inexact } }) => ({
    id: index,
    spec,
    multikey,
    inexact,
  }))
  return copyBytes(encode({ id, db, name, indexes: saved }))
}

const part = (document: Value, name: string): Value => fieldOf(document, name) ?? missing

function decodeIndex(saved: Value): Index {
  const multikey = items(part(saved, 'multikey')).map(isTrue)
  const spec = fieldOf(saved, 'spec') ?? objectValue([])
  return openIndex(numberOf(part(saved, 'id')), spec, {
    multikey,
    inexact: isTrue(fieldOf(saved, 'inexact')),
  })
}

function decodeCollection(bytes: Buffer): Collection {
  const saved = documentAt(bytes)
  const [db = '', name = ''] = [part(saved, 'db'), part(saved, 'name')].map(stringOf)
  const indexes = items(part(saved, 'indexes')).map(decodeIndex)
  return {
    id: numberOf(part(saved, 'id')),
    db,
    name,
    namespace: `${db}.${name}`,
    indexes,
    state: { dropped: false },
  }
}

function load({ catalogue }: Store): View {
  const view = new Map<string, Map<string, Collection>>()
  for (const { value } of catalogue.getRange({
    start: Buffer.from('c\0'),
    end: Buffer.from('d'),
  })) {
    const collection = decodeCollection(value)
    const others = view.get(collection.db) ?? new Map<string, Collection>()
    view.set(collection.db, others.set(collection.name, collection))
  }
  return view
}
