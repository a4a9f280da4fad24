import { make } from './bson/write.js'
import { type Engine, writeInTurns } from './commands/engine.js'
import type { Index } from './indexes/index.js'
import { search } from './indexes/search.js'
import { type Filter, pathOf } from './match/filter.js'
import { ordered } from './match/parse-filter.js'
import type { Collection } from './storage/records.js'

/** What a TTL index says has had its time: dates no later than `now` less its seconds. */
function outlived({ fields, expireAfterSeconds, partial }: Index, now: number): Filter | undefined {
  const [field] = fields
  if (!field || expireAfterSeconds === undefined) return undefined
  const last = make(new Date(Math.floor(now - expireAfterSeconds * 1000)))
  const past: Filter = { kind: 'leaf', path: pathOf(field.path), test: ordered('lte', last) }
  return { kind: 'and', parts: partial ? [past, partial.filter] : [past] }
}

function* removeAll(
  engine: Engine,
  { db, name, id }: Collection,
  filter: Filter,
): Generator<undefined, void> {
  const collection = engine.catalogue.findForWrite(db, name)
  if (collection?.id !== id) return
  for (const hit of search(engine.store, collection, { filter })) {
    if (hit) engine.records.remove(collection, hit.record, hit.document)
    yield
  }
}

/** Removes the documents that have outlived their TTL index. */
export async function expireDocuments(engine: Engine): Promise<void> {
  const { catalogue, clock } = engine
  const now = clock.now().getTime()
  for (const collection of catalogue.databases().flatMap((db) => catalogue.collections(db))) {
    for (const index of collection.indexes) {
      const filter = outlived(index, now)
      if (filter) await writeInTurns(engine, removeAll(engine, collection, filter))
    }
  }
}
