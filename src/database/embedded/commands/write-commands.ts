import { elements, fieldOf, firstName } from '../bson/read.js'
import { documentAt, copyBytes, numberOf, T, typeName, type Value } from '../bson/value.js'
import { objectValue, type Writable } from '../bson/write.js'
import { compileTransform } from '../aggregate/pipeline.js'
import { CommandError } from '../errors.js'
import { openSearch } from '../indexes/search.js'
import type { Hit } from '../indexes/scan.js'
import type { Filter } from '../match/filter.js'
import { compileFilter, type Matcher, type Position } from '../match/match.js'
import { parseFilter } from '../match/parse-filter.js'
import { compileProjection } from '../project/projection.js'
import { parseSort } from '../sort/sort-key.js'
import type { Collection } from '../storage/collection.js'
import { readRecord } from '../storage/records.js'
import { type Applying, applyUpdate, touchedBy } from '../update/apply.js'
import { parseArrayFilters } from '../update/array-filters.js'
import { parseUpdate, type Update } from '../update/parse-update.js'
import { upsertDocument } from '../update/upsert.js'
import {
  type Call,
  collectionForWrite,
  collectionName,
  type Commands,
  type Engine,
  type Reply,
  writeError,
  writeInTurns,
} from './engine.js'
import { collation, type Fields, Options, writeConcern } from './options.js'
import { hintOf } from './read-commands.js'

const batchFields: Fields = {
  ordered: 'flag',
  writeConcern,
  // There are no validators that could be bypassed: `create` refuses them.
  bypassDocumentValidation: 'flag',
}

const largest = 16 * 1024 * 1024

function checkId(id: Value): void {
  if (id.type === T.array || id.type === T.regex) {
    throw new CommandError(53, `The '_id' value cannot be of type ${typeName(id.type)}`)
  }
  if (id.type === T.object && firstName(id)?.startsWith('$')) {
    throw new CommandError(
      52,
      `The dollar ($) prefixed field '${firstName(id) ?? ''}' in '_id' is not valid for storage.`,
    )
  }
}

/** A document as it is stored: with `_id`, and that in front. */
function storable(engine: Engine, document: Value): Buffer {
  if (document.end - document.at > largest) {
    throw new CommandError(
      10334,
      `BSONObj size: ${document.end - document.at} is invalid. Size must be between 0 and ${largest}`,
    )
  }
  const fields = elements(document)
  const odd = fields.find(({ name }) => name.startsWith('$'))
  if (odd)
    throw new CommandError(
      52,
      `The dollar ($) prefixed field '${odd.name}' in '${odd.name}' is not valid for storage.`,
    )
  const id = fields.find(({ name }) => name === '_id')?.value ?? engine.newId()
  checkId(id)
  if (fields[0]?.name === '_id') return copyBytes(document)
  const rest = fields.filter(({ name }) => name !== '_id')
  return objectValue([
    ['_id', id],
    ...rest.map(({ name, value }): [string, Value] => [name, value]),
  ]).bytes
}

/** Does each write of a batch; a refused one ends the batch only where it is ordered. */
function* batchOf(
  list: readonly Value[],
  ordered: boolean,
  write: (item: Value, index: number) => Iterable<undefined>,
): Generator<undefined, Record<string, Writable>[]> {
  if (list.length === 0 || list.length > 100_000) {
    throw new CommandError(
      16,
      `Write batch sizes must be between 1 and 100000. Got ${list.length} operations.`,
    )
  }
  const errors: Record<string, Writable>[] = []
  for (const [index, item] of list.entries()) {
    try {
      yield* write(item, index)
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      errors.push(writeError(index, error))
      if (ordered) return errors
    }
    yield
  }
  return errors
}

const withErrors = (reply: Reply, errors: Record<string, Writable>[]): Reply =>
  errors.length > 0 ? { ...reply, writeErrors: errors } : reply

