import { expect } from 'chai'
import { type Collection, MongoBulkWriteError } from 'mongodb'
import { useDatabase } from '../../support/database.js'

interface Row {
  _id: number | string
  x?: unknown
  y?: unknown
}

const rows: readonly Row[] = [1, 2, 3, 4].map((_id) => ({ _id, x: _id * 11 }))

/** What is done to the four rows, what it gives, and what is there then. */
type Case = readonly [
  what: string,
  act: (collection: Collection<Row>) => Promise<unknown>,
  result: unknown,
  after?: readonly Row[],
]

const but = (changes: Readonly<Record<number, Partial<Row>>>): Row[] =>
  rows.map((row) => ({ ...row, ...changes[Number(row._id)] }))

/** The cases of MongoDB's CRUD specification for drivers, stated here by their content. */
const cases: readonly Case[] = [
  ['find with a filter', (c) => c.find({ _id: 1 }).toArray(), [{ _id: 1, x: 11 }]],
  [
    'find with sort, skip and limit',
    (c) => c.find({ _id: { $gt: 1 } }, { sort: { _id: 1 }, skip: 1, limit: 2 }).toArray(),
    [
      { _id: 3, x: 33 },
      { _id: 4, x: 44 },
    ],
  ],
  [
    'find with limit, sort and batch size',
    (c) => c.find({}, { sort: { _id: 1 }, limit: 4, batchSize: 2 }).toArray(),
    rows,
  ],
  [
    'find with batch size and a negative limit',
    (c) => c.find({}, { sort: { x: -1 }, limit: -2 }).toArray(),
    [
      { _id: 4, x: 44 },
      { _id: 3, x: 33 },
    ],
  ],
  [
    'aggregate with several stages',
    (c) =>
      c
        .aggregate([{ $sort: { x: 1 } }, { $match: { _id: { $gt: 1 } } }], { batchSize: 2 })
        .toArray(),
    rows.slice(1),
  ],
  ['countDocuments without a filter', (c) => c.countDocuments({}), 4],
  ['countDocuments with a filter', (c) => c.countDocuments({ _id: { $gt: 1 } }), 3],
  ['countDocuments with skip and limit', (c) => c.countDocuments({}, { skip: 1, limit: 3 }), 3],
  ['estimatedDocumentCount', (c) => c.estimatedDocumentCount(), 4],
  ['distinct without a filter', (c) => c.distinct('x'), [11, 22, 33, 44]],
  ['distinct with a filter', (c) => c.distinct('x', { _id: { $gt: 2 } }), [33, 44]],
  [
    'deleteOne where many match',
    (c) => c.deleteOne({ _id: { $gt: 1 } }),
    { acknowledged: true, deletedCount: 1 },
    [rows[0]!, rows[2]!, rows[3]!],
  ],
  [
    'deleteOne where none matches',
    (c) => c.deleteOne({ _id: 9 }),
    { acknowledged: true, deletedCount: 0 },
    rows,
  ],
  [
    'deleteMany where many match',
    (c) => c.deleteMany({ _id: { $gt: 1 } }),
    { acknowledged: true, deletedCount: 3 },
    rows.slice(0, 1),
  ],
  [
    'insertOne',
    (c) => c.insertOne({ _id: 5, x: 55 }),
    { acknowledged: true, insertedId: 5 },
    [...rows, { _id: 5, x: 55 }],
  ],
  [
    'updateOne where many match',
    (c) => c.updateOne({ _id: { $gt: 1 } }, { $inc: { x: 1 } as never }),
    { acknowledged: true, matchedCount: 1, modifiedCount: 1, upsertedCount: 0, upsertedId: null },
    but({ 2: { x: 23 } }),
  ],
  [
    'updateOne that changes nothing',
    (c) => c.updateOne({ _id: 1 }, { $set: { x: 11 } }),
    { acknowledged: true, matchedCount: 1, modifiedCount: 0, upsertedCount: 0, upsertedId: null },
    rows,
  ],
  [
    'updateOne with upsert where none matches',
    (c) => c.updateOne({ _id: 5 }, { $inc: { x: 1 } as never }, { upsert: true }),
    { acknowledged: true, matchedCount: 0, modifiedCount: 0, upsertedCount: 1, upsertedId: 5 },
    [...rows, { _id: 5, x: 1 }],
  ],
  [
    'updateMany where many match',
    (c) => c.updateMany({ _id: { $gt: 2 } }, { $inc: { x: 1 } as never }),
    { acknowledged: true, matchedCount: 2, modifiedCount: 2, upsertedCount: 0, upsertedId: null },
    but({ 3: { x: 34 }, 4: { x: 45 } }),
  ],
  [
    'updateMany with upsert where none matches',
    (c) => c.updateMany({ _id: 5 }, { $set: { x: 1 } }, { upsert: true }),
    { acknowledged: true, matchedCount: 0, modifiedCount: 0, upsertedCount: 1, upsertedId: 5 },
    [...rows, { _id: 5, x: 1 }],
  ],
  [
    'replaceOne where many match',
    (c) => c.replaceOne({ _id: { $gt: 1 } }, { x: 111 }),
    { acknowledged: true, matchedCount: 1, modifiedCount: 1, upsertedCount: 0, upsertedId: null },
    but({ 2: { x: 111 } }),
  ],
  [
    'replaceOne with upsert and without an id in the replacement',
    (c) => c.replaceOne({ _id: 5 }, { x: 1 }, { upsert: true }),
    { acknowledged: true, matchedCount: 0, modifiedCount: 0, upsertedCount: 1, upsertedId: 5 },
    [...rows, { _id: 5, x: 1 }],
  ],
  [
    'findOneAndDelete',
    (c) =>
      c.findOneAndDelete({ _id: { $gt: 1 } }, { projection: { x: 1, _id: 0 }, sort: { x: 1 } }),
    { x: 22 },
    [rows[0]!, rows[2]!, rows[3]!],
  ],
  ['findOneAndDelete where none matches', (c) => c.findOneAndDelete({ _id: 9 }), null, rows],
  [
    'findOneAndReplace, the document before',
    (c) =>
      c.findOneAndReplace(
        { _id: { $gt: 1 } },
        { x: 32 },
        { projection: { x: 1, _id: 0 }, sort: { x: 1 } },
      ),
    { x: 22 },
    but({ 2: { x: 32 } }),
  ],
  [
    'findOneAndReplace with upsert, the document after',
    (c) => c.findOneAndReplace({ _id: 5 }, { x: 55 }, { upsert: true, returnDocument: 'after' }),
    { _id: 5, x: 55 },
    [...rows, { _id: 5, x: 55 }],
  ],
  [
    'findOneAndUpdate, the document before',
    (c) =>
      c.findOneAndUpdate(
        { _id: { $gt: 1 } },
        { $inc: { x: 1 } as never },
        { projection: { x: 1, _id: 0 }, sort: { x: 1 } },
      ),
    { x: 22 },
    but({ 2: { x: 23 } }),
  ],
  [
    'findOneAndUpdate with upsert, the document before',
    (c) => c.findOneAndUpdate({ _id: 5 }, { $inc: { x: 1 } as never }, { upsert: true }),
    null,
    [...rows, { _id: 5, x: 1 }],
  ],
  [
    'findOneAndUpdate where none matches',
    (c) => c.findOneAndUpdate({ _id: 9 }, { $inc: { x: 1 } as never }, { returnDocument: 'after' }),
    null,
    rows,
  ],
]

