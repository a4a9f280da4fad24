import { expect } from 'chai'
import type { Document } from 'bson'
import { useEngine } from './engine.js'

describe('a query of the embedded database goes', () => {
  const engine = useEngine()
  before(async () => {
    const documents = Array.from({ length: 1000 }, (_, n) => ({
      _id: n,
      n,
      group: n % 10,
      name: `name ${n}`,
      at: new Date(n * 1000),
      tags: [`t${n % 3}`, `u${n % 5}`],
      seats: [{ person: `p${n}`, state: 'taken' }],
      ...(n % 100 === 0 ? { rare: n } : {}),
    }))
    await engine.ask({ insert: 'c', documents })
    const keys: Document[] = [
      { n: 1 },
      { group: 1, at: -1 },
      { name: 1 },
      { tags: 1, n: 1 },
      { 'seats.person': 1, 'seats.state': 1 },
    ]
    const indexes = [
      ...keys.map((key) => ({ key, name: Object.keys(key).join('_') })),
      { key: { rare: 1 }, name: 'rare', sparse: true },
      { key: { at: 1 }, name: 'open', partialFilterExpression: { group: { $gte: 5 } } },
      { key: { n: 1, group: 1 }, name: 'one', unique: true },
    ]
    expect(await engine.ask({ createIndexes: 'c', indexes })).to.include({ ok: 1 })
  })

  const ways: readonly (readonly [filter: Document, sort: Document, way: string])[] = [
    [{ _id: 5 }, {}, '_id_ by 1'],
    [{ _id: { $in: [5, 6, 7] } }, {}, '_id_ by 1'],
    [{ n: 5, group: 5 }, {}, 'one by 2'],
    [{ group: 3 }, {}, 'group_at by 1'],
    [{ group: 3 }, { at: -1 }, 'group_at by 1'],
    [{ group: 3 }, { at: 1 }, 'group_at by 1, backwards'],
    [{ group: 3, at: { $gt: new Date(5000), $lte: new Date(9000) } }, {}, 'group_at by 2'],
    [{ group: { $in: [1, 2] }, at: new Date(5000) }, {}, 'group_at by 2'],
    [{ group: 3 }, { name: 1 }, 'group_at by 1, then sorted'],
    [{ group: 3, missing: 1 }, {}, 'group_at by 1'],
    [{ name: { $gte: 'name 7', $lt: 'name 8' } }, {}, 'name by 1'],
    [{ name: { $ne: 'x' } }, {}, 'all'],
    [{}, { name: 1 }, 'name by 0'],
    [{}, { name: -1 }, 'name by 0, backwards'],
    [{}, { name: 1, n: 1 }, 'all, then sorted'],
    [{ tags: 't1' }, {}, 'tags_n by 1'],
    [{ tags: 't1', n: 4 }, {}, 'tags_n by 2'],
    [{ group: 3, name: 'name 3' }, {}, 'name by 1'],
    [{ group: 3, name: { $gte: 'name 1' } }, {}, 'group_at by 1'],
    [{ tags: 't1' }, { n: 1 }, 'tags_n by 1'],
    [{ tags: { $gt: 'a', $lt: 'z' } }, { tags: 1 }, 'tags_n by 1, then sorted'],
    [
      { seats: { $elemMatch: { person: 'p5', state: 'taken' } } },
      {},
      'seats.person_seats.state by 1',
    ],
    [{ 'seats.person': 'p5', 'seats.state': 'taken' }, {}, 'seats.person_seats.state by 1'],
    [{ rare: 500 }, {}, 'rare by 1'],
    [{ rare: null }, {}, 'all'],
    [{ rare: { $exists: true } }, {}, 'all'],
    [{ group: 7, at: { $lt: new Date(9000) } }, {}, 'group_at by 2'],
    [{ group: { $gt: 7 }, at: new Date(9000) }, {}, 'open by 1'],
    [{ group: { $gt: 3 }, at: new Date(9000) }, {}, 'group_at by 1'],
    [{ $or: [{ name: 'name 1' }, { rare: 100 }] }, {}, 'name or rare'],
    [{ $or: [{ name: 'name 1' }, { other: 100 }] }, {}, 'all'],
    [{ n: { $in: [] } }, {}, 'n by 1'],
    [{ n: [1, 2] }, {}, 'all'],
  ]
  for (const [filter, sort, way] of ways) {
    it(`${way}: ${JSON.stringify(filter)}${Object.keys(sort).length > 0 ? ` by ${JSON.stringify(sort)}` : ''}`, () => {
      expect(engine.plan('c', filter, sort)).to.equal(way)
    })
  }

  it('by the order, where few are wanted of many', () => {
    expect(engine.plan('c', { group: { $gte: 0 } }, { name: 1 }, 5)).to.equal('name by 0')
    expect(engine.plan('c', { n: { $lt: 5 } }, { name: 1 }, 5)).to.equal('n by 1, then sorted')
  })
})
