import { fieldOf, items, stringOf } from '../bson/read.js'
import { show } from '../bson/show.js'
import { documentAt, T, type Value } from '../bson/value.js'
import { CommandError } from '../errors.js'
import { duplicateKey, type Entry, entriesOf, type Index, learn } from '../indexes/index.js'
import {
  indexFields,
  openIndex,
  readSpec,
  sameExpiry,
  sameFields,
  sameIdentity,
} from '../indexes/index-spec.js'
import { everyDocument, openSearch } from '../indexes/search.js'
import type { Collection } from '../storage/collection.js'
import { putEntry } from '../storage/records.js'
import { listed } from './cursors.js'
import {
  type Call,
  collectionForWrite,
  collectionName,
  type Commands,
  type Engine,
  type Reply,
} from './engine.js'
import { writeConcern } from './options.js'

type Wanted = ReturnType<typeof readSpec>

/** Whether the index is there already. Throws where another stands in its way. */
function exists(collection: Collection, { fields, name, spec }: Wanted): boolean {
  const same = (index: Index): boolean =>
    sameFields(index.fields, fields) && sameIdentity(index.spec, spec)
  const named = collection.indexes.find((index) => index.name === name)
  if (named) {
    const both = `Requested index: ${show(spec)}, existing index: ${show(named.spec)}`
    if (!same(named)) {
      throw new CommandError(
        86,
        `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. ${both}`,
      )
    }
    if (sameExpiry(named.spec, spec)) return true
    throw new CommandError(
      85,
      `An equivalent index already exists with the same name but different options. ${both}`,
    )
  }
  const other = collection.indexes.find(same)
  if (!other) return false
  // The index of `_id` is there under its own name, whatever else it is asked for as.
  if (other === collection.indexes[0]) return true
  throw new CommandError(85, `Index already exists with a different name: ${other.name}`)
}

/**
 * Puts the entries of every document into a new index. All keys of a unique one are checked first;
 * what was put before an error is left for the purge.
 */
function build(engine: Engine, collection: Collection, index: Index): void {
  const seen = new Set<string>()
  const search = openSearch(engine.store, collection, everyDocument)
  const built: { entries: readonly Entry[]; record: number }[] = []
  while (!search.done) {
    for (const { record, document } of search.next(256)) {
      const { entries, learns } = entriesOf(index, document)
      if (learns) learn(index, document)
      for (const { key, tuple } of index.unique ? entries : []) {
        const text = key.toString('latin1')
        if (seen.has(text)) throw duplicateKey(collection.namespace, index, tuple)
        seen.add(text)
      }
      if (index.unique) built.push({ entries, record })
      else for (const { key } of entries) putEntry(engine.store, index, key, record)
    }
  }
  for (const { entries, record } of built) {
    for (const { key } of entries) putEntry(engine.store, index, key, record)
  }
}

function createOne(engine: Engine, collection: Collection, wanted: Wanted): Collection {
  if (exists(collection, wanted)) return collection
  if (collection.indexes.length >= 64)
    throw new CommandError(67, 'add index fails, too many indexes')
  const index = openIndex(engine.catalogue.takeId(), wanted.spec)
  try {
    build(engine, collection, index)
  } catch (error) {
    engine.catalogue.discardId(index.id)
    throw error
  }
  return engine.catalogue.save({ ...collection, indexes: [...collection.indexes, index] })
}

function createIndexes(engine: Engine, call: Call): Promise<Reply> {
  const name = collectionName(call)
  const wanted = call.options.list('indexes').map((spec) => {
    if (spec.type === T.object) return readSpec(spec)
    throw new CommandError(14, "The elements of the 'indexes' array must be objects")
  })
  if (wanted.length === 0) throw new CommandError(2, 'Must specify at least one index to create')
  return engine.store.write((): Reply => {
    const created = engine.catalogue.findForWrite(call.db, name) === undefined
    const before = collectionForWrite(engine, call.db, name)
    const after = createAll(engine, before, wanted)
    return {
      numIndexesBefore: before.indexes.length,
      numIndexesAfter: after.indexes.length,
      createdCollectionAutomatically: created,
      ...(before === after ? { note: 'all indexes already exist' } : {}),
    }
  })
}

/** All or none: where one cannot be built, those before it go again. */
function createAll(engine: Engine, before: Collection, wanted: readonly Wanted[]): Collection {
  let collection = before
  try {
    for (const one of wanted) collection = createOne(engine, collection, one)
    return collection
  } catch (error) {
    for (const index of collection.indexes) {
      if (!before.indexes.includes(index))
        collection = engine.catalogue.dropIndex(collection, index)
    }
    throw error
  }
}

function namesToDrop(collection: Collection, wanted: Value): Index[] {
  const [first] = collection.indexes
  const name = stringOf(wanted)
  if (name === '*') return collection.indexes.slice(1)
  if (wanted.type === T.array) return items(wanted).flatMap((one) => namesToDrop(collection, one))
  const fields = wanted.type === T.object ? indexFields(wanted) : []
  const found = collection.indexes.filter((index) =>
    name === undefined ? sameFields(index.fields, fields) : index.name === name,
  )
  if (found.length === 0) {
    throw new CommandError(
      27,
      name === undefined
        ? `can't find index with key: ${show(wanted)}`
        : `index not found with name [${name}]`,
    )
  }
  if (found.some((index) => index === first)) throw new CommandError(72, 'cannot drop _id index')
  return found
}

function dropIndexes(engine: Engine, call: Call): Promise<Reply> {
  const name = collectionName(call)
  return engine.store.write((): Reply => {
    let collection = engine.catalogue.findForWrite(call.db, name)
    if (!collection) throw new CommandError(26, `ns not found ${call.db}.${name}`)
    const before = collection.indexes.length
    for (const index of namesToDrop(collection, call.options.need('index'))) {
      collection = engine.catalogue.dropIndex(collection, index)
    }
    return { nIndexesWas: before }
  })
}

function listIndexes(engine: Engine, call: Call): Promise<Reply> {
  const collection = engine.catalogue.find(call.db, collectionName(call))
  if (!collection) {
    throw new CommandError(26, `ns does not exist: ${call.db}.${collectionName(call)}`)
  }
  const cursor = call.options.value('cursor')
  const size = cursor && fieldOf(cursor, 'batchSize')
  const batchSize = size ? size.bytes.readInt32LE(size.at) : undefined
  const specs = listed(collection.indexes.map(({ spec }) => documentAt(spec.bytes, spec.at)))
  return engine.cursors.open(call, collection.namespace, specs, { batchSize })
}

/** The commands about indexes. */
export const indexCommands: Commands = {
  createIndexes: {
    fields: { createIndexes: 'text', indexes: 'list', writeConcern },
    run: createIndexes,
  },
  dropIndexes: { fields: { dropIndexes: 'text', index: 'any', writeConcern }, run: dropIndexes },
  listIndexes: { fields: { listIndexes: 'text', cursor: 'object' }, run: listIndexes },
}
