import { expect } from 'chai'
import { Decimal128, type Document, Double, Int32, Long } from 'mongodb'
import { useDatabase } from '../../support/database.js'
import { addIndex } from './add-index.js'
import { refusal } from './refusal.js'

/** A document before, an update, the document after; `_id` is 1 throughout. */
type Case = readonly [what: string, before: Document, update: Document, after: Document]

const fields: readonly Case[] = [
  ['$set', { a: 1 }, { $set: { a: 2, b: 3 } }, { a: 2, b: 3 }],
  ['$set makes the documents on the way', {}, { $set: { 'a.b.c': 1 } }, { a: { b: { c: 1 } } }],
  [
    '$set keeps the place of a field',
    { a: 1, b: 2 },
    { $set: { a: { x: 1 } } },
    { a: { x: 1 }, b: 2 },
  ],
  [
    'new fields come in the order of their names',
    {},
    { $set: { c: 1, a: 1, b: 1 } },
    { a: 1, b: 1, c: 1 },
  ],
  [
    'numbered fields come in the order of their numbers',
    { a: {} },
    { $set: { 'a.10': 1, 'a.9': 1 } },
    { a: { 9: 1, 10: 1 } },
  ],
  ['$set of an item', { a: [1, 2] }, { $set: { 'a.1': 9 } }, { a: [1, 9] }],
  [
    '$set beyond the end fills with null',
    { a: [1] },
    { $set: { 'a.3': 9 } },
    { a: [1, null, null, 9] },
  ],
  ['$unset', { a: 1, b: 2 }, { $unset: { a: '' } }, { b: 2 }],
  ['$unset of an item leaves null', { a: [1, 2] }, { $unset: { 'a.0': '' } }, { a: [null, 2] }],
  ['$unset of what is not there', { a: 1 }, { $unset: { 'x.y': '' } }, { a: 1 }],
  ['$unset below a value', { a: 1 }, { $unset: { 'a.b': '' } }, { a: 1 }],
  ['$inc', { a: 1 }, { $inc: { a: 2, b: -1 } }, { a: 3, b: -1 }],
  ['$inc of a fraction', { a: 1 }, { $inc: { a: 0.5 } }, { a: 1.5 }],
  ['$mul', { a: 3 }, { $mul: { a: 2, b: 5 } }, { a: 6, b: 0 }],
  ['$min', { a: 5, b: 1 }, { $min: { a: 3, b: 3, c: 3 } }, { a: 3, b: 1, c: 3 }],
  [
    '$max goes by the order of all values',
    { a: 5, b: 1 },
    { $max: { a: 'x', b: 0 } },
    { a: 'x', b: 1 },
  ],
  ['$rename', { a: 1, b: 2 }, { $rename: { a: 'c' } }, { b: 2, c: 1 }],
  ['$rename over another field', { a: 1, b: 2, c: 3 }, { $rename: { a: 'b' } }, { c: 3, b: 1 }],
  ['$rename into a document', { a: 1 }, { $rename: { a: 'b.c' } }, { b: { c: 1 } }],
  ['$rename of what is not there', { b: 2 }, { $rename: { a: 'c' } }, { b: 2 }],
  ['$setOnInsert does nothing here', { a: 1 }, { $setOnInsert: { a: 2 } }, { a: 1 }],
  [
    '$bit',
    { a: 13, b: 1 },
    { $bit: { a: { and: 10 }, b: { or: 6 }, c: { xor: 3 } } },
    { a: 8, b: 7, c: 3 },
  ],
  [
    'several at once',
    { a: 1, l: [1] },
    { $inc: { a: 1 }, $push: { l: 2 }, $set: { b: 1 } },
    { a: 2, l: [1, 2], b: 1 },
  ],
  ['an empty operator', { a: 1 }, { $set: {} }, { a: 1 }],
]

