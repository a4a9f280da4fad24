import { expect } from 'chai'
import { type Document, MongoBulkWriteError, MongoServerError, ObjectId } from 'mongodb'
import { useDatabase } from '../../support/database.js'
import { addIndex } from './add-index.js'
import { useEngine } from './engine.js'
import { refusal } from './refusal.js'

describe('indexes', () => {
  const test = useDatabase()

  const rejects = async (
    options: Document,
    key: Document,
    documents: readonly Document[],
  ): Promise<(number | undefined)[]> => {
    const collection = test.collection<Document>()
    await addIndex(collection, key, { unique: true, ...options })
    const codes: (number | undefined)[] = []
    for (const document of documents)
      codes.push(await refusal(collection.insertOne({ ...document })))
    return codes
  }

  const unique: readonly (readonly [
    what: string,
    options: Document,
    key: Document,
    documents: Document[],
    codes: (number | undefined)[],
  ])[] = [
    ['a value', {}, { a: 1 }, [{ a: 1 }, { a: 2 }, { a: 1 }], [undefined, undefined, 11000]],
    ['a number of another type', {}, { a: 1 }, [{ a: 1 }, { a: 1.0 }], [undefined, 11000]],
    [
      'several fields together',
      {},
      { a: 1, b: 1 },
      [
        { a: 1, b: 1 },
        { a: 1, b: 2 },
        { b: 1, a: 1 },
      ],
      [undefined, undefined, 11000],
    ],
    ['a missing field counts as null', {}, { a: 1 }, [{}, { a: null }], [undefined, 11000]],
    [
      'each item of an array',
      {},
      { a: 1 },
      [{ a: [1, 2] }, { a: [2, 3] }, { a: 3 }],
      [undefined, 11000, undefined],
    ],
    ['an array may hold the same twice', {}, { a: 1 }, [{ a: [1, 1] }], [undefined]],
    [
      'a path through an array',
      {},
      { 'a.b': 1 },
      [{ a: [{ b: 1 }, { b: 2 }] }, { a: { b: 2 } }],
      [undefined, 11000],
    ],
    [
      'sparse leaves out what has not the field',
      { sparse: true },
      { a: 1 },
      [{}, {}, { a: null }, { a: null }],
      [undefined, undefined, undefined, 11000],
    ],
    [
      'sparse with several fields',
      { sparse: true },
      { a: 1, b: 1 },
      [{}, {}, { a: 1 }, { a: 1 }],
      [undefined, undefined, undefined, 11000],
    ],
    [
      'partial leaves out what it does not ask for',
      { partialFilterExpression: { active: true } },
      { a: 1 },
      [{ a: 1 }, { a: 1 }, { a: 1, active: true }, { a: 1, active: true }],
      [undefined, undefined, undefined, 11000],
    ],
    [
      'a very long value',
      {},
      { a: 1 },
      [{ a: 'x'.repeat(5000) }, { a: `${'x'.repeat(5000)}y` }, { a: 'x'.repeat(5000) }],
      [undefined, undefined, 11000],
    ],
    ['two arrays at once are refused', {}, { a: 1, b: 1 }, [{ a: [1], b: [1] }], [171]],
  ]
  for (const [what, options, key, documents, codes] of unique) {
    it(`that are unique: ${what}`, async () => {
      expect(await rejects(options, key, documents)).to.deep.equal(codes)
    })
  }

  it('tell of a duplicate in both shapes', async () => {
    const collection = test.collection<Document>()
    await addIndex(collection, { email: 1, 'in.org': -1 }, { unique: true, name: 'one_each' })
    await collection.insertOne({ email: 'a@b', in: { org: 7 } })
    const errors: unknown[] = []
    await collection
      .insertOne({ email: 'a@b', in: { org: 7 } })
      .catch((error: unknown) => errors.push(error))
    await collection
      .findOneAndUpdate({ x: 1 }, { $set: { email: 'a@b', in: { org: 7 } } }, { upsert: true })
      .catch((error: unknown) => errors.push(error))
    expect(errors).to.have.length(2)
    for (const error of errors) {
      expect(error).to.be.instanceOf(MongoServerError)
      const { code, keyPattern, keyValue, message } = error as MongoServerError & {
        keyPattern: Document
        keyValue: Document
      }
      expect(code).to.equal(11000)
      expect(keyPattern).to.deep.equal({ email: 1, 'in.org': -1 })
      expect(keyValue).to.deep.equal({ email: 'a@b', 'in.org': 7 })
      expect(message).to.equal(
        `E11000 duplicate key error collection: ${collection.namespace} index: one_each dup key: { email: "a@b", in.org: 7 }`,
      )
    }
    const id = new ObjectId()
    await collection.insertOne({ _id: id, email: 'c' })
    const again: unknown = await collection
      .insertOne({ _id: id, email: 'd' })
      .catch((error: unknown) => error)
    expect(again)
      .to.have.property('message')
      .that.includes(`index: _id_ dup key: { _id: ObjectId('${id.toHexString()}') }`)
  })

  it('go on after a duplicate where the batch is not ordered', async () => {
    const collection = test.collection<{ _id: number }>()
    const documents = [1, 2, 1, 3, 2, 4].map((_id) => ({ _id }))
    const error: unknown = await collection
      .insertMany(documents, { ordered: false })
      .catch((caught: unknown) => caught)
    expect(error).to.be.instanceOf(MongoBulkWriteError)
    const { writeErrors, insertedCount } = error as MongoBulkWriteError
    expect(insertedCount).to.equal(4)
    expect([writeErrors].flat().map((each) => [each.index, each.code])).to.deep.equal([
      [2, 11000],
      [4, 11000],
    ])
    const ordered: unknown = await collection
      .insertMany([{ _id: 5 }, { _id: 5 }, { _id: 6 }])
      .catch((caught: unknown) => caught)
    expect((ordered as MongoBulkWriteError).insertedCount).to.equal(1)
    const mixed: unknown = await collection
      .bulkWrite(
        [
          { insertOne: { document: { _id: 1 } } },
          { updateOne: { filter: { _id: 2 }, update: { $set: { a: 1 } as never } } },
          { updateOne: { filter: { _id: 9 }, update: { $set: { a: 1 } as never }, upsert: true } },
          { deleteOne: { filter: { _id: 3 } } },
        ],
        { ordered: false },
      )
      .catch((caught: unknown) => caught)
    expect((mixed as MongoBulkWriteError).result).to.include({
      matchedCount: 1,
      upsertedCount: 1,
      deletedCount: 1,
    })
    expect((await collection.find().toArray()).map((each) => each._id).sort()).to.deep.equal([
      1, 2, 4, 5, 9,
    ])
  })

  it('keep up with updates, and leave no trace of what an update may not do', async () => {
    const collection = test.collection<Document>()
    await addIndex(collection, { a: 1 }, { unique: true })
    await addIndex(collection, { tags: 1 })
    await collection.insertMany([
      { a: 1, tags: ['x', 'y'] },
      { a: 2, tags: ['y'] },
    ])
    expect(await refusal(collection.updateOne({ a: 1 }, { $set: { a: 2, tags: ['z'] } }))).to.equal(
      11000,
    )
    expect(await collection.countDocuments({ tags: 'z' })).to.equal(0)
    await collection.updateOne({ a: 1 }, { $set: { a: 3 }, $pull: { tags: 'x' } as never })
    expect(await collection.countDocuments({ tags: 'x' })).to.equal(0)
    expect(await collection.countDocuments({ a: 3, tags: 'y' })).to.equal(1)
    await collection.insertOne({ a: 1 })
    expect(await collection.countDocuments({ a: { $gte: 1 } })).to.equal(3)
  })

  it('are built on what is there, once it has been looked at', async () => {
    const collection = test.collection<Document>()
    await collection.insertMany([
      { a: 1, b: 1 },
      { a: 1, b: 2 },
      { a: 2, b: [1, 2] },
    ])
    expect(await refusal(addIndex(collection, { a: 1 }, { unique: true }))).to.equal(11000)
    expect(
      await refusal(collection.createIndexes([{ key: { b: 1 } }, { key: { a: 1 }, unique: true }])),
    ).to.equal(11000)
    expect(
      (await collection.indexes()).map(({ name }) => name),
      'all or none',
    ).to.deep.equal(['_id_'])
    await addIndex(collection, { a: 1, b: -1 }, { unique: true })
    expect(
      await collection
        .find({ a: 1 }, { sort: { b: -1 } })
        .map((each) => Number(each['b']))
        .toArray(),
    ).to.deep.equal([2, 1])
    expect(await collection.countDocuments({ a: 2, b: 2 })).to.equal(1)
  })

  it('are there already, or in the way, as in MongoDB', async () => {
    const collection = test.collection<Document>()
    await addIndex(collection, { a: 1 })
    expect(await addIndex(collection, { a: 1 })).to.equal('a_1')
    expect(await refusal(addIndex(collection, { a: 1 }, { name: 'other' }))).to.equal(85)
    expect(await refusal(addIndex(collection, { a: 1 }, { expireAfterSeconds: 5 }))).to.equal(85)
    expect(await refusal(addIndex(collection, { a: 1 }, { unique: true }))).to.equal(86)
    expect(await refusal(addIndex(collection, { b: 1 }, { name: 'a_1' }))).to.equal(86)
    await addIndex(collection, { a: 1 }, { sparse: true, name: 'sparse' })
    expect((await collection.indexes()).map(({ name }) => name)).to.deep.equal([
      '_id_',
      'a_1',
      'sparse',
    ])
    await collection.dropIndex('a_1')
    expect(await refusal(collection.dropIndex('a_1'))).to.equal(27)
    expect(await refusal(collection.dropIndex('_id_'))).to.equal(72)
    await collection.dropIndexes()
    expect((await collection.indexes()).map(({ name }) => name)).to.deep.equal(['_id_'])
  })

  it('show themselves as they were made', async () => {
    const collection = test.collection<Document>()
    const partialFilterExpression = { a: { $gt: 5 } }
    await collection.createIndexes([
      { key: { a: 1, b: -1 }, unique: true, partialFilterExpression },
      { key: { at: 1 }, expireAfterSeconds: 60, sparse: true },
    ])
    const shown = await collection.indexes()
    expect(shown).to.deep.equal([
      { v: 2, key: { _id: 1 }, name: '_id_' },
      { v: 2, key: { a: 1, b: -1 }, name: 'a_1_b_-1', unique: true, partialFilterExpression },
      { v: 2, key: { at: 1 }, name: 'at_1', expireAfterSeconds: 60, sparse: true },
    ])
  })
})

