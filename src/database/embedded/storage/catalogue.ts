import { isTrue } from '../bson/numbers.js'
import { documentAt, type Value } from '../bson/value.js'
import { encode, missing } from '../bson/write.js'
import { openIndex } from '../indexes/index-spec.js'
import type { Index } from '../indexes/index.js'
import { type Collection, idKey, rangeOf } from './records.js'
import type { Store, Table } from './store.js'

/** The collections by their namespace. */
type View = ReadonlyMap<string, Collection>

/** A namespace taken apart: names of databases have no dot. */
const named = (namespace: string): Pick<Collection, 'namespace' | 'db' | 'name'> => {
  const dot = namespace.indexOf('.')
  return { namespace, db: namespace.slice(0, dot), name: namespace.slice(dot + 1) }
}

const ofDatabase = (view: View, db: string): Collection[] =>
  [...view.values()].filter((each) => each.db === db).sort((a, b) => (a.name < b.name ? -1 : 1))

/**
 * Which collections and indexes there are. Readers see what is committed; a write sees its own
 * changes at once, and they become everybody's with the commit.
 */
export class Catalogue {
  readonly #store: Store
  readonly #dropping: { readonly state: { dropped: boolean } }[] = []
  #committed: View
  #working: View
  /** How often what is written down here had changed when it was read. */
  #changes: number

  constructor(store: Store) {
    this.#store = store
    this.#changes = numberAt(store, changesKey)
    this.#committed = load(store)
    this.#working = this.#committed
  }

  /** For a reader beside the writer: what is found from now on is what is committed now. */
  refresh(): void {
    this.#store.refresh()
    const changes = numberAt(this.#store, changesKey)
    if (changes === this.#changes) return
    this.#changes = changes
    this.#committed = load(this.#store)
  }

  find(namespace: string): Collection | undefined {
    return this.#committed.get(namespace)
  }

  /** Inside a write. */
  findForWrite(namespace: string): Collection | undefined {
    return this.#working.get(namespace)
  }

  /** The collection that a write goes to, made with its index of `_id` where there is none. Only inside a write. */
  forWrite(namespace: string): Collection {
    const found = this.#working.get(namespace)
    if (found) return found
    const id = this.takeId()
    const spec = encode({ v: 2, key: { _id: 1 }, name: '_id_' })
    const indexes = [openIndex(this.takeId(), spec)]
    return this.save({ id, ...named(namespace), indexes, state: { dropped: false } })
  }

  databases(): string[] {
    return [...new Set([...this.#committed.values()].map(({ db }) => db))].sort()
  }

  collections(db: string): Collection[] {
    return ofDatabase(this.#committed, db)
  }

  /** Inside a write. */
  collectionsForWrite(db: string): Collection[] {
    return ofDatabase(this.#working, db)
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
    for (const { state } of this.#committed.values()) state.dropped = true
    this.#committed = load(this.#store)
    this.#working = this.#committed
  }

  /** The number for a new collection or index, never given twice. Only inside a write. */
  takeId(): number {
    const id = numberAt(this.#store, nextKey) || 1
    this.#store.catalogue.putSync(nextKey, idKey(id + 1))
    return id
  }

  /** Writes a collection down as it now is. Only inside a write. */
  save(collection: Collection): Collection {
    this.#store.catalogue.putSync(collectionKey(collection), encodeCollection(collection))
    this.#changed()
    this.#working = new Map(this.#working).set(collection.namespace, collection)
    return collection
  }

  /** Removes a collection and all that is in it. Only inside a write. */
  drop(collection: Collection): void {
    this.#store.catalogue.removeSync(collectionKey(collection))
    this.#changed()
    clear(this.#store.records, collection.id)
    for (const index of collection.indexes) clear(this.#store.entries, index.id)
    this.#dropping.push(collection, ...collection.indexes)
    const rest = [...this.#working].filter(([namespace]) => namespace !== collection.namespace)
    this.#working = new Map(rest)
  }

  /** Removes an index with its entries. Only inside a write. */
  dropIndex(collection: Collection, index: Index): Collection {
    clear(this.#store.entries, index.id)
    this.#dropping.push(index)
    const indexes = collection.indexes.filter((each) => each !== index)
    return this.save({ ...collection, indexes })
  }

  /** Tells readers in other threads. */
  #changed(): void {
    const changes = (numberAt(this.#store, changesKey) + 1) >>> 0
    this.#store.catalogue.putSync(changesKey, idKey(changes))
  }
}

// Collections lie under keys that begin with `c`.
const [nextKey, changesKey] = [Buffer.from('next'), Buffer.from('revision')]

/** A number that is written down beside the collections; 0 where it is not. */
const numberAt = ({ catalogue }: Store, key: Buffer): number =>
  catalogue.getBinaryFast(key)?.readUInt32BE(0) ?? 0

function clear(table: Table, id: number): void {
  for (const key of [...table.getKeys(rangeOf(id))]) table.removeSync(key)
}

const collectionKey = ({ id }: Collection): Buffer => Buffer.concat([Buffer.from('c'), idKey(id)])

function encodeCollection({ id, db, name, indexes }: Collection): Buffer {
  const saved = indexes.map(({ id: index, spec, state: { multikey, inexact } }) => ({
    id: index,
    spec,
    multikey,
    inexact,
  }))
  return encode({ id, db, name, indexes: saved }).copy()
}

const part = (document: Value, name: string): Value => document.field(name) ?? missing

function decodeCollection(bytes: Buffer): Collection {
  const saved = documentAt(bytes)
  const [db = '', name = ''] = [part(saved, 'db').text(), part(saved, 'name').text()]
  const indexes = part(saved, 'indexes')
    .items()
    .map((index) =>
      openIndex(part(index, 'id').number(), part(index, 'spec'), {
        multikey: part(index, 'multikey').items().map(isTrue),
        inexact: isTrue(part(index, 'inexact')),
      }),
    )
  const id = part(saved, 'id').number()
  return { id, ...named(`${db}.${name}`), indexes, state: { dropped: false } }
}

function load({ catalogue }: Store): View {
  const saved = catalogue.getRange({ start: Buffer.from('c\0'), end: Buffer.from('d') })
  const all = [...saved].map(({ value }) => decodeCollection(value))
  return new Map(all.map((collection) => [collection.namespace, collection]))
}