const arrays: readonly Case[] = [
  ['$push', { l: [1] }, { $push: { l: 2 } }, { l: [1, 2] }],
  ['$push makes the array', {}, { $push: { 'a.l': 2 } }, { a: { l: [2] } }],
  ['$push of an array is one item', { l: [1] }, { $push: { l: [2, 3] } }, { l: [1, [2, 3]] }],
  ['$each', { l: [1] }, { $push: { l: { $each: [2, 3] } } }, { l: [1, 2, 3] }],
  ['$position', { l: [1, 2] }, { $push: { l: { $each: [9], $position: 1 } } }, { l: [1, 9, 2] }],
  [
    '$position from the end',
    { l: [1, 2] },
    { $push: { l: { $each: [9], $position: -1 } } },
    { l: [1, 9, 2] },
  ],
  ['$slice', { l: [1, 2] }, { $push: { l: { $each: [3], $slice: 2 } } }, { l: [1, 2] }],
  [
    '$slice from the end',
    { l: [1, 2] },
    { $push: { l: { $each: [3], $slice: -2 } } },
    { l: [2, 3] },
  ],
  [
    '$each after its modifiers',
    { l: [1] },
    { $push: { l: { $slice: -1, $each: [3] } } },
    { l: [3] },
  ],
  ['$slice of nothing', { l: [1, 2] }, { $push: { l: { $each: [3], $slice: 0 } } }, { l: [] }],
  ['$sort of values', { l: [3, 1] }, { $push: { l: { $each: [2], $sort: -1 } } }, { l: [3, 2, 1] }],
  [
    '$sort of mixed values',
    { l: ['b', [0], 1] },
    { $push: { l: { $each: [null], $sort: 1 } } },
    { l: [null, 1, 'b', [0]] },
  ],
  [
    '$sort by fields',
    {
      l: [
        { n: 1, m: 2 },
        { n: 1, m: 1 },
      ],
    },
    { $push: { l: { $each: [{ n: 0, m: 9 }], $sort: { n: -1, m: 1 } } } },
    {
      l: [
        { n: 1, m: 1 },
        { n: 1, m: 2 },
        { n: 0, m: 9 },
      ],
    },
  ],
  [
    '$sort and then $slice',
    { l: [3, 1] },
    { $push: { l: { $each: [2], $slice: 2, $sort: 1 } } },
    { l: [1, 2] },
  ],
  ['$addToSet', { l: [1, 2] }, { $addToSet: { l: 2 } }, { l: [1, 2] }],
  [
    '$addToSet of a number of another type',
    { l: [1] },
    { $addToSet: { l: new Double(1) } },
    { l: [1] },
  ],
  ['$addToSet $each', { l: [1] }, { $addToSet: { l: { $each: [1, 2, 2] } } }, { l: [1, 2] }],
  ['$addToSet makes the array', {}, { $addToSet: { l: { $each: [] } } }, { l: [] }],
  [
    '$addToSet of documents',
    { l: [{ a: 1, b: 2 }] },
    { $addToSet: { l: { b: 2, a: 1 } } },
    {
      l: [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
    },
  ],
  ['$pop at the end', { l: [1, 2, 3] }, { $pop: { l: 1 } }, { l: [1, 2] }],
  ['$pop at the front', { l: [1, 2, 3] }, { $pop: { l: -1 } }, { l: [2, 3] }],
  ['$pop of nothing', { a: 1 }, { $pop: { l: 1 } }, { a: 1 }],
  ['$pull a value', { l: [1, 2, 1] }, { $pull: { l: 1 } }, { l: [2] }],
  ['$pull by condition', { l: [1, 5, 9] }, { $pull: { l: { $gte: 5 } } }, { l: [1] }],
  ['$pull with $in', { l: [1, 5, 9] }, { $pull: { l: { $in: [1, 9] } } }, { l: [5] }],
  [
    '$pull documents by some of their fields',
    { l: [{ a: 1, b: 1 }, { a: 2 }, 3] },
    { $pull: { l: { a: 1 } } },
    { l: [{ a: 2 }, 3] },
  ],
  [
    '$pull documents by conditions',
    { l: [{ a: 1 }, { a: 5 }] },
    { $pull: { l: { a: { $gt: 3 } } } },
    { l: [{ a: 1 }] },
  ],
  ['$pull by pattern', { l: ['ab', 'b'] }, { $pull: { l: /^a/ } }, { l: ['b'] }],
  ['$pull an array as a whole', { l: [[1], 1] }, { $pull: { l: [1] } }, { l: [1] }],
  ['$pullAll', { l: [1, 2, 3, 1] }, { $pullAll: { l: [1, 3] } }, { l: [2] }],
  ['$[] changes all items', { l: [1, 2] }, { $inc: { 'l.$[]': 10 } }, { l: [11, 12] }],
  [
    '$[] and a field',
    { l: [{ a: 1 }, { a: 2 }] },
    { $set: { 'l.$[].b': 0 } },
    {
      l: [
        { a: 1, b: 0 },
        { a: 2, b: 0 },
      ],
    },
  ],
  ['$[] twice', { l: [[1], [2, 3]] }, { $inc: { 'l.$[].$[]': 1 } }, { l: [[2], [3, 4]] }],
]

/** What an update is refused with, for the document `{ _id: 1, n: 1, s: 'x', l: [1] }`. */
const refused: readonly (readonly [what: string, update: Document, code: number])[] = [
  ['a path through a value', { $set: { 'n.x': 1 } }, 28],
  ['a name in an array', { $set: { 'l.x': 1 } }, 28],
  ['$inc of text', { $inc: { s: 1 } }, 14],
  ['$inc by text', { $inc: { n: 'x' } }, 14],
  ['$inc beyond 64 bits', { $inc: { big: Long.MAX_VALUE } }, 2],
  ['$push to a value', { $push: { n: 1 } }, 2],
  ['$push with an unknown modifier', { $push: { l: { $each: [], $foo: 1 } } }, 2],
  ['$addToSet with a modifier', { $addToSet: { l: { $each: [], $slice: 1 } } }, 2],
  ['$addToSet to a value', { $addToSet: { s: 1 } }, 2],
  ['$pull from a value', { $pull: { s: 1 } }, 2],
  ['$pop by more than one', { $pop: { l: 2 } }, 9],
  ['the same path twice', { $set: { a: 1 }, $inc: { a: 1 } }, 40],
  ['a path and one under it', { $set: { a: 1, 'a.b': 1 } }, 40],
  ['a path and the target of a name', { $set: { b: 1 }, $rename: { a: 'b' } }, 40],
  ['_id', { $set: { _id: 2 } }, 66],
  ['an unknown operator', { $foo: { a: 1 } }, 9],
  ['an operator without fields', { $set: 5 }, 9],
  ['an empty name', { $set: { 'a..b': 1 } }, 56],
  ['a name with a dollar', { $set: { 'a.$b': 1 } }, 52],
  ['a position that the query has not found', { $set: { 'l.$': 1 } }, 2],
  ['a position too many', { $set: { 'l.$.a.$': 1 } }, 2],
  ['an identifier without a filter', { $set: { 'l.$[x]': 1 } }, 2],
  ['$[] of a value', { $set: { 'n.$[]': 1 } }, 2],
  ['$[] of nothing', { $set: { 'zz.$[]': 1 } }, 2],
  ['$currentDate of something else', { $currentDate: { a: { $type: 'x' } } }, 2],
  ['$bit of text', { $bit: { s: { and: 1 } } }, 2],
  ['$rename from an array', { $rename: { 'l.0': 'a' } }, 2],
]

describe('the database updates', () => {
  const test = useDatabase()

  for (const [what, before, update, after] of [...fields, ...arrays]) {
    it(what, async () => {
      const collection = test.collection<{ _id: number }>()
      await collection.insertOne({ _id: 1, ...before })
      const { matchedCount, modifiedCount } = await collection.updateOne({ _id: 1 }, update)
      const found = await collection.findOne()
      expect(found).to.deep.equal({ _id: 1, ...after })
      expect(Object.keys(found ?? {}), 'the order of fields').to.deep.equal([
        '_id',
        ...Object.keys(after),
      ])
      expect(matchedCount).to.equal(1)
      const changed = JSON.stringify(before) !== JSON.stringify(after)
      expect(modifiedCount).to.equal(changed ? 1 : 0)
    })
  }

  for (const [what, update, code] of refused) {
    it(`not: ${what}`, async () => {
      const collection = test.collection<{ _id: number }>()
      const document = { _id: 1, n: 1, s: 'x', l: [1], big: Long.fromInt(1) }
      await collection.insertOne(document)
      expect(await refusal(collection.updateOne({ _id: 1 }, update))).to.equal(code)
      expect(await collection.findOne({}, { promoteLongs: false })).to.deep.equal(document)
    })
  }

  it('keeps the types of numbers', async () => {
    const collection = test.collection<Document>()
    const types = { promoteValues: false }
    await collection.insertOne({
      i: new Int32(1),
      l: Long.fromInt(1),
      d: new Double(1),
      m: new Int32(2147483647),
      x: Decimal128.fromString('1.50'),
    })
    await collection.updateOne(
      {},
      {
        $inc: { i: new Int32(1), l: new Int32(1), d: new Int32(1), m: new Int32(1) },
        $set: { other: true },
      },
    )
    const found = await collection.findOne({}, types)
    expect(found?.['i']).to.be.instanceOf(Int32)
    expect(found?.['l']).to.deep.equal(Long.fromInt(2))
    expect(found?.['d']).to.be.instanceOf(Double)
    expect(found?.['m']).to.deep.equal(Long.fromNumber(2147483648))
    expect(String(found?.['x'])).to.equal('1.50')
  })

  it('$currentDate', async () => {
    const collection = test.collection<Document>()
    await collection.insertOne({})
    await collection.updateOne(
      {},
      {
        $currentDate: { at: true as never, also: { $type: 'date' }, stamp: { $type: 'timestamp' } },
      },
    )
    const found = await collection.findOne()
    expect(found?.['at']).to.be.instanceOf(Date)
    expect(found?.['also']).to.be.instanceOf(Date)
    expect(found?.['stamp']).to.have.property('_bsontype', 'Timestamp')
  })

  it('the item that the query found, by $', async () => {
    const collection = test.collection<Document>()
    await collection.insertOne({
      seats: [
        { p: 'a', s: 'free' },
        { p: 'b', s: 'free' },
      ],
      other: [{ q: 1 }],
    })
    await collection.updateOne({ 'seats.p': 'b' }, { $set: { 'seats.$.s': 'taken' } })
    await collection.updateOne(
      { seats: { $elemMatch: { p: 'a', s: 'free' } } },
      { $inc: { 'seats.$.n': 1 } },
    )
    await collection.updateOne(
      { $and: [{ 'other.q': 1 }, { 'seats.p': 'b' }] },
      { $set: { 'seats.$.x': 1 } },
    )
    await collection.updateOne({ 'seats.p': 'b', 'other.q': 1 }, { $set: { 'seats.$.y': 1 } })
    expect(await collection.findOne()).to.deep.include({
      seats: [
        { p: 'a', s: 'free', n: 1 },
        { p: 'b', s: 'taken', x: 1, y: 1 },
      ],
    })
  })

  it('the items that array filters choose', async () => {
    const collection = test.collection<Document>()
    await collection.insertOne({
      l: [
        { n: 1, k: [1, 5] },
        { n: 5, k: [7] },
      ],
    })
    await collection.updateOne(
      {},
      { $set: { 'l.$[big].hit': true } },
      { arrayFilters: [{ 'big.n': { $gt: 3 } }] },
    )
    await collection.updateOne(
      {},
      { $inc: { 'l.$[].k.$[odd]': 100 } },
      { arrayFilters: [{ odd: { $gte: 5 } }] },
    )
    expect(await collection.findOne({}, { projection: { _id: 0 } })).to.deep.equal({
      l: [
        { n: 1, k: [1, 105] },
        { n: 5, k: [107], hit: true },
      ],
    })
    const wrong = (arrayFilters: Document[]): Promise<unknown> =>
      collection.updateOne({}, { $set: { 'l.$[x]': 1 } }, { arrayFilters })
    expect(await refusal(wrong([{ x: 1 }, { y: 1 }])), 'one not used').to.equal(9)
    expect(await refusal(wrong([{ x: 1 }, { x: 2 }])), 'the same twice').to.equal(9)
    expect(await refusal(wrong([{ x: 1, y: 1 }])), 'two in one').to.equal(9)
    const both = collection.updateOne(
      {},
      { $set: { 'l.$[a].v': 1, 'l.$[b].v': 2 } },
      { arrayFilters: [{ 'a.n': 1 }, { 'b.n': { $gt: 0 } }] },
    )
    expect(await refusal(both), 'two filters for one item').to.equal(40)
  })

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