async function insert(engine: Engine, call: Call): Promise<Reply> {
  const name = collectionName(call)
  let n = 0
  const write = (document: Value): undefined[] => {
    const bytes = storable(engine, document)
    engine.records.insert(collectionForWrite(engine, call.db, name), bytes)
    n++
    return []
  }
  const { options } = call
  const errors = await writeInTurns(
    engine,
    batchOf(options.list('documents'), options.flag('ordered', true), write),
  )
  return withErrors({ n }, errors)
}

/** What a write looks for. */
interface Target {
  readonly filter: Filter
  readonly matches: Matcher
  readonly options: Options
  readonly many: boolean
}

const targetOf = (options: Options, query: string, many: boolean): Target => {
  const filter = parseFilter(options.need(query))
  return { filter, matches: compileFilter(filter), options, many }
}

/** The first document that meets a query, or one by one all that met it and still do. */
function* targets(
  engine: Engine,
  collection: Collection,
  { filter, matches, options, many }: Target,
): Generator<Hit | undefined, void> {
  const hint = hintOf(collection, options.value('hint'))
  const sort = parseSort(options.value('sort'))
  const search = openSearch(engine.store, collection, {
    filter,
    sort,
    skip: 0,
    limit: many ? undefined : 1,
    hint,
  })
  const records: number[] = []
  while (!search.done) {
    for (const hit of search.next(100)) {
      if (!many) {
        yield hit
        return
      }
      records.push(hit.record)
    }
    if (many) yield undefined
  }
  // All are found before the first is written, so that none is met twice.
  for (const record of records) {
    const document = readRecord(engine.store, collection, record)
    if (document && matches(document)) yield { record, document }
  }
}

const updateFields: Fields = {
  q: 'object',
  u: 'update',
  multi: 'flag',
  upsert: 'flag',
  arrayFilters: 'list',
  hint: 'any',
  sort: 'object',
  collation,
}

function applyingOf(update: Update, options: Options): Applying {
  return {
    update,
    filters: parseArrayFilters(options.value('arrayFilters'), update),
    pipeline: update.kind === 'pipeline' ? compileTransform(update.stages) : (document) => document,
  }
}

/** The document after an update of one that was found, stored where it differs; whether it does. */
function updateHit(
  engine: Engine,
  collection: Collection,
  { record, document }: Hit,
  matches: Matcher,
  applying: Applying,
): Buffer | undefined {
  const positions: Position[] = []
  matches(document, positions)
  const next = applyUpdate(document, applying, positions)
  if (next) engine.records.replace(collection, record, document, next, touchedBy(applying.update))
  return next
}

function upsert(
  engine: Engine,
  call: Call,
  name: string,
  filter: Filter,
  applying: Applying,
): Buffer {
  const made = upsertDocument(filter, applying, () => engine.newId())
  const bytes = storable(engine, documentAt(made))
  engine.records.insert(collectionForWrite(engine, call.db, name), bytes)
  return bytes
}

async function update(engine: Engine, call: Call): Promise<Reply> {
  const name = collectionName(call)
  let [n, nModified] = [0, 0]
  const upserted: { index: number; _id: Value }[] = []
  const write = function* (statement: Value, index: number): Generator<undefined, void> {
    const options = new Options('update.updates', statement, updateFields)
    const many = options.flag('multi')
    const change = parseUpdate(options.need('u'), () => engine.clock.now())
    if (many && change.kind === 'replace')
      throw new CommandError(9, 'multi update is not supported for replacement-style update')
    const applying = applyingOf(change, options)
    const target = targetOf(options, 'q', many)
    const collection = engine.catalogue.findForWrite(call.db, name)
    let found = 0
    for (const hit of collection ? targets(engine, collection, target) : []) {
      if (hit && collection) {
        found++
        if (updateHit(engine, collection, hit, target.matches, applying)) nModified++
      }
      if (many) yield
    }
    n += found
    if (found > 0 || !options.flag('upsert')) return
    const bytes = upsert(engine, call, name, target.filter, applying)
    const id = fieldOf(documentAt(bytes), '_id')
    if (id) upserted.push({ index, _id: id })
    n++
  }
  const { options } = call
  const errors = await writeInTurns(
    engine,
    batchOf(options.list('updates'), options.flag('ordered', true), write),
  )
  return withErrors({ n, nModified, ...(upserted.length > 0 ? { upserted } : {}) }, errors)
}

