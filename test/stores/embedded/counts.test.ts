import { expect } from 'chai'
import type { Document } from 'mongodb'
import { useDatabase } from '../../support/database.js'

describe('the database counts and lists', () => {
  const test = useDatabase()

  it('the results of a pipeline in batches', async () => {
    const collection = test.collection<{ _id: number; n: number }>()
    await collection.insertMany(Array.from({ length: 1000 }, (_, _id) => ({ _id, n: _id % 10 })))
    const plain = await collection
      .aggregate([{ $match: { n: { $lt: 5 } } }], { batchSize: 7 })
      .toArray()
    expect(plain).to.have.length(500)
    const grouped = await collection
      .aggregate([{ $group: { _id: '$_id' } }], { batchSize: 100 })
      .toArray()
    expect(grouped).to.have.length(1000)
    expect(await collection.countDocuments({}, { skip: 10, limit: 20 })).to.equal(20)
    expect(await collection.countDocuments({ n: 3 }, { skip: 90 })).to.equal(10)
    expect((await collection.distinct('n')).sort()).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(await collection.estimatedDocumentCount()).to.equal(1000)
  })

  it('the distinct values of a field, items of arrays one by one', async () => {
    const collection = test.collection<Document>()
    await collection.insertMany([
      { a: 1, b: [{ c: 1 }, { c: 2 }] },
      { a: [1, 2, 'x'] },
      { a: null },
      { a: [] },
      {},
      { a: 1.0, b: { c: 2 } },
    ])
    expect(await collection.distinct('a')).to.have.deep.members([1, 2, 'x', null])
    expect(await collection.distinct('b.c')).to.have.deep.members([1, 2])
    expect(await collection.distinct('a', { b: { $exists: true } })).to.deep.equal([1])
  })
})
