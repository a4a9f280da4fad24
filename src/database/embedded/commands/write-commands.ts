import { compileProjection } from '../aggregate/projection.js'
import { documentAt, T, typeName, type Value } from '../bson/value.js'
import type { Fields } from '../bson/write.js'
import { check, CommandError } from '../errors.js'
import type { Flow } from '../flow.js'
import { parseSort } from '../indexes/keys.js'
import { type Asked, search } from '../indexes/search.js'
import { compileFilter, type Filter, type Position } from '../match/filter.js'
import { parseFilter } from '../match/parse-filter.js'
import { type Hit, readRecord } from '../storage/records.js'
import { applyUpdate, largestDocument, touchedBy, upsertDocument, withId } from '../update/apply.js'
import { parseUpdate, type Update } from '../update/parse-update.js'
import { type Call, type Commands, type Engine, namespaceOf } from './engine.js'
import { type Work, writeInTurns } from './engine.js'
import { type Known, knowsOfWrite, knowsOnly, Options } from './options.js'
import { inTime } from './turns.js'

/** A document as it is stored: with `_id`, and that in front. Throws where it cannot be stored. */
function storable(engine: Engine, document: Value): Buffer {
  const size = document.end - document.at
  check(size <= largestDocument, 10334, `BSONObj size: ${size} is larger than ${largestDocument}`)
  const fields = document.elements()
  const id = fields.find(({ name }) => name === '_id')?.value ?? engine.newId()
  check(id.type !== T.array && id.type !== T.regex, 53, `_id cannot be of type ${typeName(id)}`)
  const inId = id.type === T.object ? id.firstName() : undefined
  const odd = [...fields.map(({ name }) => name), inId].find((name) => name?.startsWith('$'))
  check(odd === undefined, 52, `The dollar ($) prefixed field '${odd ?? ''}' is not valid`)
  return fields[0]?.name === '_id' ? document.copy() : withId(id, document).bytes
}

/** Inserts a document and gives it as it is stored. */
function insertOne(engine: Engine, namespace: string, document: Value): Value {
  const bytes = storable(engine, document)
  engine.records.insert(namespace, bytes)
  return documentAt(bytes)
}

/** Does each write of a batch; a refused one ends the batch only where it is ordered. */
async function batch(
  engine: Engine,
  { options, deadline }: Call,
  list: string,
  write: (item: Value, index: number) => Work,
): Promise<Fields> {
  const [writes, ordered] = [options.list(list), options.flag('ordered', true)]
  check(writes.length > 0 && writes.length <= 100_000, 16, 'batches must have 1 to 100000 writes')
  const writeErrors: Fields[] = []
  function* all(): Work {
    for (const [index, item] of writes.entries()) {
      try {
        yield* write(item, index)
      } catch (error) {
        if (!(error instanceof CommandError)) throw error
        const { code, message, detail } = error
        writeErrors.push({ index, code, errmsg: message, ...detail })
        if (ordered) return
      }
      yield
    }
  }
  await writeInTurns(engine, all(), deadline)
  return writeErrors.length > 0 ? { writeErrors } : {}
}

async function insert(engine: Engine, call: Call): Promise<Fields> {
  const namespace = namespaceOf(call)
  let n = 0
  const rest = await batch(engine, call, 'documents', function* (document): Work {
    insertOne(engine, namespace, document)
    n++
    yield
  })
  return { n, ...rest }
}

interface Targets extends Asked {
  readonly many?: boolean
}

/** The first document that meets a query, or one by one all that met it and still do. */
function* targets(engine: Engine, call: Call, namespace: string, asked: Targets): Flow<Hit> {
  const { store } = engine
  const { many, filter } = asked
  const collection = engine.catalogue.findForWrite(namespace)
  if (!collection) return
  const records: number[] = []
  for (const hit of search(store, collection, { ...asked, limit: many ? undefined : 1 })) {
    inTime(call.deadline)
    if (hit && many) records.push(hit.record)
    yield many ? undefined : hit
  }
  // All are found before the first is written, so that none is met twice.
  const matches = compileFilter(filter)
  for (const record of records) {
    const hit = readRecord(store, collection, record)
    yield hit && matches(hit) ? hit : undefined
  }
}

const updateOf = ({ clock }: Engine, options: Options, given: Value): Update =>
  parseUpdate(given, options.value('arrayFilters'), () => clock.now())

/** What meets a query, and what is to become of it. */
interface Changing {
  readonly filter: Filter
  readonly update: Update
}

/** Updates a document that was found; what it is now, or nothing where it stays the same. */
function updateOne({ records }: Engine, namespace: string, target: Hit, changing: Changing) {
  const { filter, update } = changing
  const positions: Position[] = []
  compileFilter(filter)(target, positions)
  const next = applyUpdate(target, update, positions)
  if (next) records.replace(namespace, target, next, touchedBy(update))
  return next && documentAt(next)
}

