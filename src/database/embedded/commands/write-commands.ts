import { elements, fieldOf, firstName } from '../bson/read.js'
import { copyBytes, documentAt, numberOf, T, typeName, type Value } from '../bson/value.js'
import { encode, type Fields } from '../bson/write.js'
import { check, CommandError } from '../errors.js'
import type { Hit } from '../indexes/scan.js'
import { openSearch } from '../indexes/search.js'
import type { Filter } from '../match/filter.js'
import { compileFilter, type Matcher, type Position } from '../match/match.js'
import { parseFilter } from '../match/parse-filter.js'
import { compileProjection } from '../project/projection.js'
import { parseSort } from '../sort/sort-key.js'
import type { Collection } from '../storage/collection.js'
import { readRecord } from '../storage/records.js'
import { applyUpdate, touchedBy, withId } from '../update/apply.js'
import { type ArrayFilters, parseArrayFilters } from '../update/array-filters.js'
import { parseUpdate, type Update } from '../update/parse-update.js'
import { upsertDocument } from '../update/upsert.js'
import type { Call } from './call.js'
import {
  collectionForWrite,
  collectionName,
  type Commands,
  type Engine,
  writeInTurns,
} from './engine.js'
import { type Known, Options, writeConcern } from './options.js'
import { inTime } from './turns.js'

const largest = 16 * 1024 * 1024

/** A document as it is stored: with `_id`, and that in front. Throws where it cannot be stored. */
function storable(engine: Engine, document: Value): Buffer {
  const size = document.end - document.at
  check(size <= largest, 10334, `BSONObj size: ${size} is invalid. The limit is ${largest}`)
  const fields = elements(document)
  const id = fields.find(({ name }) => name === '_id')?.value ?? engine.newId()
  check(id.type !== T.array && id.type !== T.regex, 53, `_id cannot be of type ${typeName(id)}`)
  const names = [
    ...fields.map(({ name }) => name),
    id.type === T.object ? (firstName(id) ?? '') : '',
  ]
  const odd = names.find((name) => name.startsWith('$'))
  check(odd === undefined, 52, `The dollar ($) prefixed field '${odd ?? ''}' is not valid`)
  return fields[0]?.name === '_id' ? copyBytes(document) : withId(id, document).bytes
}

/** One write of a batch: between two `yield`s others may write. */
type Work = Generator<undefined, void>

/** Does each write of a batch; a refused one ends the batch only where it is ordered. */
function* batchOf(
  list: readonly Value[],
  ordered: boolean,
  write: (item: Value, index: number) => Work,
): Generator<undefined, Fields[]> {
  check(list.length > 0 && list.length <= 100_000, 16, `batches must have 1 to 100000 writes`)
  const errors: Fields[] = []
  for (const [index, item] of list.entries()) {
    try {
      yield* write(item, index)
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      errors.push({ index, code: error.code, errmsg: error.message, ...error.detail })
      if (ordered) break
    }
    yield
  }
  return errors
}

async function batch(
  engine: Engine,
  call: Call,
  list: string,
  write: (item: Value, index: number) => Work,
): Promise<Fields> {
  const { options } = call
  const errors = await writeInTurns(
    engine,
    batchOf(options.list(list), options.flag('ordered', true), write),
    call.deadline,
  )
  return errors.length > 0 ? { writeErrors: errors } : {}
}

async function insert(engine: Engine, call: Call): Promise<Fields> {
  const name = collectionName(call)
  let n = 0
  const rest = await batch(engine, call, 'documents', function* (document): Work {
    const bytes = storable(engine, document)
    engine.records.insert(collectionForWrite(engine, call.db, name), bytes)
    n++
    yield
  })
  return { n, ...rest }
}

/** A query made ready once for all that is done with it: a list of a thousand ids takes its time. */
interface Query {
  readonly filter: Filter
  readonly matches: Matcher
}

function queryOf(query: Value): Query {
  const filter = parseFilter(query)
  return { filter, matches: compileFilter(filter) }
}

/** The first document that meets a query, or one by one all that met it and still do. */
function* targets(
  engine: Engine,
  { deadline }: Call,
  collection: Collection | undefined,
  { filter, matches }: Query,
  many: boolean,
  sort?: Value,
): Generator<Hit | undefined> {
  if (!collection) return
  const limit = many ? undefined : 1
  const asked = { filter, matches, sort: parseSort(sort), limit }
  const search = openSearch(engine.store, collection, asked)
  const records: number[] = []
  while (!search.done) {
    inTime(deadline)
    for (const hit of search.next(100)) {
      if (many) records.push(hit.record)
      else yield hit
    }
    if (many) yield undefined
  }
  // All are found before the first is written, so that none is met twice.
  for (const record of records) {
    const document = readRecord(engine.store, collection, record)
    if (document && matches(document)) yield { record, document }
  }
}

/** An update with all that belongs to it. */
interface Changing extends Query {
  readonly update: Update
  readonly filters: ArrayFilters
}

function changingOf(engine: Engine, options: Options, query: Value, update: Value): Changing {
  const parsed = parseUpdate(update, () => engine.clock.now())
  const filters = parseArrayFilters(options.value('arrayFilters'), parsed)
  return { ...queryOf(query), update: parsed, filters }
}

