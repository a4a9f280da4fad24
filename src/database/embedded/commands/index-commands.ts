import { show } from '../bson/show.js'
import type { Value } from '../bson/value.js'
import type { Fields } from '../bson/write.js'
import { check, notHere } from '../errors.js'
import { expiryOf, type IndexSpec, openIndex, readSpec, sameIndex } from '../indexes/index-spec.js'
import { duplicateKey, entriesOf, type Index } from '../indexes/index.js'
import { search } from '../indexes/search.js'
import { everything } from '../match/filter.js'
import { type Collection, holderOf, putEntry } from '../storage/records.js'
import { type Call, type Commands, type Engine, namespaceOf } from './engine.js'
import { batchSizeOf, knows, knowsOfWrite } from './options.js'
import { inTime } from './turns.js'

/** Whether the index is there already. Throws where another stands in its way. */
function exists({ indexes }: Collection, wanted: IndexSpec): boolean {
  const named = indexes.find(({ name }) => name === wanted.name)
  const both = `Requested index: ${show(wanted.spec)}, existing index: ${named ? show(named.spec) : ''}`
  if (named) {
    check(sameIndex(named, wanted), 86, `An index of the same name is different. ${both}`)
    const alike = expiryOf(named.spec) === expiryOf(wanted.spec)
    check(alike, 85, `An index with other options exists. ${both}`)
    return true
  }
  // The index of `_id` is there under its own name, whatever else it is asked for as.
  const other = indexes.find((index) => sameIndex(index, wanted))
  check(!other || other === indexes[0], 85, `The index exists with name: ${other?.name ?? ''}`)
  return other !== undefined
}

/** Puts the entries of every document. Throws where a unique one is there already. */
function build({ store }: Engine, { deadline }: Call, collection: Collection, index: Index): void {
  for (const hit of search(store, collection, { filter: everything })) {
    inTime(deadline)
    if (!hit) continue
    for (const { key, tuple } of entriesOf(index, hit).entries) {
      if (index.unique && holderOf(store, key) !== undefined)
        throw duplicateKey(collection.namespace, index, tuple)
      putEntry(store, index, key, hit.record)
    }
  }
}

/** All or none: where one cannot be built, those before it go again. */
function createAll(engine: Engine, call: Call, before: Collection, wanted: IndexSpec[]) {
  const { catalogue } = engine
  let collection = before
  try {
    for (const one of wanted) {
      if (exists(collection, one)) continue
      check(collection.indexes.length < 64, 67, 'add index fails, too many indexes')
      const index = openIndex(catalogue.takeId(), one.spec)
      collection = catalogue.save({ ...collection, indexes: [...collection.indexes, index] })
      build(engine, call, collection, index)
      // With what has been learned of its keys.
      catalogue.save(collection)
    }
    return collection
  } catch (error) {
    for (const index of collection.indexes) {
      if (!before.indexes.includes(index)) collection = catalogue.dropIndex(collection, index)
    }
    throw error
  }
}

function createIndexes(engine: Engine, call: Call): Promise<Fields> {
  const namespace = namespaceOf(call)
  const { catalogue } = engine
  const wanted = call.options.list('indexes').map(readSpec)
  check(wanted.length > 0, 2, 'Must specify at least one index to create')
  return engine.store.write((): Fields => {
    const createdCollectionAutomatically = !catalogue.findForWrite(namespace)
    const before = catalogue.forWrite(namespace)
    const after = createAll(engine, call, before, wanted)
    return {
      numIndexesBefore: before.indexes.length,
      numIndexesAfter: after.indexes.length,
      createdCollectionAutomatically,
      note: before === after ? 'all indexes already exist' : undefined,
    }
  })
}

/** The indexes that are to go: the one of a name, or with `*` all but that of `_id`. */
function named({ indexes: [first, ...rest] }: Collection, wanted: Value): readonly Index[] {
  const name = wanted.text()
  if (name === undefined) throw notHere(238, `dropIndexes by other than a name: ${show(wanted)}`)
  if (name === '*') return rest
  check(name !== first?.name, 72, 'cannot drop _id index')
  const found = rest.filter((index) => name === index.name)
  check(found.length > 0, 27, `index not found with name [${name}]`)
  return found
}

function dropIndexes({ catalogue, store }: Engine, call: Call): Promise<Fields> {
  const namespace = namespaceOf(call)
  return store.write((): Fields => {
    let collection = catalogue.findForWrite(namespace)
    check(collection !== undefined, 26, `ns not found ${namespace}`)
    const nIndexesWas = collection.indexes.length
    for (const index of named(collection, call.options.need('index'))) {
      collection = catalogue.dropIndex(collection, index)
    }
    return { nIndexesWas }
  })
}

function listIndexes(engine: Engine, call: Call): Promise<Fields> {
  const namespace = namespaceOf(call)
  const collection = engine.catalogue.find(namespace)
  check(collection !== undefined, 26, `ns does not exist: ${namespace}`)
  const specs = collection.indexes.map(({ spec }) => spec).values()
  return engine.cursors.open(call, namespace, specs, batchSizeOf(call))
}

/** The commands about indexes. */
export const indexCommands: Commands = {
  createIndexes: {
    known: knowsOfWrite({ text: 'createIndexes', list: 'indexes' }),
    run: createIndexes,
  },
  dropIndexes: {
    known: knowsOfWrite({ text: 'dropIndexes', any: 'index' }),
    run: dropIndexes,
  },
  listIndexes: { known: knows({ text: 'listIndexes', object: 'cursor' }), run: listIndexes },
}
