import { expect } from 'chai'
import { type Document, Double } from 'mongodb'
import { useDatabase } from '../../support/database.js'
import { refusal } from './refusal.js'
import { checkUpdate, type UpdateCase } from './update-case.js'

const arrays: readonly UpdateCase[] = [
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

describe('the database updates arrays:', () => {
  const test = useDatabase()

  for (const each of arrays) {
    it(each[0], () => checkUpdate(test.collection(), each))
  }

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
})