describe('a TTL index', () => {
  const engine = useEngine()

  it('removes what has had its time, and nothing else', async () => {
    const at = (seconds: number): Date => new Date(engine.now.getTime() + seconds * 1000)
    const documents = [
      { _id: 1, at: at(-100) },
      { _id: 2, at: at(-50) },
      { _id: 3, at: [at(-100), at(100)] },
      { _id: 4, at: 'no date' },
      { _id: 5 },
      { _id: 6, until: at(30) },
    ]
    await engine.ask({ insert: 's', documents })
    const indexes = [
      { key: { at: 1 }, name: 'at', expireAfterSeconds: 60 },
      {
        key: { until: 1 },
        name: 'until',
        expireAfterSeconds: 0,
        partialFilterExpression: { until: { $exists: true } },
      },
    ]
    expect(await engine.ask({ createIndexes: 's', indexes })).to.include({ ok: 1 })
    const left = async (): Promise<number[]> => {
      const { cursor } = await engine.ask({ find: 's', sort: { _id: 1 } })
      return (cursor as { firstBatch: { _id: number }[] }).firstBatch.map(({ _id }) => _id)
    }
    await engine.running.expire()
    expect(await left()).to.deep.equal([2, 4, 5, 6])
    engine.now = new Date(engine.now.getTime() + 31_000)
    await engine.running.expire()
    expect(await left()).to.deep.equal([4, 5])
  })

  it('and so does a cursor that nobody asks for', async () => {
    await engine.ask({
      insert: 'many',
      documents: Array.from({ length: 300 }, (_, _id) => ({ _id })),
    })
    await engine.ask({ find: 'many', batchSize: 5 })
    expect(engine.running.engine.cursors.count).to.equal(1)
    engine.now = new Date(engine.now.getTime() + 9 * 60_000)
    await engine.running.expire()
    expect(engine.running.engine.cursors.count).to.equal(1)
    engine.now = new Date(engine.now.getTime() + 2 * 60_000)
    await engine.running.expire()
    expect(engine.running.engine.cursors.count).to.equal(0)
  })
})
