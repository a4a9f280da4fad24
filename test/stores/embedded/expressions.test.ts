import { expect } from 'chai'
import { type Document, Double, Int32, Long } from 'mongodb'
import { useDatabase } from '../../support/database.js'

/** An expression over `{ n: 7, o: { k: 1 }, a: [{ k: 1 }, { k: 2 }, {}], z: null }`. */
const expressions: readonly (readonly [expression: unknown, value: unknown])[] = [
  ['$n', 7],
  ['$o.k', 1],
  ['$a.k', [1, 2]],
  ['$a.k.x', []],
  ['$n.k', null],
  ['$missing', null],
  ['$z', null],
  ['n', 'n'],
  [
    ['$n', '$missing', 1],
    [7, null, 1],
  ],
  [{ x: '$n', y: '$missing' }, { x: 7 }],
  [{ x: { y: ['$o.k'] } }, { x: { y: [1] } }],
]

describe('an expression', () => {
  const test = useDatabase()

  it('is a path, a constant, or a document or list of expressions', async () => {
    const collection = test.collection<Document>()
    await collection.insertOne({ n: 7, o: { k: 1 }, a: [{ k: 1 }, { k: 2 }, {}], z: null })
    for (const [expression, value] of expressions) {
      const [found] = await collection.aggregate([{ $group: { _id: expression } }]).toArray()
      expect(found, JSON.stringify(expression)).to.deep.equal({ _id: value })
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
    }
    const [found] = await collection
      .aggregate([{ $group: sums }], { promoteValues: false })
      .toArray()
    expect(found?.['i']).to.deep.equal(Long.fromNumber(2147483648))
    expect(String(found?.['l'])).to.equal('9007199254740994')
    expect((found?.['d'] as Double).value).to.equal(0.6)
  })
})