const deleteFields: Fields = { q: 'object', limit: 'number', hint: 'any', collation }

async function remove(engine: Engine, call: Call): Promise<Reply> {
  const name = collectionName(call)
  let n = 0
  const write = function* (statement: Value): Generator<undefined, void> {
    const options = new Options('delete.deletes', statement, deleteFields)
    const limit = numberOf(options.need('limit'))
    if (limit !== 0 && limit !== 1) {
      throw new CommandError(9, `The limit field in delete objects must be 0 or 1. Got ${limit}`)
    }
    const target = targetOf(options, 'q', limit === 0)
    const collection = engine.catalogue.findForWrite(call.db, name)
    if (!collection) return
    for (const hit of targets(engine, collection, target)) {
      if (hit) {
        engine.records.remove(collection, hit.record, hit.document)
        n++
      }
      if (limit === 0) yield
    }
  }
  const { options } = call
  const errors = await writeInTurns(
    engine,
    batchOf(options.list('deletes'), options.flag('ordered', true), write),
  )
  return withErrors({ n }, errors)
}

function findAndModify(engine: Engine, call: Call): Promise<Reply> {
  const { options, db } = call
  const name = collectionName(call)
  const removes = options.flag('remove')
  const given = options.value('update')
  if (removes === (given !== undefined)) {
    throw new CommandError(
      9,
      removes
        ? 'Cannot specify both an update and remove=true'
        : 'Either an update or remove=true must be specified',
    )
  }
  if (removes && (options.flag('upsert') || options.flag('new'))) {
    throw new CommandError(9, "Cannot specify 'upsert' or 'new' with 'remove'")
  }
  const applying =
    given &&
    applyingOf(
      parseUpdate(given, () => engine.clock.now()),
      options,
    )
  const filter = parseFilter(options.value('query') ?? objectValue([]))
  const target: Target = { filter, matches: compileFilter(filter), options, many: false }
  const projection = compileProjection(options.value('fields'), target.matches)
  const shown = (document: Value | undefined): Value | null =>
    document ? (projection ? projection(document) : document) : null
  return engine.store.write((): Reply => {
    const collection = engine.catalogue.findForWrite(db, name)
    const [hit] = collection ? targets(engine, collection, target) : []
    if (collection && hit) {
      if (!applying) {
        engine.records.remove(collection, hit.record, hit.document)
        return { lastErrorObject: { n: 1 }, value: shown(hit.document) }
      }
      const next = updateHit(engine, collection, hit, target.matches, applying)
      const after = next ? documentAt(next) : hit.document
      return {
        lastErrorObject: { n: 1, updatedExisting: true },
        value: shown(options.flag('new') ? after : hit.document),
      }
    }
    if (!applying) return { lastErrorObject: { n: 0 }, value: null }
    if (!options.flag('upsert'))
      return { lastErrorObject: { n: 0, updatedExisting: false }, value: null }
    const made = documentAt(upsert(engine, call, name, filter, applying))
    return {
      lastErrorObject: { n: 1, updatedExisting: false, upserted: fieldOf(made, '_id') ?? null },
      value: options.flag('new') ? shown(made) : null,
    }
  })
}

/** The commands that write documents. Each is answered once what it wrote is on disk. */
export const writeCommands: Commands = {
  insert: { fields: { insert: 'text', documents: 'list', ...batchFields }, run: insert },
  update: { fields: { update: 'text', updates: 'list', ...batchFields }, run: update },
  delete: { fields: { delete: 'text', deletes: 'list', ...batchFields }, run: remove },
  findAndModify: {
    fields: {
      findAndModify: 'text',
      query: 'object',
      sort: 'object',
      remove: 'flag',
      update: 'update',
      new: 'flag',
      fields: 'object',
      upsert: 'flag',
      arrayFilters: 'list',
      hint: 'any',
      collation,
      writeConcern,
      bypassDocumentValidation: 'flag',
    },
    run: findAndModify,
  },
}
