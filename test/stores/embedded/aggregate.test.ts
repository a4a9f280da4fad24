import { expect } from 'chai'
import { type Document, Double, Int32, Long } from 'mongodb'
import { useDatabase } from '../../support/database.js'

const people = [
  {
    _id: 1,
    house: 'north',
    age: 30,
    tags: ['a', 'b'],
    done: { at: new Date('2026-01-05T10:00:00Z') },
  },
  { _id: 2, house: 'north', age: 50, tags: [], done: null },
  { _id: 3, house: 'south', age: 40, tags: ['b'] },
  { _id: 4, age: 20.5 },
]

/** A pipeline over the four people, and what comes out. */
const cases: readonly (readonly [what: string, pipeline: Document[], out: unknown[]])[] = [
  [
    '$match and $sort',
    [{ $match: { age: { $gt: 25 } } }, { $sort: { age: -1 } }, { $project: { age: 1 } }],
    [
      { _id: 2, age: 50 },
      { _id: 3, age: 40 },
      { _id: 1, age: 30 },
    ],
  ],
  [
    '$skip and $limit',
    [{ $sort: { _id: 1 } }, { $skip: 1 }, { $limit: 2 }, { $project: { _id: 1 } }],
    [{ _id: 2 }, { _id: 3 }],
  ],
  [
    '$limit and then $skip',
    [{ $sort: { _id: 1 } }, { $limit: 2 }, { $skip: 1 }, { $project: { _id: 1 } }],
    [{ _id: 2 }],
  ],
  [
    '$limit and then $sort',
    [{ $limit: 2 }, { $sort: { _id: -1 } }, { $project: { _id: 1 } }],
    [{ _id: 2 }, { _id: 1 }],
  ],
  [
    '$match after $limit',
    [{ $limit: 2 }, { $match: { age: 50 } }, { $project: { _id: 1 } }],
    [{ _id: 2 }],
  ],
  [
    '$group',
    [
      { $group: { _id: '$house', n: { $sum: 1 }, ages: { $sum: '$age' }, mean: { $avg: '$age' } } },
      { $sort: { _id: 1 } },
    ],
    [
      { _id: null, n: 1, ages: 20.5, mean: 20.5 },
      { _id: 'north', n: 2, ages: 80, mean: 40 },
      { _id: 'south', n: 1, ages: 40, mean: 40 },
    ],
  ],
  [
    '$group keeps least, greatest, first and last',
    [
      { $sort: { _id: 1 } },
      {
        $group: {
          _id: null,
          least: { $min: '$age' },
          most: { $max: '$age' },
          first: { $first: '$house' },
          last: { $last: '$house' },
        },
      },
    ],
    [{ _id: null, least: 20.5, most: 50, first: 'north', last: null }],
  ],
  [
    '$group gathers',
    [
      { $sort: { _id: 1 } },
      { $group: { _id: { h: '$house' }, ids: { $push: '$_id' } } },
      { $match: { '_id.h': 'north' } },
    ],
    [{ _id: { h: 'north' }, ids: [1, 2] }],
  ],
  [
    '$group gathers each once',
    [
      { $group: { _id: 1, houses: { $addToSet: '$house' } } },
      { $unwind: '$houses' },
      { $sort: { houses: 1 } },
      { $project: { _id: 0 } },
    ],
    [{ houses: 'north' }, { houses: 'south' }],
  ],
  [
    '$group with a condition',
    [{ $group: { _id: null, old: { $sum: { $cond: [{ $gte: ['$age', 40] }, 1, 0] } } } }],
    [{ _id: null, old: 2 }],
  ],
  ['$group with $count', [{ $group: { _id: null, n: { $count: {} } } }], [{ _id: null, n: 4 }]],
  ['$group of nothing', [{ $match: { age: 99 } }, { $group: { _id: null, n: { $sum: 1 } } }], []],
  ['$count', [{ $match: { house: 'north' } }, { $count: 'people' }], [{ people: 2 }]],
  ['$count of nothing', [{ $match: { house: 'west' } }, { $count: 'people' }], []],
  [
    '$unwind',
    [{ $unwind: '$tags' }, { $project: { tags: 1 } }, { $sort: { _id: 1, tags: 1 } }],
    [
      { _id: 1, tags: 'a' },
      { _id: 1, tags: 'b' },
      { _id: 3, tags: 'b' },
    ],
  ],
  [
    '$unwind keeps the empty',
    [
      { $unwind: { path: '$tags', preserveNullAndEmptyArrays: true } },
      { $project: { tags: 1 } },
      { $sort: { _id: 1, tags: 1 } },
    ],
    [{ _id: 1, tags: 'a' }, { _id: 1, tags: 'b' }, { _id: 2 }, { _id: 3, tags: 'b' }, { _id: 4 }],
  ],
  [
    '$addFields',
    [
      { $match: { _id: 1 } },
      { $addFields: { 'done.by': 'x', twice: { $multiply: ['$age', 2] }, age: 'gone' } },
      { $project: { tags: 0 } },
    ],
    [
      {
        _id: 1,
        house: 'north',
        age: 'gone',
        done: { at: new Date('2026-01-05T10:00:00Z'), by: 'x' },
        twice: 60,
      },
    ],
  ],
  [
    '$set is $addFields',
    [{ $match: { _id: 4 } }, { $set: { house: 'new' } }],
    [{ _id: 4, age: 20.5, house: 'new' }],
  ],
  [
    '$unset',
    [{ $match: { _id: 1 } }, { $unset: ['tags', 'done.at'] }],
    [{ _id: 1, house: 'north', age: 30, done: {} }],
  ],
  [
    '$project includes',
    [{ $match: { _id: 1 } }, { $project: { _id: 0, house: 1, done: { at: 1 } } }],
    [{ house: 'north', done: { at: new Date('2026-01-05T10:00:00Z') } }],
  ],
  [
    '$project computes',
    [
      { $match: { _id: 1 } },
      { $project: { name: { $concat: ['$house', '!'] }, first: { $arrayElemAt: ['$tags', 0] } } },
    ],
    [{ _id: 1, name: 'north!', first: 'a' }],
  ],
  ['$project excludes', [{ $match: { _id: 4 } }, { $project: { age: 0 } }], [{ _id: 4 }]],
  [
    '$replaceRoot',
    [
      { $match: { _id: 1 } },
      { $replaceRoot: { newRoot: { $mergeObjects: [{ a: 1, b: 1 }, { b: '$age' }] } } },
    ],
    [{ a: 1, b: 30 }],
  ],
  [
    '$replaceWith',
    [{ $match: { _id: 1 } }, { $replaceWith: '$done' }],
    [{ at: new Date('2026-01-05T10:00:00Z') }],
  ],
]

