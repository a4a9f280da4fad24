import { expect } from 'chai'
import MongoStore from 'connect-mongo'
import type { SessionData } from 'express-session'
import { Binary, MongoClient } from 'mongodb'
import mongoose, { type Connection, trusted } from 'mongoose'
import { RateLimiterMongo } from 'rate-limiter-flexible'
import { newDatabaseName, testServer } from '../../support/database.js'

describe('the clients that the application uses', () => {
  let client: MongoClient
  let name = ''
  before(async () => {
    const { uri } = await testServer()
    name = newDatabaseName()
    client = await MongoClient.connect(uri)
  })
  after(async () => {
    await client.db(name).dropDatabase()
    await client.close()
  })

  it('Mongoose: indexes, documents, conditional and bulk writes', async () => {
    const { uri } = await testServer()
    const connection: Connection = mongoose.createConnection(uri, {
      dbName: name,
      autoIndex: false,
    })
    await connection.asPromise()
    interface Shape {
      person: string
      at?: Date
      tags: string[]
      n?: number
      in?: { org?: string }
    }
    const fields = { person: String, at: Date, tags: [String], n: Number, in: { org: String } }
    const schema = new mongoose.Schema<Shape>(fields, { strict: 'throw', strictQuery: 'throw' })
    schema.index({ person: 1, at: -1 }, { unique: true })
    schema.index({ tags: 1 })
    const Row = connection.model<Shape>('Row', schema)
    expect(await Row.syncIndexes()).to.deep.equal([])
    expect(await Row.syncIndexes()).to.deep.equal([])
    const at = new Date('2026-03-01')
    await Row.create({ person: 'a', at, tags: ['x'], n: 1 })
    await Row.insertMany([
      { person: 'b', at, n: 2 },
      { person: 'c', at, n: 3, in: { org: 'o' } },
    ])
    const operations = Array.from({ length: 3000 }, (_, i) => ({
      updateOne: {
        filter: { person: `p${i % 1500}`, at },
        update: {
          $inc: { n: 1 },
          $addToSet: { tags: `t${i % 3}` },
          $setOnInsert: { 'in.org': 'bulk' },
        },
        upsert: true,
      },
    }))
    const result = await Row.bulkWrite(operations, { ordered: false })
    expect(result).to.include({ upsertedCount: 1500, matchedCount: 1500, modifiedCount: 1500 })
    expect(await Row.countDocuments({ 'in.org': 'bulk', n: 2 })).to.equal(1500)
    const many = Array.from({ length: 10_000 }, (_, i) => `p${i}`)
    expect(await Row.find({ person: trusted({ $in: many }) }, { person: 1 }).lean()).to.have.length(
      1500,
    )
    const page = await Row.find({ person: trusted({ $gte: 'p1', $lt: 'p2' }) })
      .sort({ person: 1, at: -1 })
      .skip(5)
      .limit(3)
      .lean()
    expect(page.map((row) => row.person)).to.deep.equal(['p1002', 'p1003', 'p1004'])
    const found = await Row.findOne({ person: 'c' })
    found?.tags.push('y')
    await found?.save()
    expect((await Row.findOne({ tags: 'y' }).lean())?.person).to.equal('c')
    expect(
      (
        await Row.findOneAndUpdate(
          { person: 'a', n: trusted({ $lt: 5 }) },
          { $inc: { n: 1 } },
          { returnDocument: 'after' },
        ).lean()
      )?.n,
    ).to.equal(2)
    expect(await Row.distinct('tags', { person: trusted({ $gte: 'p' }) })).to.have.members([
      't0',
      't1',
      't2',
    ])
    await connection.close()
  })

  it('connect-mongo: sessions come, go and expire', async () => {
    const store = MongoStore.create({ client, dbName: name, ttl: 60, collectionName: 'sessions' })
    const call = <T>(
      act: (done: (error: unknown, value?: T) => void) => void,
    ): Promise<T | undefined> =>
      new Promise((resolve, reject) => {
        act((error, value) => {
          if (error) reject(error instanceof Error ? error : new Error('the store failed'))
          else resolve(value)
        })
      })
    const session = { cookie: { originalMaxAge: 1000 }, who: 'me' } as unknown as SessionData
    await call((done) => store.set('one', session, done))
    await call((done) => store.set('one', { ...session, more: 1 } as SessionData, done))
    expect(await call((done) => store.get('one', done))).to.include({ who: 'me', more: 1 })
    await call((done) => store.touch('one', session as never, done))
    expect(await call<number>((done) => store.length(done as never))).to.equal(1)
    const index = (await client.db(name).collection('sessions').indexes()).find(
      (each) => (each.key as { expires?: number }).expires,
    )
    expect(index).to.include({ expireAfterSeconds: 0 })
    await call((done) => store.destroy('one', done))
    expect(await call((done) => store.get('one', done))).to.be.oneOf([undefined, null])
    await call((done) => store.clear(done))
  })

  it('rate-limiter-flexible: the sixth of five is one too many', async () => {
    const limiter = new RateLimiterMongo({
      storeClient: client,
      dbName: name,
      points: 5,
      duration: 60,
      tableName: 'limits',
    })
    const consumed = await Promise.allSettled(
      Array.from({ length: 8 }, () => limiter.consume('somebody')),
    )
    expect(consumed.filter(({ status }) => status === 'fulfilled')).to.have.length(5)
    expect(await limiter.get('somebody')).to.include({ consumedPoints: 8 })
    await limiter.delete('somebody')
    expect(await limiter.get('somebody')).to.equal(null)
  })

  it('a lease goes to one of many', async () => {
    const leases = client
      .db(name)
      .collection<{ _id: string; holder: number; until: Date }>('leases')
    const now = new Date()
    const take = (holder: number) =>
      leases
        .findOneAndUpdate(
          { _id: 'sealer', until: { $lt: now } },
          { $set: { holder, until: new Date(now.getTime() + 1000) } },
          { upsert: true, returnDocument: 'after' },
        )
        .then(
          (lease) => lease?.holder,
          (error: unknown) => (error as { code?: unknown }).code,
        )
    const answers = await Promise.all([1, 2, 3, 4, 5].map(take))
    expect(answers.filter((answer) => answer === 11000)).to.have.length(4)
  })

  it('eight megabytes of bytes come back as they went', async () => {
    const chunks = client.db(name).collection<{ _id: number; data: Binary }>('chunks')
    const data = Buffer.alloc(8 * 1024 * 1024, 'good standing ')
    await chunks.insertMany([1, 2, 3].map((_id) => ({ _id, data: new Binary(data) })))
    const found = await chunks.find({}, { sort: { _id: 1 } }).toArray()
    expect(found.map(({ data: held }) => data.equals(held.buffer))).to.deep.equal([
      true,
      true,
      true,
    ])
  })
})
