import type { Value } from '../bson/value.js'
import { encode, type Fields } from '../bson/write.js'
import { check } from '../errors.js'
import { compileFilter } from '../match/filter.js'
import { parseFilter } from '../match/parse-filter.js'
import { type Collection, countRecords } from '../storage/records.js'
import { largestDocument } from '../update/apply.js'
import { sessionOf } from './cursors.js'
import { type Call, type Command, type Commands, type Engine, namespaceOf } from './engine.js'
import { batchSizeOf, knows, knowsOfWrite } from './options.js'

/** The largest message that is read, as MongoDB has it. */
export const largestMessage = 48_000_000

/**
 * A standalone without transactions. The wire version is that of MongoDB 7.0: from 8.0 on clients
 * send `bulkWrite`, and with a topology version they would wait for a stream of replies.
 */
const hello: Command = {
  // Who the client is and what it could do: as in MongoDB, what is not known of that is passed over.
  known: 'all',
  run: ({ clock }, { name, connection }) => ({
    helloOk: true,
    [name === 'hello' ? 'isWritablePrimary' : 'ismaster']: true,
    maxBsonObjectSize: largestDocument,
    maxMessageSizeBytes: largestMessage,
    maxWriteBatchSize: 100_000,
    localTime: clock.now(),
    logicalSessionTimeoutMinutes: 30,
    connectionId: connection,
    minWireVersion: 0,
    maxWireVersion: 21,
    readOnly: false,
  }),
}

function endSessions({ cursors }: Engine, { name, options }: Call) {
  for (const lsid of options.need(name).items()) cursors.closeAll(sessionOf(lsid) ?? '')
  return {}
}

/** Keeps of some documents those that the `filter` of a command asks for. */
function filtered({ options }: Call, documents: readonly Value[]): Value[] {
  const matches = compileFilter(parseFilter(options.value('filter')))
  return documents.filter((document) => matches(document))
}

function describe({ name, indexes }: Collection, nameOnly: boolean): Value {
  const more = { options: {}, info: { readOnly: false }, idIndex: indexes[0]?.spec }
  return encode({ name, type: 'collection', ...(nameOnly ? {} : more) })
}

function listCollections({ catalogue, cursors }: Engine, call: Call): Promise<Fields> {
  const nameOnly = call.options.flag('nameOnly')
  const all = catalogue.collections(call.db).map((each) => describe(each, nameOnly))
  const results = filtered(call, all).values()
  return cursors.open(call, `${call.db}.$cmd.listCollections`, results, batchSizeOf(call))
}

function listDatabases({ catalogue }: Engine, call: Call): Fields {
  check(call.db === 'admin', 13, 'listDatabases may only be run against the admin database.')
  const all = catalogue.databases().map((name) => encode({ name, empty: false }))
  return { databases: filtered(call, all) }
}

/** As MongoDB 7 does: to create what is there is as good as done. */
async function create({ catalogue, store }: Engine, call: Call): Promise<Fields> {
  const namespace = namespaceOf(call)
  await store.write(() => catalogue.forWrite(namespace))
  return {}
}

/** As MongoDB 7 does: what is not there is as good as dropped. */
function drop({ catalogue, store }: Engine, call: Call): Promise<Fields> {
  const namespace = namespaceOf(call)
  return store.write((): Fields => {
    const collection = catalogue.findForWrite(namespace)
    if (!collection) return {}
    catalogue.drop(collection)
    return { nIndexesWas: collection.indexes.length, ns: namespace }
  })
}

function dropDatabase({ catalogue, store }: Engine, { db }: Call): Promise<Fields> {
  return store.write((): Fields => {
    const all = catalogue.collectionsForWrite(db)
    for (const collection of all) catalogue.drop(collection)
    return all.length > 0 ? { dropped: db } : {}
  })
}

function dbStats({ catalogue, store }: Engine, { db }: Call): Fields {
  const all = catalogue.collections(db)
  const objects = all.reduce((sum, each) => sum + countRecords(store, each), 0)
  const indexes = all.reduce((sum, each) => sum + each.indexes.length, 0)
  return { db, collections: all.length, views: 0, objects, indexes }
}

/** The commands about the server, its databases and collections. There are no users: everybody may see everything. */
export const serverCommands: Commands = {
  hello,
  isMaster: hello,
  ismaster: hello,
  ping: { known: knows({ any: 'ping' }), run: () => ({}) },
  buildInfo: {
    known: knows({ any: 'buildInfo' }),
    run: () => ({
      version: '7.0.0',
      versionArray: [7, 0, 0, 0],
      gitVersion: 'embedded',
      modules: [],
      storageEngines: ['embedded'],
      maxBsonObjectSize: largestDocument,
    }),
  },
  connectionStatus: {
    known: knows({ any: 'connectionStatus', flag: 'showPrivileges' }),
    run: () => ({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] } }),
  },
  endSessions: { known: knows({ list: 'endSessions' }), run: endSessions },
  killSessions: { known: knows({ list: 'killSessions' }), run: endSessions },
  listCollections: {
    known: knows({
      any: 'listCollections',
      object: 'filter cursor',
      flag: 'nameOnly authorizedCollections',
    }),
    run: listCollections,
  },
  listDatabases: {
    known: knows({ any: 'listDatabases', object: 'filter', flag: 'nameOnly authorizedDatabases' }),
    run: listDatabases,
  },
  create: { known: knowsOfWrite({ text: 'create' }), run: create },
  drop: { known: knowsOfWrite({ text: 'drop' }), run: drop },
  dropDatabase: { known: knowsOfWrite({ any: 'dropDatabase' }), run: dropDatabase },
  dbStats: { known: knows({ any: 'dbStats' }), run: dbStats },
}
