import type { Connection, IndexDefinition, IndexOptions } from 'mongoose'
import type { Clock } from '../clock.js'

/** The indexes of one collection, declared by the store that owns it. */
export interface CollectionPlan {
  collection: string
  indexes: readonly { key: IndexDefinition; options?: IndexOptions }[]
}

/** A change to stored data, run once per database, in order of id. It must be safe to run again after a crash. */
export interface DataChange {
  id: string
  run(connection: Connection): Promise<void>
}

const nameOf = (key: IndexDefinition): string =>
  Object.entries(key)
    .map(([field, direction]) => `${field}_${String(direction)}`)
    .join('_')

interface FoundIndex {
  name: string
  key: Record<string, unknown>
  unique?: boolean
  sparse?: boolean
  expireAfterSeconds?: number
  partialFilterExpression?: object
}

const differing = (found: FoundIndex, options: IndexOptions): boolean =>
  (found.unique ?? false) !== (options.unique ?? false) ||
  (found.sparse ?? false) !== (options.sparse ?? false) ||
  found.expireAfterSeconds !== options.expireAfterSeconds ||
  JSON.stringify(found.partialFilterExpression) !== JSON.stringify(options.partialFilterExpression)

async function planCollection(connection: Connection, plan: CollectionPlan): Promise<void> {
  const collection = connection.collection(plan.collection)
  const found = (await collection.listIndexes().toArray().catch(noCollectionYet)) as FoundIndex[]
  const wanted = new Map(plan.indexes.map(({ key, options }) => [nameOf(key), { key, options }]))
  for (const index of found) {
    if (index.name === '_id_') continue
    const plan = wanted.get(index.name)
    if (plan && !differing(index, plan.options ?? {})) wanted.delete(index.name)
    else await collection.dropIndex(index.name)
  }
  for (const [name, { key, options }] of wanted) {
    await collection.createIndexes([{ key, name, ...options }] as never)
  }
}

function noCollectionYet(error: unknown): [] {
  if ((error as { codeName?: string }).codeName === 'NamespaceNotFound') return []
  throw error
}

/** Brings indexes to what the plans say, then runs the data changes that this database has not seen. */
export async function migrate(
  connection: Connection,
  plans: readonly CollectionPlan[],
  changes: readonly DataChange[],
  clock: Clock,
): Promise<void> {
  for (const plan of plans) await planCollection(connection, plan)
  const applied = connection.collection<{ _id: string; at: Date }>('migrations')
  for (const change of changes.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    if (await applied.findOne({ _id: change.id })) continue
    await change.run(connection)
    await applied.updateOne(
      { _id: change.id },
      { $setOnInsert: { at: clock.now() } },
      { upsert: true },
    )
  }
}