const nested: Row[] = [
  { _id: 1, y: [{ b: 3 }, { b: 1 }] },
  { _id: 2, y: [{ b: 0 }, { b: 1 }] },
]

describe('the CRUD specification of the drivers', () => {
  const test = useDatabase()

  const filled = async (documents: readonly Row[]): Promise<Collection<Row>> => {
    const collection = test.collection<Row>()
    await collection.insertMany(documents.map((each) => ({ ...each })))
    return collection
  }

  for (const [what, act, result, after] of cases) {
    it(what, async () => {
      const collection = await filled(rows)
      expect(await act(collection)).to.deep.equal(result)
      expect(await collection.find({}, { sort: { _id: 1 } }).toArray()).to.deep.equal(after ?? rows)
    })
  }

  it('updateOne and updateMany with array filters', async () => {
    const collection = await filled(nested)
    await collection.updateOne(
      {},
      { $set: { 'y.$[i].b': 2 } as never },
      { arrayFilters: [{ 'i.b': 3 }] },
    )
    await collection.updateMany(
      {},
      { $set: { 'y.$[i].b': 5 } as never },
      { arrayFilters: [{ 'i.b': 1 }] },
    )
    expect(await collection.find({}, { sort: { _id: 1 } }).toArray()).to.deep.equal([
      { _id: 1, y: [{ b: 2 }, { b: 5 }] },
      { _id: 2, y: [{ b: 0 }, { b: 5 }] },
    ])
  })

  it('bulkWrite with every kind of write', async () => {
    const collection = await filled(rows)
    const result = await collection.bulkWrite([
      { insertOne: { document: { _id: 5, x: 55 } } },
      { updateOne: { filter: { _id: 1 }, update: { $set: { x: 12 } } } },
      { updateMany: { filter: { _id: { $gt: 3 } }, update: { $inc: { x: 1 } as never } } },
      { updateOne: { filter: { _id: 6 }, update: { $set: { x: 62 } }, upsert: true } },
      { replaceOne: { filter: { _id: 3 }, replacement: { x: 333 } } },
      { deleteOne: { filter: { _id: 2 } } },
      { deleteMany: { filter: { x: { $gt: 300 } } } },
    ])
    expect(result).to.include({
      insertedCount: 1,
      matchedCount: 4,
      modifiedCount: 4,
      upsertedCount: 1,
      deletedCount: 2,
    })
    expect(result.upsertedIds).to.deep.equal({ 3: 6 })
    expect(await collection.find({}, { sort: { _id: 1 } }).toArray()).to.deep.equal([
      { _id: 1, x: 12 },
      { _id: 4, x: 45 },
      { _id: 5, x: 56 },
      { _id: 6, x: 62 },
    ])
  })

  it('insertMany, ordered and not, where one is there already', async () => {
    for (const [ordered, inserted] of [
      [true, 1],
      [false, 2],
    ] as const) {
      const collection = await filled(rows)
      const documents = [
        { _id: 5, x: 55 },
        { _id: 1, x: 1 },
        { _id: 6, x: 66 },
      ]
      const error: unknown = await collection
        .insertMany(documents, { ordered })
        .catch((caught: unknown) => caught)
      expect(error).to.be.instanceOf(MongoBulkWriteError)
      expect((error as MongoBulkWriteError).insertedCount).to.equal(inserted)
      expect(await collection.countDocuments()).to.equal(4 + inserted)
    }
  })

  it('writes that want no answer', async () => {
    const collection = await filled(rows)
    const unheard = { writeConcern: { w: 0 } } as const
    await collection.insertOne({ _id: 5 }, unheard)
    await collection.updateOne({ _id: 1 }, { $set: { x: 0 } }, unheard)
    await collection.deleteOne({ _id: 2 }, unheard)
    for (let i = 0; i < 100 && (await collection.countDocuments({ _id: 2 })) > 0; i++) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    expect(
      await collection
        .find({}, { sort: { _id: 1 } })
        .map((each) => each._id)
        .toArray(),
    ).to.deep.equal([1, 3, 4, 5])
  })
})
