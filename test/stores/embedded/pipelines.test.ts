import { expect } from 'chai'
import type { Document } from 'mongodb'
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
    [{ $group: { _id: '$house', n: { $sum: 1 }, ages: { $sum: '$age' } } }, { $sort: { _id: 1 } }],
    [
      { _id: null, n: 1, ages: 20.5 },
      { _id: 'north', n: 2, ages: 80 },
      { _id: 'south', n: 1, ages: 40 },
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
  ['$group of nothing', [{ $match: { age: 99 } }, { $group: { _id: null, n: { $sum: 1 } } }], []],
  ['$count', [{ $match: { house: 'north' } }, { $count: 'people' }], [{ people: 2 }]],
  ['$count of nothing', [{ $match: { house: 'west' } }, { $count: 'people' }], []],
  [
    '$project includes',
    [{ $match: { _id: 1 } }, { $project: { _id: 0, house: 1, done: { at: 1 } } }],
    [{ house: 'north', done: { at: new Date('2026-01-05T10:00:00Z') } }],
  ],
  [
    '$group by several fields',
    [
      { $match: { _id: 1 } },
      { $group: { _id: { house: '$house', at: '$done.at' }, n: { $sum: 1 } } },
    ],
    [{ _id: { house: 'north', at: new Date('2026-01-05T10:00:00Z') }, n: 1 }],
  ],
  ['$project excludes', [{ $match: { _id: 4 } }, { $project: { age: 0 } }], [{ _id: 4 }]],
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
})
