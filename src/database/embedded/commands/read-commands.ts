import { keyText } from '../bson/order-key.js'
import { elements, fieldOf, isEmpty, items, nameOf, stringOf } from '../bson/read.js'
import { show } from '../bson/show.js'
import { bigOf, documentAt, numberOf, T, type Value } from '../bson/value.js'
import { encode } from '../bson/write.js'
import { collector, type Sink, type World } from '../aggregate/stage.js'
import { amount, compilePipeline, stageOf } from '../aggregate/pipeline.js'
import { CommandError, notHere } from '../errors.js'
import { indexFields, sameFields } from '../indexes/index-spec.js'
import { tuplesOf } from '../indexes/keys.js'
import type { Wanted } from '../indexes/choose.js'
import { type Asked, countQuickly, openSearch } from '../indexes/search.js'
import { everything, type Filter } from '../match/filter.js'
import { compileFilter } from '../match/match.js'
import { parseFilter } from '../match/parse-filter.js'
import { compileProjection } from '../project/projection.js'
import { parseSort } from '../sort/sort-key.js'
import type { Collection } from '../storage/collection.js'
import { listed, type Results } from './cursors.js'
import {
  type Call,
  collectionName,
  type Commands,
  type Engine,
  type Reply,
  turns,
} from './engine.js'
import { collation, type Options } from './options.js'

/** The index that a client insists on, by name or by fields; `$natural` is the order of insertion. */
export function hintOf(collection: Collection, hint: Value | undefined): Wanted['hint'] {
  if (!hint || (hint.type === T.object && isEmpty(hint))) return undefined
  const name = stringOf(hint)
  const natural = hint.type === T.object ? fieldOf(hint, '$natural') : undefined
  if (natural) return { natural: numberOf(natural) < 0 ? -1 : 1 }
  const fields = hint.type === T.object ? indexFields(hint) : []
  const found = collection.indexes.find((index) =>
    name === undefined ? sameFields(index.fields, fields) : index.name === name,
  )
  if (found) return found
  throw new CommandError(
    2,
    `error processing query: hint provided does not correspond to an existing index: ${show(hint)}`,
  )
}

const filterOf = (value: Value | undefined): Filter => (value ? parseFilter(value) : everything)

/** A sort, or the order of insertion, which is asked for by `{ $natural: 1 }`. */
function orderOf(sort: Value | undefined): Pick<Asked, 'sort' | 'hint'> {
  const natural = sort && fieldOf(sort, '$natural')
  if (!natural) return { sort: parseSort(sort), hint: undefined }
  return { sort: [], hint: { natural: numberOf(natural) < 0 ? -1 : 1 } }
}

const nothing: Results = listed([])

/** A limit of 0 is none. */
function limitOf(options: Options): number | undefined {
  const limit = options.count('limit')
  return limit === 0 ? undefined : limit
}

function find(engine: Engine, call: Call): Promise<Reply> {
  const { options, db } = call
  const name = collectionName(call)
  const filter = filterOf(options.value('filter'))
  const projection = compileProjection(options.value('projection'), compileFilter(filter))
  const order = orderOf(options.value('sort'))
  const skip = options.count('skip') ?? 0
  const limit = limitOf(options)
  const collection = engine.catalogue.find(db, name)
  const batch = {
    batchSize: options.count('batchSize'),
    single: options.flag('singleBatch'),
    lasting: options.flag('noCursorTimeout'),
  }
  if (!collection) return engine.cursors.open(call, `${db}.${name}`, nothing, batch)
  const hint = hintOf(collection, options.value('hint')) ?? order.hint
  const search = openSearch(engine.store, collection, {
    filter,
    sort: order.sort,
    skip,
    limit,
    hint,
  })
  const results: Results = {
    get done() {
      return search.done
    },
    next: (most) =>
      search.next(most).map(({ document }) => (projection ? projection(document) : document)),
  }
  return engine.cursors.open(call, collection.namespace, results, batch)
}

