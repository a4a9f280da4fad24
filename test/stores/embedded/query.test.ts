import { expect } from 'chai'
import {
  Binary,
  Decimal128,
  type Document,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'mongodb'
import { useDatabase } from '../../support/database.js'

const big = Long.fromString('9007199254740993')
const at = new Date('2026-03-01T09:00:00Z')
const id = new ObjectId('65f000000000000000000001')

/** What is in the collection, what is asked, and the `_id`s that are to come, in order of `_id`. */
type Case = readonly [what: string, documents: readonly unknown[], query: Document, found: number[]]

const values: readonly Case[] = [
  ['equality', [1, 2, '1'], { v: 1 }, [0]],
  ['$eq', [1, 2], { v: { $eq: 2 } }, [1]],
  [
    'numbers of all types are equal',
    [new Int32(5), new Double(5), Long.fromInt(5), Decimal128.fromString('5.0')],
    { v: 5 },
    [0, 1, 2, 3],
  ],
  ['a long beyond 2^53 equals only itself', [big, new Double(9007199254740992)], { v: big }, [0]],
  [
    '0.1 the decimal is not 0.1 the double',
    [0.1, Decimal128.fromString('0.1')],
    { v: Decimal128.fromString('0.1') },
    [1],
  ],
  ['minus zero is zero', [new Double(-0), 0], { v: 0 }, [0, 1]],
  ['NaN equals NaN', [Number.NaN, 0, Decimal128.fromString('NaN')], { v: Number.NaN }, [0, 2]],
  ['NaN orders with nothing', [Number.NaN, 0, -1], { v: { $lt: 5 } }, [1, 2]],
  ['NaN is at least itself', [Number.NaN, 0], { v: { $gte: Number.NaN } }, [0]],
  ['null means null or missing', [null, undefined, 0, ''], { v: null }, [0, 1]],
  ['null is at least null', [null, undefined, 0], { v: { $gte: null } }, [0, 1]],
  ['nothing is above null', [null, undefined, 0], { v: { $gt: null } }, []],
  ['$ne null', [null, undefined, 0], { v: { $ne: null } }, [2]],
  ['$gt keeps to the kind of value', [5, '9', at, null, [7]], { v: { $gt: 4 } }, [0, 4]],
  [
    '$gt of text goes by bytes',
    ['a', 'B', 'é', 'z', '😀', '\uffee'],
    { v: { $gt: 'z' } },
    [2, 4, 5],
  ],
  ['$gte of text beyond the first plane', ['\uffee', '😀'], { v: { $gte: '😀' } }, [1]],
  ['$lt of dates', [at, new Date(0)], { v: { $lt: at } }, [1]],
  ['$lte of object ids', [id, new ObjectId('65f000000000000000000002')], { v: { $lte: id } }, [0]],
  ['false is below true', [true, false], { v: { $lt: true } }, [1]],
  [
    'binary goes by length first',
    [new Binary(Buffer.from([9])), new Binary(Buffer.from([1, 1]))],
    { v: { $gt: new Binary(Buffer.from([9])) } },
    [1],
  ],
  [
    'timestamps',
    [new Timestamp({ t: 0, i: 5 }), new Timestamp({ t: 0, i: 6 })],
    { v: { $gt: new Timestamp({ t: 0, i: 5 }) } },
    [1],
  ],
  [
    'MinKey and MaxKey bound everything',
    [1, 'a', undefined],
    { v: { $gt: new MinKey() } },
    [0, 1, 2],
  ],
  ['MaxKey above everything', [1, new MaxKey()], { v: { $lt: new MaxKey() } }, [0]],
  [
    'documents are equal field by field in order',
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, { a: 1 }],
    { v: { a: 1, b: 2 } },
    [0],
  ],
  ['documents are ordered', [{ a: 1 }, { a: 2 }, { b: 0 }], { v: { $gt: { a: 1 } } }, [1, 2]],
  ['an array is equal as a whole', [[1, 2], [2, 1], [[1, 2]]], { v: [1, 2] }, [0, 2]],
  ['an item of an array is equal', [[1, 2], 2, [[2]]], { v: 2 }, [0, 1]],
  ['arrays are ordered item by item', [[1, 2], [1, 3], [2]], { v: { $gt: [1, 2] } }, [1, 2]],
  [
    'different items may meet different conditions',
    [[1, 9], [5], [9]],
    { v: { $gt: 4, $lt: 6 } },
    [0, 1],
  ],
  ['$in', [1, 2, 'x', null], { v: { $in: [2, 'x'] } }, [1, 2]],
  ['$in with null means missing too', [1, null, undefined], { v: { $in: [null, 1] } }, [0, 1, 2]],
  ['$in of nothing', [1], { v: { $in: [] } }, []],
  ['$nin', [1, 2, undefined, [1, 3]], { v: { $nin: [1] } }, [1, 2]],
  ['$exists', [1, null, undefined], { v: { $exists: true } }, [0, 1]],
  ['$exists false', [1, null, undefined], { v: { $exists: false } }, [2]],
  ['$elemMatch on values', [[1, 9], [5], 5], { v: { $elemMatch: { $gt: 4, $lt: 6 } } }, [1]],
  [
    '$elemMatch on documents',
    [
      [
        { a: 1, b: 1 },
        { a: 2, b: 2 },
      ],
      [{ a: 1, b: 2 }],
    ],
    { v: { $elemMatch: { a: 1, b: 2 } } },
    [1],
  ],
  [
    '$elemMatch with $or',
    [[{ a: 1 }], [{ a: 3 }]],
    { v: { $elemMatch: { $or: [{ a: 3 }, { a: 4 }] } } },
    [1],
  ],
  ['$not', [1, 5, undefined], { v: { $not: { $gt: 3 } } }, [0, 2]],
  ['$ne on arrays', [[1, 2], [3]], { v: { $ne: 1 } }, [1]],
]