/** An expression over `{ n: 7, d: 2.5, s: 'text', l: [3, 1], o: { k: 1 }, a: [{ k: 1 }, { k: 2 }, {}], z: null }`. */
const expressions: readonly (readonly [expression: unknown, value: unknown])[] = [
  ['$n', 7],
  ['$o.k', 1],
  ['$a.k', [1, 2]],
  ['$missing', undefined],
  ['$z', null],
  [{ $literal: '$n' }, '$n'],
  [
    ['$n', '$missing', 1],
    [7, null, 1],
  ],
  [{ x: '$n', y: '$missing' }, { x: 7 }],
  [{ $eq: ['$n', 7.0] }, true],
  [{ $eq: ['$missing', null] }, false],
  [{ $lt: ['$missing', null] }, true],
  [{ $gt: ['$s', '$n'] }, true],
  [{ $cmp: ['$n', 8] }, -1],
  [{ $and: ['$n', true, { $ne: ['$s', ''] }] }, true],
  [{ $and: [] }, true],
  [{ $or: ['$z', 0] }, false],
  [{ $not: ['$z'] }, true],
  [{ $cond: ['$z', 1, 2] }, 2],
  [{ $cond: { if: '$n', then: 'yes', else: 'no' } }, 'yes'],
  [{ $ifNull: ['$z', '$missing', 5] }, 5],
  [{ $add: ['$n', '$d', 1] }, 10.5],
  [{ $add: ['$n', '$missing'] }, null],
  [{ $subtract: ['$n', 2] }, 5],
  [{ $multiply: ['$n', 3] }, 21],
  [{ $divide: ['$n', 2] }, 3.5],
  [{ $size: '$l' }, 2],
  [{ $in: [1, '$l'] }, true],
  [{ $arrayElemAt: ['$l', -1] }, 1],
  [{ $arrayElemAt: ['$l', 5] }, undefined],
  [{ $first: '$l' }, 3],
  [{ $last: '$l' }, 1],
  [{ $sum: '$l' }, 4],
  [{ $sum: ['$n', '$s', 1] }, 8],
  [{ $avg: '$l' }, 2],
  [{ $max: ['$n', '$d'] }, 7],
  [{ $min: '$l' }, 1],
  [{ $concat: ['$s', '-', 'x'] }, 'text-x'],
  [{ $concat: ['$s', '$z'] }, null],
  [{ $mergeObjects: ['$o', { m: 2 }, '$z'] }, { k: 1, m: 2 }],
  ['$$ROOT.n', 7],
]

describe('a pipeline', () => {
  const test = useDatabase()

  for (const [what, pipeline, out] of cases) {
    it(what, async () => {
      const collection = test.collection<Document>()
      await collection.insertMany(people as unknown as Document[])
      expect(await collection.aggregate(pipeline).toArray()).to.deep.equal(out)
    })
  }

  it('computes', async () => {
    const collection = test.collection<Document>()
    await collection.insertOne({
      n: 7,
      d: 2.5,
      s: 'text',
      l: [3, 1],
      o: { k: 1 },
      a: [{ k: 1 }, { k: 2 }, {}],
      z: null,
    })
    for (const [expression, value] of expressions) {
      const [found] = await collection
        .aggregate([{ $project: { _id: 0, value: expression } }])
        .toArray()
      expect(found, JSON.stringify(expression)).to.deep.equal(value === undefined ? {} : { value })
    }
  })

  it('sums whole numbers exactly, and keeps their types', async () => {
    const collection = test.collection<Document>()
    await collection.insertMany([
      { i: new Int32(2147483647), l: Long.fromString('9007199254740993'), d: 0.1 },
      { i: new Int32(1), l: Long.fromInt(1), d: 0.2 },
      { i: new Int32(0), l: Long.fromInt(0), d: 0.3 },
    ])
    const sums = {
      _id: null,
      i: { $sum: '$i' },
      l: { $sum: '$l' },
      d: { $sum: '$d' },
      both: { $sum: { $add: ['$i', '$d'] } },
    }
    const [found] = await collection
      .aggregate([{ $group: sums }], { promoteValues: false })
      .toArray()
    expect(found?.['i']).to.deep.equal(Long.fromNumber(2147483648))
    expect(String(found?.['l'])).to.equal('9007199254740994')
    expect((found?.['d'] as Double).value).to.equal(0.6)
  })

  it('gives its results in batches', async () => {
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

  it('tells the distinct values of a field, items of arrays one by one', async () => {
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
