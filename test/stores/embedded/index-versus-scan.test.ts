import { expect } from 'chai'
import fc from 'fast-check'
import type { Document, Filter, Sort } from 'mongodb'
import { useDatabase } from '../../support/database.js'
import { addIndex } from './add-index.js'
import { property } from '../../support/property.js'

const long = 'x'.repeat(3000)
const scalar = fc.constantFrom<unknown>(
  null,
  0,
  1,
  2,
  3,
  5,
  1.5,
  'a',
  'ab',
  'abc',
  'b',
  '',
  true,
  `${long}1`,
  `${long}2`,
)
const list = fc.array(scalar, { maxLength: 3 })
const inner = fc.record({ x: scalar, y: scalar }, { requiredKeys: [] })
const document = fc.record(
  {
    a: fc.oneof(scalar, list),
    b: scalar,
    c: scalar,
    d: fc.oneof(inner, fc.array(inner, { maxLength: 3 })),
  },
  { requiredKeys: [] },
)

const condition: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: scalar, weight: 3 },
  {
    arbitrary: fc
      .tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte', '$ne'), scalar)
      .map(([name, wanted]) => ({ [name]: wanted })),
    weight: 3,
  },
  {
    arbitrary: fc.tuple(scalar, scalar).map(([least, most]) => ({ $gte: least, $lt: most })),
    weight: 2,
  },
  { arbitrary: fc.array(scalar, { maxLength: 4 }).map((wanted) => ({ $in: wanted })), weight: 2 },
  {
    arbitrary: fc.constantFrom<unknown>(
      { $exists: true },
      { $exists: false },
      { $lte: 'ab' },
      { $ne: 'ab' },
    ),
    weight: 2,
  },
  { arbitrary: fc.tuple(scalar, scalar).map(([x, y]) => ({ $elemMatch: { x, y } })), weight: 1 },
)
const leaf = fc
  .tuple(fc.constantFrom('a', 'b', 'c', 'd.x', 'd.y', 'd'), condition)
  .filter(
    ([path, asked]) =>
      path === 'd' || !(typeof asked === 'object' && asked !== null && '$elemMatch' in asked),
  )
  .map(([path, asked]): Document => ({ [path]: asked }))
const query: fc.Arbitrary<Document> = fc.oneof(
  { arbitrary: leaf, weight: 2 },
  {
    arbitrary: fc.array(leaf, { minLength: 2, maxLength: 3 }).map((parts) => ({ $and: parts })),
    weight: 4,
  },
  {
    arbitrary: fc.array(leaf, { minLength: 1, maxLength: 3 }).map((parts) => ({ $or: parts })),
    weight: 1,
  },
)

const keys: readonly Document[] = [
  { a: 1 },
  { a: -1, b: 1 },
  { b: 1, a: 1 },
  { b: 1, c: -1 },
  { c: -1 },
  { 'd.x': 1 },
  { 'd.x': 1, 'd.y': -1 },
  { b: 1, 'd.y': 1, c: 1 },
]
const index = fc.tuple(
  fc.constantFrom(...keys),
  fc.constantFrom<Document>(
    {},
    { sparse: true },
    { partialFilterExpression: { b: { $gt: 0 } } },
    { partialFilterExpression: { c: { $exists: true } } },
  ),
)
const sort = fc.constantFrom<Record<string, 1 | -1>>(
  {},
  { b: 1 },
  { b: -1 },
  { a: 1 },
  { b: 1, c: -1 },
  { c: 1 },
  { 'd.x': -1 },
  { 'd.x': 1 },
)

/** A sparse index knows nothing of the second item. */
const halfFilled = { d: [{ x: 3 }, {}] }
const sparse: [Document, Document][] = [[{ 'd.x': 1 }, { sparse: true }]]
const gaps: [Document, Record<string, 1 | -1>][] = [
  [{ 'd.x': { $exists: true } }, { 'd.x': 1 }],
  [{ $and: [{ 'd.x': { $exists: true } }, { 'd.x': { $in: [null] } }] }, {}],
]

interface Row extends Document {
  _id: number
}

describe('an index', () => {
  const test = useDatabase()

  it('never changes the answer', async () => {
    const same = async (
      stored: Document[],
      indexes: [Document, Document][],
      asked: [Document, Record<string, 1 | -1>][],
      later: Document[],
    ): Promise<void> => {
      const [plain, indexed] = [test.collection<Row>(), test.collection<Row>()]
      const fill = async (documents: Document[], from: number): Promise<void> => {
        for (const collection of [plain, indexed]) {
          if (documents.length > 0)
            await collection.insertMany(documents.map((each, i) => ({ ...each, _id: from + i })))
        }
      }
      await fill(stored, 0)
      for (const [i, [key, options]] of indexes.entries())
        await addIndex(indexed, key, { ...options, name: `i${i}` })
      await fill(later, 1000)
      for (const collection of [plain, indexed]) {
        await collection.updateMany({ b: { $gte: 2 } }, { $set: { c: 5, e: 1 } })
        await collection.deleteMany({ b: 'b' })
      }
      for (const [filter, order] of asked) {
        // Two arrays in one sort are refused, so the order has one field with arrays at most.
        const by: Sort = { ...order, _id: 1 }
        const [without, withIndex] = await Promise.all(
          [plain, indexed].map((collection) =>
            collection.find(filter as Filter<Row>, { sort: by, projection: { _id: 1 } }).toArray(),
          ),
        )
        expect(withIndex, JSON.stringify({ filter, by, indexes })).to.deep.equal(without)
        expect(await indexed.countDocuments(filter)).to.equal(without?.length)
        const [some] = await Promise.all([
          indexed.find(filter as Filter<Row>, { sort: by, skip: 1, limit: 2 }).toArray(),
        ])
        expect(some.map((each) => each._id)).to.deep.equal(
          without?.slice(1, 3).map((each) => each._id),
        )
      }
      await Promise.all([plain.drop(), indexed.drop()])
    }
    await fc.assert(
      fc.asyncProperty(
        fc.array(document, { minLength: 1, maxLength: 25 }),
        fc.uniqueArray(index, {
          minLength: 1,
          maxLength: 4,
          selector: (one) => JSON.stringify(one),
        }),
        fc.array(fc.tuple(query, sort), { minLength: 1, maxLength: 8 }),
        fc.array(document, { maxLength: 10 }),
        same,
      ),
      { ...property(30, 1500), examples: [[[halfFilled, { d: { x: 1 } }], sparse, gaps, []]] },
    )
  })

  it('does not order by what it does not hold', async () => {
    const collection = test.collection<Document>()
    await collection.insertMany([
      { _id: 1 as never, d: { x: 1 } },
      { _id: 2 as never, ...halfFilled },
    ])
    await addIndex(collection, { 'd.x': 1 }, { sparse: true })
    const found = await collection
      .find({ 'd.x': { $exists: true } })
      .sort({ 'd.x': 1 })
      .toArray()
    expect(found.map(({ _id }): unknown => _id)).to.deep.equal([2, 1])
  })

  it('finds a document once where two keys are alike as far as they are kept', async () => {
    const collection = test.collection<Document>()
    const long = 'x'.repeat(3000)
    await collection.insertOne({ c: `${long}1` })
    await addIndex(collection, { c: -1 })
    const filter = { c: { $in: [`${long}2`, `${long}1`] } }
    expect(await collection.find(filter).toArray()).to.have.length(1)
    expect(await collection.countDocuments({ $and: [{ a: { $exists: false } }, filter] })).to.equal(
      1,
    )
  })
})
