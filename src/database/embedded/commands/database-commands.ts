import { fieldOf } from '../bson/read.js'
import { documentAt, type Value } from '../bson/value.js'
import { encode, objectValue } from '../bson/write.js'
import { CommandError } from '../errors.js'
import { everything } from '../match/filter.js'
import { compileFilter } from '../match/match.js'
import { parseFilter } from '../match/parse-filter.js'
import { type Collection, countRecords } from '../storage/collection.js'
import { verify } from '../storage/verify.js'
import { amount } from '../aggregate/pipeline.js'
import { listed } from './cursors.js'
import {
  type Call,
  checkName,
  collectionForWrite,
  collectionName,
  type Commands,
  type Engine,
  type Reply,
} from './engine.js'
import { writeConcern } from './options.js'

/** Keeps of some documents those that the `filter` of a command asks for. */
function filtered(call: Call, documents: readonly Value[]): Value[] {
  const filter = call.options.value('filter')
  const matches = compileFilter(filter ? parseFilter(filter) : everything)
  return documents.filter((document) => matches(document))
}

function describe({ name, indexes }: Collection, nameOnly: boolean): Value {
  if (nameOnly) return documentAt(encode({ name, type: 'collection' }))
  return documentAt(
    encode({
      name,
      type: 'collection',
      options: {},
      info: { readOnly: false },
      idIndex: indexes[0]?.spec ?? objectValue([]),
    }),
  )
}

function listCollections(engine: Engine, call: Call): Promise<Reply> {
  const all = engine.catalogue.collections(call.db)
  const shown = filtered(
    call,
    all.map((each) => describe(each, call.options.flag('nameOnly'))),
  )
  const cursor = call.options.value('cursor')
  const size = cursor && fieldOf(cursor, 'batchSize')
  const batchSize = size && amount('batchSize', size, 0)
  return engine.cursors.open(call, `${call.db}.$cmd.listCollections`, listed(shown), { batchSize })
}

function listDatabases(engine: Engine, call: Call): Reply {
  if (call.db !== 'admin')
    throw new CommandError(13, 'listDatabases may only be run against the admin database.')
  const shown = engine.catalogue
    .databases()
    .map((name) => documentAt(encode({ name, empty: false })))
  return { databases: filtered(call, shown) }
}

function create(engine: Engine, call: Call): Promise<Reply> {
  const name = collectionName(call)
  return engine.store.write((): Reply => {
    collectionForWrite(engine, call.db, name)
    return {}
  })
}

function drop(engine: Engine, call: Call): Promise<Reply> {
  const name = collectionName(call)
  return engine.store.write((): Reply => {
    const collection = engine.catalogue.findForWrite(call.db, name)
    // As MongoDB 7 does: what is not there is as good as dropped.
    if (!collection) return {}
    engine.catalogue.drop(collection)
    return { nIndexesWas: collection.indexes.length, ns: collection.namespace }
  })
}

function dropDatabase(engine: Engine, call: Call): Promise<Reply> {
  checkName(call.db, 'any')
  return engine.store.write((): Reply => {
    const all = engine.catalogue.collectionsForWrite(call.db)
    for (const collection of all) engine.catalogue.drop(collection)
    return all.length > 0 ? { dropped: call.db } : {}
  })
}

function dbStats(engine: Engine, call: Call): Reply {
  const all = engine.catalogue.collections(call.db)
  return {
    db: call.db,
    collections: all.length,
    views: 0,
    objects: all.reduce((sum, each) => sum + countRecords(engine.store.records, each), 0),
    indexes: all.reduce((sum, { indexes }) => sum + indexes.length, 0),
  }
}

function validate(engine: Engine, call: Call): Promise<Reply> {
  const name = collectionName(call)
  return engine.store.write((): Reply => {
    const collection = engine.catalogue.findForWrite(call.db, name)
    if (!collection)
      throw new CommandError(26, `Collection '${call.db}.${name}' does not exist to validate.`)
    const { records, keys, errors } = verify(engine.store, collection)
    return {
      ns: collection.namespace,
      nrecords: records,
      nIndexes: collection.indexes.length,
      keysPerIndex: keys,
      valid: errors.length === 0,
      errors,
    }
  })
}

/** The commands about collections and databases as a whole. */
export const databaseCommands: Commands = {
  listCollections: {
    fields: {
      listCollections: 'any',
      filter: 'object',
      nameOnly: 'flag',
      cursor: 'object',
      // There are no users, so everybody is authorized for everything.
      authorizedCollections: 'flag',
    },
    run: listCollections,
  },
  listDatabases: {
    fields: {
      listDatabases: 'any',
      filter: 'object',
      nameOnly: 'flag',
      authorizedDatabases: 'flag',
    },
    run: listDatabases,
  },
  create: { fields: { create: 'text', writeConcern }, run: create },
  drop: { fields: { drop: 'text', writeConcern }, run: drop },
  dropDatabase: { fields: { dropDatabase: 'any', writeConcern }, run: dropDatabase },
  dbStats: { fields: { dbStats: 'any' }, run: dbStats },
  validate: { fields: { validate: 'text', full: 'flag' }, run: validate },
}
