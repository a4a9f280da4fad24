import { dateValue } from './bson/write.js'
import { type Engine, writeInTurns } from './commands/engine.js'
import type { Index } from './indexes/index.js'
import { everyDocument, openSearch } from './indexes/search.js'
import type { Filter } from './match/filter.js'
import { pathOf } from './match/path.js'
import type { Collection } from './storage/collection.js'

/** What a TTL index says has had its time: dates no later than `now` less its seconds. */
function outlived(index: Index, now: number): Filter | undefined {
  const [field] = index.fields
  if (!field || index.expireAfterSeconds === undefined) return undefined
  const limit = dateValue(BigInt(Math.floor(now - index.expireAfterSeconds * 1000)))
  const past: Filter = {
    kind: 'leaf',
    path: pathOf(field.path),
    test: { op: 'lte', value: limit },
  }
  return { kind: 'and', parts: index.partial ? [past, index.partial.filter] : [past] }
}

function* removeAll(
  engine: Engine,
  { db, name, id }: Collection,
  filter: Filter,
): Generator<undefined, void> {
  const collection = engine.catalogue.findForWrite(db, name)
  if (collection?.id !== id) return
  const search = openSearch(engine.store, collection, { ...everyDocument, filter })
  while (!search.done) {
    for (const { record, document } of search.next(100)) {
      engine.records.remove(collection, record, document)
    }
    yield
  }
}

/** Removes the documents that have outlived their TTL index. */
export async function expireDocuments(engine: Engine): Promise<void> {
  const now = engine.clock.now().getTime()
  for (const db of engine.catalogue.databases()) {
    for (const collection of engine.catalogue.collections(db)) {
      for (const index of collection.indexes) {
        const filter = outlived(index, now)
        if (filter) await writeInTurns(engine, removeAll(engine, collection, filter))
      }
    }
  }
}

/** How many records or entries go in one write. */
const step = 2_000

/** Removes what dropped collections and indexes have left. */
export async function purgeDropped({ store, catalogue }: Engine): Promise<void> {
  while (catalogue.hasGarbage()) {
    await store.write(() => catalogue.purge(store.records, store.entries, step))
  }
}