const upsert = (engine: Engine, namespace: string, { filter, update }: Changing): Value =>
  insertOne(
    engine,
    namespace,
    upsertDocument(filter, update, () => engine.newId()),
  )

const ofUpdate = knowsOnly({ object: 'q', any: 'u', flag: 'multi upsert', list: 'arrayFilters' })
const ofDelete = knowsOnly({ object: 'q', number: 'limit' })

async function update(engine: Engine, call: Call): Promise<Fields> {
  const namespace = namespaceOf(call)
  let [n, nModified] = [0, 0]
  const upserted: Fields[] = []
  const rest = await batch(engine, call, 'updates', function* (statement, index): Work {
    const options = new Options('update.updates', statement, ofUpdate)
    const many = options.flag('multi')
    const filter = parseFilter(options.need('q'))
    const changing = { filter, update: updateOf(engine, options, options.need('u')) }
    check(!many || changing.update.kind === 'steps', 9, 'a replacement cannot update many')
    let [found, modified] = [0, 0]
    for (const target of targets(engine, call, namespace, { filter, many })) {
      if (target && updateOne(engine, namespace, target, changing)) modified++
      if (target) found++
      // Not before: what was found must not have changed when it is written.
      if (many) yield
    }
    n += found
    nModified += modified
    if (found > 0 || !options.flag('upsert')) return
    upserted.push({ index, _id: upsert(engine, namespace, changing).field('_id') })
    n++
  })
  return { n, nModified, ...(upserted.length > 0 ? { upserted } : {}), ...rest }
}

async function remove(engine: Engine, call: Call): Promise<Fields> {
  const namespace = namespaceOf(call)
  let n = 0
  const rest = await batch(engine, call, 'deletes', function* (statement): Work {
    const options = new Options('delete.deletes', statement, ofDelete)
    const [filter, limit] = [parseFilter(options.need('q')), options.need('limit').number()]
    check(limit === 0 || limit === 1, 9, `limit must be 0 or 1, but is ${limit}`)
    for (const target of targets(engine, call, namespace, { filter, many: limit === 0 })) {
      if (target) engine.records.remove(namespace, target)
      if (target) n++
      if (limit === 0) yield
    }
  })
  return { n, ...rest }
}

function findAndModify(engine: Engine, call: Call): Promise<Fields> {
  const { options } = call
  const namespace = namespaceOf(call)
  const [removes, upserts, wantsNew] = ['remove', 'upsert', 'new'].map((flag) => options.flag(flag))
  const given = options.value('update')
  check(removes !== (given !== undefined), 9, 'Either an update or remove=true must be specified')
  check(!removes || (!upserts && !wantsNew), 9, "Cannot specify 'upsert' or 'new' with 'remove'")
  const filter = parseFilter(options.value('query'))
  const sort = parseSort(options.value('sort'))
  const changing = given && { filter, update: updateOf(engine, options, given) }
  const shown = compileProjection(options.value('fields')) ?? ((document: Value) => document)
  return engine.store.write((): Fields => {
    const found = [...targets(engine, call, namespace, { filter, sort })]
    const target = found.find((each) => each !== undefined)
    if (target) {
      const after = changing && updateOne(engine, namespace, target, changing)
      if (!changing) engine.records.remove(namespace, target)
      const value = shown(wantsNew ? (after ?? target) : target)
      return { lastErrorObject: { n: 1, ...(changing && { updatedExisting: true }) }, value }
    }
    if (!changing) return { lastErrorObject: { n: 0 }, value: null }
    if (!upserts) return { lastErrorObject: { n: 0, updatedExisting: false }, value: null }
    const made = upsert(engine, namespace, changing)
    const lastErrorObject = { n: 1, updatedExisting: false, upserted: made.field('_id') }
    return { lastErrorObject, value: wantsNew ? shown(made) : null }
  })
}

const batchOf = (command: string, list: string): Known =>
  knowsOfWrite({ text: command, list, flag: 'ordered' })

/** The commands that write documents. Each is answered once what it wrote is on disk. */
export const writeCommands: Commands = {
  insert: { known: batchOf('insert', 'documents'), run: insert },
  update: { known: batchOf('update', 'updates'), run: update },
  delete: { known: batchOf('delete', 'deletes'), run: remove },
  findAndModify: {
    known: knowsOfWrite({
      text: 'findAndModify',
      object: 'query sort fields',
      flag: 'remove new upsert',
      list: 'arrayFilters',
      any: 'update',
    }),
    run: findAndModify,
  },
}