const paths: readonly Case[] = [
  ['a path into documents', [{ a: 1 }, { b: 1 }], { 'v.a': 1 }, [0]],
  ['a path through an array', [[{ a: 1 }, { a: 2 }], [{ a: 3 }]], { 'v.a': 2 }, [0]],
  ['a path to an array at its end', [{ a: [1, 2] }, { a: 3 }], { 'v.a': 2 }, [0]],
  [
    'a position',
    [
      [1, 2],
      [2, 1],
    ],
    { 'v.0': 2 },
    [1],
  ],
  ['a position does not look into what is there', [[[1, 2]], [1]], { 'v.0': 1 }, [1]],
  ['a position and then a field', [[{ a: 1 }, { a: 2 }]], { 'v.1.a': 2 }, [0]],
  ['a number may be a field', [{ 0: 'x' }, ['x']], { 'v.0': 'x' }, [0, 1]],
  ['null where an item lacks the field', [[{ a: 1 }, {}], [{ a: 1 }], []], { 'v.a': null }, [0]],
  ['null where there is no document', [5, {}, [1]], { 'v.a': null }, [0, 1]],
  ['$exists through an array', [[{ a: 1 }, 5], [5]], { 'v.a': { $exists: true } }, [0]],
  ['$and', [{ a: 1, b: 1 }, { a: 1 }], { $and: [{ 'v.a': 1 }, { 'v.b': 1 }] }, [0]],
  ['$or', [{ a: 1 }, { b: 1 }, { c: 1 }], { $or: [{ 'v.a': 1 }, { 'v.b': 1 }] }, [0, 1]],
  ['$nor', [{ a: 1 }, { b: 1 }, { c: 1 }], { $nor: [{ 'v.a': 1 }, { 'v.b': 1 }] }, [2]],
  ['$comment says nothing', [{ a: 1 }], { 'v.a': 1, $comment: 'why' }, [0]],
  ['nothing asked', [1, 2], {}, [0, 1]],
]

describe('the database finds', () => {
  const test = useDatabase()

  for (const [what, documents, query, found] of [...values, ...paths]) {
    it(what, async () => {
      const collection = test.collection<{ _id: number; v?: unknown }>()
      await collection.insertMany(
        documents.map((v, _id) => (v === undefined ? { _id } : { _id, v })),
      )
      const answer = await collection.find(query, { sort: { _id: 1 } }).toArray()
      expect(answer.map((document) => document._id)).to.deep.equal(found)
      expect(await collection.countDocuments(query)).to.equal(found.length)
    })
  }
})
