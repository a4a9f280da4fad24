import type { Collection, Document, IndexDescription } from 'mongodb'

/** Makes an index, by the command as it is. */
export async function addIndex<T extends Document>(
  collection: Collection<T>,
  key: Document,
  options: Omit<IndexDescription, 'key'> = {},
): Promise<string> {
  const [name = ''] = await collection.createIndexes([{ key: key, ...options }])
  return name
}