/** The stages at the front of a pipeline that a search does better, and the stages that are left. */
function takeFront(stages: readonly Value[]): {
  asked: Omit<Asked, 'hint'>
  rest: readonly Value[]
} {
  const filters: Filter[] = []
  let at = 0
  const argumentOf = (name: string): Value | undefined => {
    const stage = stages[at] && stageOf(stages[at] ?? documentAt(encode({})))
    if (stage?.name !== name) return undefined
    at++
    return stage.argument
  }
  for (let match = argumentOf('$match'); match; match = argumentOf('$match')) {
    if (match.type !== T.object)
      throw new CommandError(15959, 'the match filter must be an expression in an object')
    filters.push(parseFilter(match))
  }
  const sort = parseSort(argumentOf('$sort'))
  const skip = argumentOf('$skip')
  const limit = argumentOf('$limit')
  const asked = {
    filter: { kind: 'and', parts: filters } as const,
    sort,
    skip: skip ? amount('skip', skip, 0) : 0,
    limit: limit && amount('limit', limit, 1),
  }
  return { asked, rest: stages.slice(at) }
}

/** The documents of another collection that meet a query, for `$lookup`. */
const worldOf = (engine: Engine, db: string): World => ({
  search(name, asked) {
    const collection = engine.catalogue.find(db, name)
    if (!collection) return []
    const search = openSearch(engine.store, collection, asked)
    const found: Value[] = []
    while (!search.done) for (const { document } of search.next(256)) found.push(document)
    return found
  },
})

/** Runs the stages of a pipeline over a search as far as results are wanted. */
function pipelineResults(
  source: ReturnType<typeof openSearch> | undefined,
  stage: (next: Sink) => Sink,
): Results {
  const out = collector()
  const head = stage(out)
  let ended = false
  return {
    get done() {
      return ended && out.list.length === 0
    },
    next() {
      if (!ended && source && !source.done && !head.full) {
        for (const { document } of source.next(256)) head.push(document)
      } else if (!ended) {
        ended = true
        head.end()
      }
      return out.list.splice(0)
    },
  }
}

/** The name under which a pipeline's last stage counts all documents, where that is all it does. */
function countField(rest: readonly Value[]): { id: Value; name: string } | undefined {
  const [only] = rest
  if (!only || rest.length > 1) return undefined
  const { name, argument } = stageOf(only)
  if (name !== '$group' || argument.type !== T.object) return undefined
  const [id, counted, ...others] = elements(argument)
  if (id?.name !== '_id' || !counted || others.length > 0) return undefined
  const constant = id.value.type === T.int || id.value.type === T.null
  const sum = counted.value.type === T.object ? fieldOf(counted.value, '$sum') : undefined
  return constant && sum?.type === T.int && numberOf(sum) === 1
    ? { id: id.value, name: counted.name }
    : undefined
}

function aggregate(engine: Engine, call: Call): Promise<Reply> {
  const { options, db } = call
  if (options.need('aggregate').type !== T.string) throw notHere(73, 'aggregate on a database')
  const name = collectionName(call)
  const { asked, rest } = takeFront(options.list('pipeline'))
  const cursor = options.need('cursor')
  const batchSize = fieldOf(cursor, 'batchSize')
  const batch = { batchSize: batchSize && amount('batchSize', batchSize, 0) }
  const stage = compilePipeline(rest, worldOf(engine, db))
  const collection = engine.catalogue.find(db, name)
  const namespace = `${db}.${name}`
  if (!collection)
    return engine.cursors.open(call, namespace, pipelineResults(undefined, stage), batch)
  const whole: Asked = { ...asked, hint: hintOf(collection, options.value('hint')) }
  const counted = countField(rest)
  const all = counted && countQuickly(engine.store, collection, whole)
  if (counted && all !== undefined) {
    const count = Math.min(Math.max(0, all - whole.skip), whole.limit ?? all)
    const result = documentAt(encode({ _id: counted.id, [counted.name]: count }))
    return engine.cursors.open(call, namespace, listed(count > 0 ? [result] : []), batch)
  }
  const search = openSearch(engine.store, collection, whole)
  return engine.cursors.open(call, namespace, pipelineResults(search, stage), batch)
}

