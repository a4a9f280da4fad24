import { ObjectId } from 'bson'
import type { Clock } from '../../clock.js'
import type { Log } from '../../log.js'
import type { Random } from '../../random.js'
import { T, Value } from './bson/value.js'
import { type Fields, make } from './bson/write.js'
import { answer, type Request } from './commands/commands.js'
import { Cursors } from './commands/cursors.js'
import { type Engine, writeInTurns } from './commands/engine.js'
import type { Index } from './indexes/index.js'
import { search } from './indexes/search.js'
import type { Filter } from './match/filter.js'
import { ordered } from './match/parse-filter.js'
import { Catalogue } from './storage/catalogue.js'
import { type Collection, Records } from './storage/records.js'
import { openStore } from './storage/store.js'

/** The database without the wire: commands in, answers out. */
export interface Running {
  readonly engine: Engine
  respond(request: Request): Promise<Fields>
  /** Removes what has outlived its TTL index, and closes forgotten cursors; to be done once a minute. */
  expire(): Promise<void>
  close(): Promise<void>
}

/** An id for a document that came without. */
function newId(clock: Clock): Value {
  const bytes = Buffer.from(ObjectId.generate(Math.floor(clock.now().getTime() / 1000)))
  return new Value(T.objectId, bytes)
}

/** What a TTL index says has had its time: dates no later than `now` less its seconds. */
function outlived({ fields, expireAfterSeconds, partial }: Index, now: number): Filter | undefined {
  const [field] = fields
  if (!field || expireAfterSeconds === undefined) return undefined
  const last = make(new Date(Math.floor(now - expireAfterSeconds * 1000)))
  const past: Filter = { kind: 'leaf', path: field, test: ordered('lte', last) }
  return { kind: 'and', parts: partial ? [past, partial.filter] : [past] }
}

function* removeAll(engine: Engine, { namespace, id }: Collection, filter: Filter) {
  const collection = engine.catalogue.findForWrite(namespace)
  if (collection?.id !== id) return
  for (const hit of search(engine.store, collection, { filter })) {
    if (hit) engine.records.remove(namespace, hit)
    yield
  }
}

/** Removes the documents that have outlived their TTL index. */
async function expireDocuments(engine: Engine): Promise<void> {
  const { catalogue, clock } = engine
  const now = clock.now().getTime()
  for (const collection of catalogue.databases().flatMap((db) => catalogue.collections(db))) {
    for (const index of collection.indexes) {
      const filter = outlived(index, now)
      if (filter) await writeInTurns(engine, removeAll(engine, collection, filter))
    }
  }
}

/** Opens the database in a directory. Throws `FormatUnknown` where it is not of this version. */
export function openEngine(
  dir: string,
  clock: Clock,
  random: Random,
  log: Pick<Log, 'warn' | 'error'>,
): Running {
  const store = openStore(dir, () => catalogue)
  const catalogue = new Catalogue(store)
  const now = (): number => clock.now().getTime()
  const cursorId = (): bigint => random.bytes(8).readBigUInt64BE() >> 1n
  const engine: Engine = {
    store,
    catalogue,
    records: new Records(store, catalogue),
    cursors: new Cursors(now, cursorId),
    clock,
    newId: () => newId(clock),
  }
  const report = (command: string, error: unknown): void =>
    log.error({ command, err: error }, 'embedded database: a command failed')
  return {
    engine,
    respond: (request) => answer(engine, request, report),
    async expire() {
      engine.cursors.closeAll()
      await expireDocuments(engine)
    },
    close: () => store.close(),
  }
}
