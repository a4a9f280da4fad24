import { amount, compilePipeline, stageOf } from '../aggregate/pipeline.js'
import type { Stage } from '../aggregate/stage.js'
import { keyText } from '../bson/order-key.js'
import { elements, fieldOf, items, nameOf, stringOf } from '../bson/read.js'
import { bigOf, numberOf, T, type Value } from '../bson/value.js'
import { encode, type Fields } from '../bson/write.js'
import { check, notHere } from '../errors.js'
import { tuplesOf } from '../indexes/keys.js'
import type { Scan } from '../indexes/scan.js'
import { type Asked, countQuickly, openSearch } from '../indexes/search.js'
import { everything, type Filter } from '../match/filter.js'
import { parseFilter } from '../match/parse-filter.js'
import { compileProjection } from '../project/projection.js'
import { parseSort } from '../sort/sort-key.js'
import { listed, type Results } from './cursors.js'
import type { Call } from './call.js'
import { collectionName, type Commands, type Engine } from './engine.js'
import { batchSizeOf } from './index-commands.js'
import { turns } from './turns.js'
import type { Options } from './options.js'

const filterOf = (value: Value | undefined): Filter => (value ? parseFilter(value) : everything)

/** A limit of 0 is none. */
const limitOf = (options: Options): number | undefined => {
  const limit = options.count('limit')
  return limit === 0 ? undefined : limit
}

const nothing = (): Results => listed([])

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
  const collection = engine.catalogue.find(db, name)
  const search = collection && openSearch(engine.store, collection, asked)
  const results: Results = search
    ? {
        get done() {
          return search.done
        },
        next: (most) =>
          search.next(most).map(({ document }) => (projection ? projection(document) : document)),
      }
    : nothing()
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
  for (let match = take('$match'); match; match = take('$match')) {
    check(match.type === T.object, 15959, 'the match filter must be an expression in an object')
    parts.push(parseFilter(match))
  }
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

/** Runs the stages of a pipeline over a search as far as results are wanted. */
function piped(source: Scan | undefined, stage: Stage): Results {
  const out: Value[] = []
  const head = stage({ full: false, push: (document) => out.push(document), end: () => undefined })
  let ended = false
  return {
    get done() {
      return ended && out.length === 0
    },
    next() {
      if (source && !source.done && !head.full) {
        for (const { document } of source.next(256)) head.push(document)
      } else if (!ended) {
        ended = true
        head.end()
      }
      return out.splice(0)
    },
  }
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
  if (counts && all !== undefined) {
    const count = within(all, asked.skip, asked.limit)
    const results = listed(count > 0 ? [counts(count)] : [])
    return engine.cursors.open(call, `${db}.${name}`, results, size)
  }
  const search = collection && openSearch(engine.store, collection, asked)
  return engine.cursors.open(call, `${db}.${name}`, piped(search, stage), size)
}

/** Walks through all documents of a query, giving way to others now and then. */
async function walkAll(
  engine: Engine,
  call: Call,
  filter: Filter,
  visit: (document: Value) => void,
): Promise<void> {
  const collection = engine.catalogue.find(call.db, collectionName(call))
  if (!collection) return
  const rest = turns(call.deadline)
  const search = openSearch(engine.store, collection, { filter })
  while (!search.done) {
    for (const { document } of search.next(256)) visit(document)
    await rest()
  }
}

async function count(engine: Engine, call: Call): Promise<Fields> {
  const { options, db } = call
  const filter = filterOf(options.value('query'))
  const collection = engine.catalogue.find(db, collectionName(call))
  const quick = collection && countQuickly(engine.store, collection, filter)
  let all = quick ?? 0
  if (quick === undefined) {
    await walkAll(engine, call, filter, () => {
      all++
    })
  }
  return { n: within(all, options.count('skip'), limitOf(options)) }
}

async function distinct(engine: Engine, call: Call): Promise<Fields> {
  const key = stringOf(call.options.need('key')) ?? ''
  const parts = key.split('.')
  if (parts.some((part) => /^\d+$/.test(part)))
    throw notHere(2, `distinct by a position of an array ('${key}')`)
  const path = parts.map(nameOf)
  const values = new Map<string, Value>()
  await walkAll(engine, call, filterOf(call.options.value('query')), (document) => {
    for (const [value] of tuplesOf(document, [path]).tuples) {
      if (value && value.type !== T.undefined) values.set(keyText(value), value)
    }
  })
  return { values: [...values.values()] }
}

/** The commands that read. */
export const readCommands: Commands = {
  find: {
    known: {
      find: 'text',
      filter: 'object',
      sort: 'object',
      projection: 'object',
      skip: 'number',
      limit: 'number',
      batchSize: 'number',
      singleBatch: 'flag',
      // Nothing is ever spilled.
      allowDiskUse: 'flag',
    },
    run: find,
  },
  aggregate: {
    known: { aggregate: 'any', pipeline: 'list', cursor: 'object', allowDiskUse: 'flag' },
    run: aggregate,
  },
  count: { known: { count: 'text', query: 'object', limit: 'number', skip: 'number' }, run: count },
  distinct: { known: { distinct: 'text', key: 'text', query: 'object' }, run: distinct },
  getMore: {
    known: { getMore: 'number', collection: 'text', batchSize: 'number' },
    run(engine, call) {
      const { options, db } = call
      const namespace = `${db}.${options.text('collection') ?? ''}`
      return engine.cursors.more(
        call,
        bigOf(options.need('getMore')),
        namespace,
        options.count('batchSize'),
      )
    },
  },
  killCursors: {
    known: { killCursors: 'text', cursors: 'list' },
    run(engine, { options, db }) {
      const namespace = `${db}.${options.text('killCursors') ?? ''}`
      const ids = items(options.need('cursors')).map(bigOf)
      const cursorsKilled = ids.filter((id) => engine.cursors.close(id, namespace))
      const cursorsNotFound = ids.filter((id) => !cursorsKilled.includes(id))
      return { cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [] }
    },
  },
}
