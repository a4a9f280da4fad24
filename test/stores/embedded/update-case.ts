import { expect } from 'chai'
import type { Collection, Document } from 'mongodb'

/** A document before, an update, the document after; `_id` is 1 throughout. */
export type UpdateCase = readonly [
  what: string,
  before: Document,
  update: Document,
  after: Document,
]

/** Makes the update of a case, and looks at what it counted and what it left, field by field. */
export async function checkUpdate(
  collection: Collection<{ _id: number }>,
  [, before, update, after]: UpdateCase,
): Promise<void> {
  await collection.insertOne({ _id: 1, ...before })
  const { matchedCount, modifiedCount } = await collection.updateOne({ _id: 1 }, update)
  const found = await collection.findOne()
  expect(found).to.deep.equal({ _id: 1, ...after })
  const names = Object.keys(found ?? {})
  expect(names, 'the order of fields').to.deep.equal(['_id', ...Object.keys(after)])
  expect(matchedCount).to.equal(1)
  const changed = JSON.stringify(before) !== JSON.stringify(after)
  expect(modifiedCount).to.equal(changed ? 1 : 0)
}
