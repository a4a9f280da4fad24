import { amount, compilePipeline, each, matchOf, stageOf } from '../aggregate/pipeline.js'
import { compileProjection } from '../aggregate/projection.js'
import { keyText } from '../bson/order-key.js'
import {
  bigOf,
  elements,
  fieldOf,
  items,
  nameOf,
  numberOf,
  stringOf,
  T,
  type Value,
} from '../bson/value.js'
import { encode, type Fields } from '../bson/write.js'
import { notHere } from '../errors.js'
import type { Flow } from '../flow.js'
import { parseSort, tuplesOf } from '../indexes/keys.js'
import { type Asked, countQuickly, search } from '../indexes/search.js'
import { everything, type Filter } from '../match/filter.js'
import { parseFilter } from '../match/parse-filter.js'
import type { Collection } from '../storage/records.js'
import { type Call, collectionName, type Commands, type Engine, turns } from './engine.js'
import { batchSizeOf, knows, type Options } from './options.js'

const filterOf = (value: Value | undefined): Filter => (value ? parseFilter(value) : everything)
const queryOf = ({ options }: Call): Filter => filterOf(options.value('query'))

/** A limit of 0 is none. */
const limitOf = (options: Options): number | undefined => {
  const limit = options.count('limit')
  return limit === 0 ? undefined : limit
}

/** The documents of a search in a collection, which may not be there. */
function* found(engine: Engine, collection: Collection | undefined, asked: Asked): Flow<Value> {
  if (!collection) return
  for (const hit of search(engine.store, collection, asked)) yield hit?.document
}

function find(engine: Engine, call: Call): Promise<Fields> {
  const { options, db } = call
  const name = collectionName(call)
  const projection = compileProjection(options.value('projection'))
  const asked: Asked = {
    filter: filterOf(options.value('filter')),
    sort: parseSort(options.value('sort')),
    skip: options.count('skip') ?? 0,
    limit: limitOf(options),
  }
  const documents = found(engine, engine.catalogue.find(db, name), asked)
  const results = projection ? each(projection)(documents) : documents
  const single = options.flag('singleBatch')
  return engine.cursors.open(call, `${db}.${name}`, results, options.count('batchSize'), single)
}

/** The stages at the front of a pipeline that a search does better, and the stages that are left. */
function takeFront(stages: readonly Value[]): { asked: Asked; rest: readonly Value[] } {
  const parts: Filter[] = []
  let at = 0
  const take = (wanted: string): Value | undefined => {
    const stage = stages[at]
    const { name, argument } = stage ? stageOf(stage) : { name: '', argument: undefined }
    if (name !== wanted) return undefined
    at++
    return argument
  }
  for (let match = take('$match'); match; match = take('$match')) parts.push(matchOf(match))
  const sort = parseSort(take('$sort'))
  const [skip, limit] = [take('$skip'), take('$limit')]
  const asked: Asked = {
    filter: { kind: 'and', parts },
    sort,
    skip: skip ? amount('$skip', skip, 0) : 0,
    limit: limit && amount('$limit', limit, 1),
  }
  return { asked, rest: stages.slice(at) }
}

/** What a last stage gives for so many documents, where all it does is to count them. */
function countStage(rest: readonly Value[]): ((count: number) => Value) | undefined {
  const [only, ...more] = rest
  const { name, argument } =
    only && more.length === 0 ? stageOf(only) : { name: '', argument: undefined }
  if (name !== '$group' || argument?.type !== T.object) return undefined
  const [id, counted, ...others] = elements(argument)
  const constant = id?.name === '_id' && (id.value.type === T.int || id.value.type === T.null)
  if (!constant || !counted || others.length > 0 || counted.value.type !== T.object)
    return undefined
  const sum = fieldOf(counted.value, '$sum')
  if (sum?.type !== T.int || numberOf(sum) !== 1) return undefined
  return (count) => encode({ _id: id.value, [counted.name]: count })
}

/** A count after what is skipped and what is over the limit. */
const within = (all: number, skip = 0, limit = Infinity): number =>
  Math.min(Math.max(0, all - skip), limit)

function aggregate(engine: Engine, call: Call): Promise<Fields> {
  const { options, db } = call
  if (options.text('aggregate') === undefined) throw notHere(73, 'aggregate on a database')
  const name = collectionName(call)
  const { asked, rest } = takeFront(options.list('pipeline'))
  options.need('cursor')
  const size = batchSizeOf(call)
  const stage = compilePipeline(rest)
  const collection = engine.catalogue.find(db, name)
  const counts = countStage(rest)
  const all = counts && collection && countQuickly(engine.store, collection, asked.filter)
  const count = within(all ?? 0, asked.skip, asked.limit)
  const results =
    counts && all !== undefined
      ? (count > 0 ? [counts(count)] : []).values()
      : stage(found(engine, collection, asked))
  return engine.cursors.open(call, `${db}.${name}`, results, size)
}

/** Shows all documents of the query of a command, giving way to others now and then. */
async function walkAll(
  engine: Engine,
  call: Call,
  visit: (document: Value) => void,
): Promise<void> {
  const collection = engine.catalogue.find(call.db, collectionName(call))
  const rest = turns(call.deadline)
  for (const document of found(engine, collection, { filter: queryOf(call) })) {
    if (document) visit(document)
    const resting = rest()
    if (resting) await resting
  }
}

async function count(engine: Engine, call: Call): Promise<Fields> {
  const { options, db } = call
  const collection = engine.catalogue.find(db, collectionName(call))
  let n = 0
  const quick = collection && countQuickly(engine.store, collection, queryOf(call))
  if (quick === undefined) await walkAll(engine, call, () => n++)
  return { n: within(quick ?? n, options.count('skip'), limitOf(options)) }
}

async function distinct(engine: Engine, call: Call): Promise<Fields> {
  const key = stringOf(call.options.need('key')) ?? ''
  const parts = key.split('.')
  if (parts.some((part) => /^\d+$/.test(part)))
    throw notHere(2, `distinct by a position of an array ('${key}')`)
  const path = parts.map(nameOf)
  const values = new Map<string, Value>()
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
  const id = bigOf(options.need('getMore'))
  return cursors.more(call, id, namespace, options.count('batchSize'))
}

function killCursors({ cursors }: Engine, { options, db }: Call): Fields {
  const namespace = `${db}.${options.text('killCursors') ?? ''}`
  const ids = items(options.need('cursors')).map(bigOf)
  const cursorsKilled = ids.filter((id) => cursors.close(id, namespace))
  const cursorsNotFound = ids.filter((id) => !cursorsKilled.includes(id))
  return { cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [] }
}

/** The commands that read. Nothing is ever spilled, so `allowDiskUse` changes nothing. */
export const readCommands: Commands = {
  find: {
    known: knows({
      text: ['find'],
      object: ['filter', 'sort', 'projection'],
      number: ['skip', 'limit', 'batchSize'],
      flag: ['singleBatch', 'allowDiskUse'],
    }),
    run: find,
  },
  aggregate: {
    known: knows({
      any: ['aggregate'],
      list: ['pipeline'],
      object: ['cursor'],
      flag: ['allowDiskUse'],
    }),
    run: aggregate,
  },
  count: {
    known: knows({ text: ['count'], object: ['query'], number: ['limit', 'skip'] }),
    run: count,
  },
  distinct: { known: knows({ text: ['distinct', 'key'], object: ['query'] }), run: distinct },
  getMore: {
    known: knows({ number: ['getMore', 'batchSize'], text: ['collection'] }),
    run: getMore,
  },
  killCursors: { known: knows({ text: ['killCursors'], list: ['cursors'] }), run: killCursors },
}
