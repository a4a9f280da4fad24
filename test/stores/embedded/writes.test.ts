import { expect } from 'chai'
import type { Document } from 'mongodb'
import { useDatabase } from '../../support/database.js'
import { addIndex } from './add-index.js'
import { refusal } from './refusal.js'

describe('the database writes', () => {
  const test = useDatabase()

  it('replaces all but _id', async () => {
    const collection = test.collection<Document>()
    await collection.insertOne({ _id: 1 as never, a: 1 })
    await collection.replaceOne({ a: 1 }, { b: 2 })
    expect(await collection.findOne()).to.deep.equal({ _id: 1, b: 2 })
    expect(await refusal(collection.replaceOne({ b: 2 }, { _id: 2 as never }))).to.equal(66)
  })

  it('inserts what was not found, from the query and the update', async () => {
    const collection = test.collection<Document>()
    const insert = async (query: Document, update: Document): Promise<Document | null> => {
      await collection.deleteMany({})
      await collection.updateOne(query, update, { upsert: true })
      return await collection.findOne({}, { projection: { _id: 0 } })
    }
    expect(
      await insert({ a: 1, 'b.c': 2, d: { $gt: 5 } }, { $set: { e: 1 }, $setOnInsert: { f: 1 } }),
    ).to.deep.equal({ a: 1, b: { c: 2 }, e: 1, f: 1 })
    expect(await insert({ $and: [{ a: 1 }, { b: { $eq: 2 } }] }, { $inc: { b: 1 } })).to.deep.equal(
      { a: 1, b: 3 },
    )
    expect(await insert({ a: { $in: [7] }, $or: [{ b: 8 }] }, { $push: { l: 1 } })).to.deep.equal({
      a: 7,
      b: 8,
      l: [1],
    })
    await collection.deleteMany({})
    const { upsertedId } = await collection.replaceOne(
      { _id: 9 as never, x: 1 },
      { y: 1 },
      { upsert: true },
    )
    expect(upsertedId).to.equal(9)
    expect(await collection.findOne()).to.deep.equal({ _id: 9, y: 1 })
    const twice = collection.updateOne(
      { a: 1, $and: [{ a: 2 }] },
      { $set: { b: 1 } },
      { upsert: true },
    )
    expect(await refusal(twice)).to.equal(54)
  })

  it('many, each as it is found', async () => {
    const collection = test.collection<Document>()
    await collection.insertMany(Array.from({ length: 500 }, (_, n) => ({ n })))
    await addIndex(collection, { n: 1 })
    const { matchedCount, modifiedCount } = await collection.updateMany(
      { n: { $lt: 300 } },
      { $inc: { n: 1000 } },
    )
    expect([matchedCount, modifiedCount]).to.deep.equal([300, 300])
    expect(await collection.countDocuments({ n: { $gte: 1000 } })).to.equal(300)
    expect(await refusal(collection.updateMany({}, [{ $set: { a: 1 } }] as never))).to.be.oneOf([
      9,
      undefined,
    ])
  })

  it('one after another in findOneAndUpdate, and gives what was or what is', async () => {
    const collection = test.collection<Document>()
    await collection.insertMany([
      { k: 1, n: 3 },
      { k: 1, n: 1 },
      { k: 1, n: 2 },
    ])
    const before = await collection.findOneAndUpdate(
      { k: 1 },
      { $inc: { n: 10 } },
      { sort: { n: 1 }, projection: { _id: 0 } },
    )
    expect(before).to.deep.equal({ k: 1, n: 1 })
    const after = await collection.findOneAndUpdate(
      { k: 1 },
      { $inc: { n: 10 } },
      { sort: { n: 1 }, returnDocument: 'after', projection: { n: 1, _id: 0 } },
    )
    expect(after).to.deep.equal({ n: 12 })
    expect(await collection.findOneAndUpdate({ k: 2 }, { $set: { n: 1 } })).to.equal(null)
    const made = await collection.findOneAndUpdate(
      { k: 2 },
      { $set: { n: 1 } },
      { upsert: true, returnDocument: 'after', includeResultMetadata: true },
    )
    expect(made.lastErrorObject).to.deep.include({ n: 1, updatedExisting: false })
    expect(made.value).to.deep.include({ k: 2, n: 1 })
    expect(await collection.findOneAndDelete({ k: 2 })).to.deep.include({ n: 1 })
    expect(
      await collection.findOneAndReplace({ n: 3 }, { z: 1 }, { returnDocument: 'after' }),
    ).to.deep.include({ z: 1 })
    expect(await collection.countDocuments()).to.equal(3)
  })

  it('seats in a session, never one too many', async () => {
    const collection = test.collection<{ _id: string; seatCount: number; seats: Document[] }>()
    await collection.insertOne({ _id: 's', seatCount: 0, seats: [] })
    const book = (person: number): Promise<unknown> =>
      collection.updateOne(
        { _id: 's', 'seats.person': { $ne: person }, seatCount: { $lt: 20 } },
        { $push: { seats: { person } }, $inc: { seatCount: 1 } },
      )
    await Promise.all(Array.from({ length: 60 }, (_, n) => book(n % 30)))
    const found = await collection.findOne()
    expect(found?.seatCount).to.equal(20)
    expect(new Set(found?.seats.map((seat) => Number(seat['person']))).size).to.equal(20)
  })
})