async function count(engine: Engine, call: Call): Promise<Reply> {
  const { options, db, deadline } = call
  const name = collectionName(call)
  const filter = filterOf(options.value('query'))
  const collection = engine.catalogue.find(db, name)
  if (!collection) return { n: 0 }
  const skip = options.count('skip') ?? 0
  const limit = limitOf(options)
  const asked: Asked = {
    filter,
    sort: [],
    skip: 0,
    limit: undefined,
    hint: hintOf(collection, options.value('hint')),
  }
  let all = countQuickly(engine.store, collection, asked)
  if (all === undefined) {
    all = 0
    const rest = turns(deadline)
    const search = openSearch(engine.store, collection, asked)
    while (!search.done) {
      all += search.next(256).length
      await rest()
    }
  }
  return { n: Math.min(Math.max(0, all - skip), limit ?? all) }
}

async function distinct(engine: Engine, call: Call): Promise<Reply> {
  const { options, db, deadline } = call
  const name = collectionName(call)
  const key = stringOf(options.need('key')) ?? ''
  const parts = key.split('.')
  if (parts.some((part) => /^\d+$/.test(part)))
    throw notHere(2, `distinct by a position of an array ('${key}')`)
  const filter = filterOf(options.value('query'))
  const collection = engine.catalogue.find(db, name)
  if (!collection) return { values: [] }
  const hint = hintOf(collection, options.value('hint'))
  const search = openSearch(engine.store, collection, {
    filter,
    sort: [],
    skip: 0,
    limit: undefined,
    hint,
  })
  const path = parts.map(nameOf)
  const values = new Map<string, Value>()
  const rest = turns(deadline)
  while (!search.done) {
    for (const { document } of search.next(256)) {
      for (const [value] of tuplesOf(document, [path]).tuples) {
        if (value && value.type !== T.undefined) values.set(keyText(value), value)
      }
    }
    await rest()
  }
  return { values: [...values.values()] }
}

/** The commands that read. */
export const readCommands: Commands = {
  find: {
    fields: {
      find: 'text',
      filter: 'object',
      sort: 'object',
      projection: 'object',
      hint: 'any',
      skip: 'number',
      limit: 'number',
      batchSize: 'number',
      singleBatch: 'flag',
      noCursorTimeout: 'flag',
      // Nothing is ever spilled, and one server has no partial results.
      allowDiskUse: 'flag',
      allowPartialResults: 'flag',
      collation,
    },
    run: find,
  },
  aggregate: {
    fields: {
      aggregate: 'any',
      pipeline: 'list',
      cursor: 'object',
      hint: 'any',
      allowDiskUse: 'flag',
      bypassDocumentValidation: 'flag',
      collation,
    },
    run: aggregate,
  },
  count: {
    fields: {
      count: 'text',
      query: 'object',
      limit: 'number',
      skip: 'number',
      hint: 'any',
      collation,
    },
    run: count,
  },
  distinct: {
    fields: { distinct: 'text', key: 'text', query: 'object', hint: 'any', collation },
    run: distinct,
  },
  getMore: {
    fields: { getMore: 'id', collection: 'text', batchSize: 'number' },
    run: (engine, call) =>
      engine.cursors.more(
        call,
        bigOf(call.options.need('getMore')),
        call.options.text('collection') ?? '',
        call.options.count('batchSize'),
      ),
  },
  killCursors: {
    fields: { killCursors: 'text', cursors: 'list' },
    run(engine, call) {
      const namespace = `${call.db}.${call.options.text('killCursors') ?? ''}`
      const ids = items(call.options.need('cursors')).map(bigOf)
      const killed = ids.filter((id) => engine.cursors.close(id, namespace))
      return {
        cursorsKilled: killed,
        cursorsNotFound: ids.filter((id) => !killed.includes(id)),
        cursorsAlive: [],
        cursorsUnknown: [],
      }
    },
  },
}
