import { compilePipeline, each, matchOf, stageOf } from '../aggregate/pipeline.js'
import { compileProjection } from '../aggregate/projection.js'
import { keyText } from '../bson/order-key.js'
import { show } from '../bson/show.js'
import { T, type Value } from '../bson/value.js'
import { encode, type Fields } from '../bson/write.js'
import { notHere } from '../errors.js'
import type { Flow } from '../flow.js'
import { parseSort, tuplesOf } from '../indexes/keys.js'
import { type Asked, countQuickly, search } from '../indexes/search.js'
import { type Filter, pathOf } from '../match/filter.js'
import { parseFilter } from '../match/parse-filter.js'
import type { Collection } from '../storage/records.js'
import { type Call, type Commands, type Engine, namespaceOf } from './engine.js'
import { batchSizeOf, knows, type Options } from './options.js'
import { turns } from './turns.js'

/** What `find`, `count` and `distinct` ask for; a limit of 0 is none. */
function askedOf(options: Options, query: Value | undefined): Asked {
  const [skip = 0, limit] = [options.count('skip'), options.count('limit')]
  const sort = parseSort(options.value('sort'))
  return { filter: parseFilter(query), sort, skip, limit: limit === 0 ? undefined : limit }
}

/** The documents of a search in a collection, which may not be there. */
const found = (engine: Engine, collection: Collection | undefined, asked: Asked): Flow<Value> =>
  collection ? search(engine.store, collection, asked) : [].values()

function find(engine: Engine, call: Call): Promise<Fields> {
  const { options } = call
  const namespace = namespaceOf(call)
  const projection = compileProjection(options.value('projection'))
  const asked = askedOf(options, options.value('filter'))
  const documents = found(engine, engine.catalogue.find(namespace), asked)
  const results = projection ? each(projection)(documents) : documents
  const single = options.flag('singleBatch')
  return engine.cursors.open(call, namespace, results, options.count('batchSize'), single)
}

/** The `$match`es at the front of a pipeline are what is searched for. */
function aggregate(engine: Engine, call: Call): Promise<Fields> {
  const { options } = call
  if (options.text('aggregate') === undefined) throw notHere(73, 'aggregate on a database')
  const namespace = namespaceOf(call)
  const stages = options.list('pipeline').map(stageOf)
  const other = stages.findIndex((stage) => stage.name !== '$match')
  const rest = other < 0 ? [] : stages.slice(other)
  const front = stages.slice(0, stages.length - rest.length)
  const filter: Filter = { kind: 'and', parts: front.map(({ argument }) => matchOf(argument)) }
  const stage = compilePipeline(rest)
  options.need('cursor')
  const collection = engine.catalogue.find(namespace)
  const [only, ...others] = rest
  // What drivers send to count, and so often that an index is asked whether it knows.
  const counts = only && others.length === 0 && show(only.argument) === '{ _id: 1, n: { $sum: 1 } }'
  const n = counts && collection ? countQuickly(engine.store, collection, filter) : undefined
  const counted = n === undefined ? undefined : (n > 0 ? [encode({ _id: 1, n })] : []).values()
  const results = counted ?? stage(found(engine, collection, { filter }))
  return engine.cursors.open(call, namespace, results, batchSizeOf(call))
}

/** Shows all documents that the query of a command asks for, giving way to others now and then. */
async function walkAll(engine: Engine, call: Call, visit: (document: Value) => void) {
  const { options, deadline } = call
  const collection = engine.catalogue.find(namespaceOf(call))
  const rest = turns(deadline)
  for (const document of found(engine, collection, askedOf(options, options.value('query')))) {
    if (document) visit(document)
    const resting = rest()
    if (resting) await resting
  }
}

async function count(engine: Engine, call: Call): Promise<Fields> {
  const { options } = call
  const collection = engine.catalogue.find(namespaceOf(call))
  const { filter, skip, limit } = askedOf(options, options.value('query'))
  const all = collection && !skip && limit === undefined
  const quick = all ? countQuickly(engine.store, collection, filter) : undefined
  if (quick !== undefined) return { n: quick }
  let n = 0
  await walkAll(engine, call, () => n++)
  return { n }
}

async function distinct(engine: Engine, call: Call): Promise<Fields> {
  const key = call.options.need('key').text() ?? ''
  const parts = key.split('.')
  if (parts.some((part) => /^\d+$/.test(part)))
    throw notHere(2, `distinct by a position of an array ('${key}')`)
  const [path, values] = [pathOf(key), new Map<string, Value>()]
  await walkAll(engine, call, (document) => {
    for (const [value] of tuplesOf(document, [path]).tuples) {
      if (value && value.type !== T.undefined) values.set(keyText(value), value)
    }
  })
  return { values: [...values.values()] }
}

function getMore({ cursors }: Engine, call: Call): Promise<Fields> {
  const { options, db } = call
  const namespace = `${db}.${options.text('collection') ?? ''}`
  const id = options.need('getMore').big()
  return cursors.more(call, id, namespace, options.count('batchSize'))
}

function killCursors({ cursors }: Engine, { options, db }: Call): Fields {
  const namespace = `${db}.${options.text('killCursors') ?? ''}`
  const ids = options
    .need('cursors')
    .items()
    .map((id) => id.big())
  const cursorsKilled = ids.filter((id) => cursors.close(id, namespace))
  const cursorsNotFound = ids.filter((id) => !cursorsKilled.includes(id))
  return { cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [] }
}

/** The commands that read. Nothing is ever spilled, so `allowDiskUse` changes nothing. */
export const readCommands: Commands = {
  find: {
    known: knows({
      text: 'find',
      object: 'filter sort projection',
      number: 'skip limit batchSize',
      flag: 'singleBatch allowDiskUse',
    }),
    run: find,
  },
  aggregate: {
    known: knows({
      any: 'aggregate',
      list: 'pipeline',
      object: 'cursor',
      flag: 'allowDiskUse',
    }),
    run: aggregate,
  },
  count: {
    known: knows({ text: 'count', object: 'query', number: 'limit skip' }),
    run: count,
  },
  distinct: { known: knows({ text: 'distinct key', object: 'query' }), run: distinct },
  getMore: {
    known: knows({ number: 'getMore batchSize', text: 'collection' }),
    run: getMore,
  },
  killCursors: { known: knows({ text: 'killCursors', list: 'cursors' }), run: killCursors },
}