/** Updates a document that was found; what it is now, or nothing where it stays the same. */
function updateHit(
  engine: Engine,
  collection: Collection,
  hit: Hit,
  { matches, update, filters }: Changing,
): Value | undefined {
  const positions: Position[] = []
  matches(hit.document, positions)
  const next = applyUpdate(hit.document, update, filters, positions)
  if (!next) return undefined
  engine.records.replace(collection, hit.record, hit.document, next, touchedBy(update))
  return documentAt(next)
}

function upsert(
  engine: Engine,
  { db }: Call,
  name: string,
  { filter, update, filters }: Changing,
): Value {
  const made = upsertDocument(filter, update, filters, encode({}), () => engine.newId())
  const bytes = storable(engine, made)
  engine.records.insert(collectionForWrite(engine, db, name), bytes)
  return documentAt(bytes)
}

const knownUpdate: Known = {
  q: 'object',
  u: 'any',
  multi: 'flag',
  upsert: 'flag',
  arrayFilters: 'list',
}

async function update(engine: Engine, call: Call): Promise<Fields> {
  const name = collectionName(call)
  let [n, nModified] = [0, 0]
  const upserted: Fields[] = []
  const rest = await batch(engine, call, 'updates', function* (statement, index): Work {
    const options = new Options('update.updates', statement, knownUpdate)
    const many = options.flag('multi')
    const changing = changingOf(engine, options, options.need('q'), options.need('u'))
    check(!many || changing.update.kind === 'steps', 9, 'a replacement cannot update many')
    const collection = engine.catalogue.findForWrite(call.db, name)
    let found = 0
    for (const hit of targets(engine, call, collection, changing, many)) {
      if (many) yield
      if (!hit || !collection) continue
      if (updateHit(engine, collection, hit, changing)) nModified++
      found++
    }
    n += found
    if (found > 0 || !options.flag('upsert')) return
    upserted.push({ index, _id: fieldOf(upsert(engine, call, name, changing), '_id') })
    n++
  })
  return { n, nModified, ...(upserted.length > 0 ? { upserted } : {}), ...rest }
}

const knownDelete: Known = { q: 'object', limit: 'number' }

async function remove(engine: Engine, call: Call): Promise<Fields> {
  const name = collectionName(call)
  let n = 0
  const rest = await batch(engine, call, 'deletes', function* (statement): Work {
    const options = new Options('delete.deletes', statement, knownDelete)
    const limit = numberOf(options.need('limit'))
    check(limit === 0 || limit === 1, 9, `limit must be 0 or 1, but is ${limit}`)
    const collection = engine.catalogue.findForWrite(call.db, name)
    for (const hit of targets(engine, call, collection, queryOf(options.need('q')), limit === 0)) {
      if (limit === 0) yield
      if (!hit || !collection) continue
      engine.records.remove(collection, hit.record, hit.document)
      n++
    }
  })
  return { n, ...rest }
}

function findAndModify(engine: Engine, call: Call): Promise<Fields> {
  const { options, db } = call
  const name = collectionName(call)
  const [removes, upserts, wantsNew] = ['remove', 'upsert', 'new'].map((flag) => options.flag(flag))
  const given = options.value('update')
  check(removes !== (given !== undefined), 9, 'Either an update or remove=true must be specified')
  check(!removes || (!upserts && !wantsNew), 9, "Cannot specify 'upsert' or 'new' with 'remove'")
  const query = options.value('query') ?? encode({})
  const changing = given && changingOf(engine, options, query, given)
  const projection = compileProjection(options.value('fields'))
  const shown = (document: Value): Value => (projection ? projection(document) : document)
  return engine.store.write((): Fields => {
    const collection = engine.catalogue.findForWrite(db, name)
    const wanted = changing ?? queryOf(query)
    const [hit] = targets(engine, call, collection, wanted, false, options.value('sort'))
    if (hit && collection) {
      const before = hit.document
      if (!changing) {
        engine.records.remove(collection, hit.record, before)
        return { lastErrorObject: { n: 1 }, value: shown(before) }
      }
      const after = updateHit(engine, collection, hit, changing) ?? before
      return {
        lastErrorObject: { n: 1, updatedExisting: true },
        value: shown(wantsNew ? after : before),
      }
    }
    if (!changing) return { lastErrorObject: { n: 0 }, value: null }
    if (!upserts) return { lastErrorObject: { n: 0, updatedExisting: false }, value: null }
    const made = upsert(engine, call, name, changing)
    const lastErrorObject = { n: 1, updatedExisting: false, upserted: fieldOf(made, '_id') }
    return { lastErrorObject, value: wantsNew ? shown(made) : null }
  })
}

/** The commands that write documents. Each is answered once what it wrote is on disk. */
export const writeCommands: Commands = {
  insert: {
    known: { insert: 'text', documents: 'list', ordered: 'flag', writeConcern },
    run: insert,
  },
  update: {
    known: { update: 'text', updates: 'list', ordered: 'flag', writeConcern },
    run: update,
  },
  delete: {
    known: { delete: 'text', deletes: 'list', ordered: 'flag', writeConcern },
    run: remove,
  },
  findAndModify: {
    known: {
      findAndModify: 'text',
      query: 'object',
      sort: 'object',
      remove: 'flag',
      update: 'any',
      new: 'flag',
      fields: 'object',
      upsert: 'flag',
      arrayFilters: 'list',
      writeConcern,
    },
    run: findAndModify,
  },
}
