import { expect } from 'chai'
import fc from 'fast-check'
import type { Document, Filter } from 'mongodb'
import { useDatabase } from '../../support/database.js'
import { property } from '../../support/property.js'
import { matches, type Plain, type PlainDocument, refused, sorted, updated } from './model.js'
import { refusal } from './refusal.js'

const scalar = fc.oneof(
  fc.constantFrom<Plain>(null, true, false, 0, 1, 2, -1, 1.5, '', 'a', 'b', 'ab', 'é', 'A'),
  fc.integer({ min: -3, max: 3 }),
)
const inner = fc.dictionary(fc.constantFrom('x', 'y'), scalar, { maxKeys: 2 })
const value: fc.Arbitrary<Plain> = fc.oneof(
  { arbitrary: scalar, weight: 5 },
  { arbitrary: fc.array(fc.oneof(scalar, inner), { maxLength: 3 }), weight: 2 },
  { arbitrary: inner, weight: 2 },
)
const document = fc.dictionary(fc.constantFrom('a', 'b', 'c'), value, { maxKeys: 3 })
const documents = fc.array(document, { minLength: 1, maxLength: 12 })

const condition: fc.Arbitrary<PlainDocument> = fc.oneof(
  fc
    .tuple(fc.constantFrom('$eq', '$ne', '$gt', '$gte', '$lt', '$lte'), value)
    .map(([name, wanted]) => ({ [name]: wanted })),
  fc
    .tuple(fc.constantFrom('$in', '$nin'), fc.array(value, { maxLength: 3 }))
    .map(([name, wanted]) => ({ [name]: wanted })),
  fc.boolean().map((wanted) => ({ $exists: wanted })),
)
const leaf = fc
  .tuple(fc.constantFrom('a', 'b', 'c', 'a.x', 'b.y'), condition)
  .map(([path, asked]): PlainDocument => ({ [path]: asked }))
const query: fc.Arbitrary<PlainDocument> = fc.oneof(
  { arbitrary: leaf, weight: 3 },
  {
    arbitrary: fc
      .tuple(fc.constantFrom('$and', '$or', '$nor'), fc.array(leaf, { minLength: 1, maxLength: 3 }))
      .map(([name, parts]): PlainDocument => ({ [name]: parts })),
    weight: 1,
  },
)

interface Row extends Document {
  _id: number
}

describe('the database agrees with a small model of MongoDB', () => {
  const test = useDatabase()

  const filled = async (plain: readonly PlainDocument[]) => {
    const collection = test.collection<Row>()
    await collection.insertMany(plain.map((each, _id) => ({ _id, ...each })))
    return collection
  }

  it('in what a query finds', async () => {
    const finds = async (
      stored: readonly PlainDocument[],
      asked: readonly PlainDocument[],
    ): Promise<void> => {
      const collection = await filled(stored)
      for (const one of asked) {
        const found = await collection.find(one as Filter<Row>, { sort: { _id: 1 } }).toArray()
        const expected = stored.flatMap((each, i) => (matches(each, one) ? [i] : []))
        expect(
          found.map((each): unknown => each._id),
          JSON.stringify(one),
        ).to.deep.equal(expected)
      }
      await collection.drop()
    }
    await fc.assert(
      fc.asyncProperty(documents, fc.array(query, { minLength: 1, maxLength: 8 }), finds),
      property(40, 2000),
    )
  })

  it('in the order of a sort', async () => {
    const order = fc.constantFrom<Record<string, number>>(
      { a: 1 },
      { a: -1 },
      { a: 1, b: -1 },
      { b: -1, c: -1 },
      { c: 1, a: 1 },
    )
    const sorts = async (
      stored: readonly PlainDocument[],
      sort: Record<string, number>,
    ): Promise<void> => {
      // Two arrays in one sort are refused, so only the first field has arrays.
      const [first] = Object.keys(sort)
      const plain = stored.map((each) =>
        Object.fromEntries(
          Object.entries(each).filter(([name, held]) => name === first || !Array.isArray(held)),
        ),
      )
      const collection = await filled(plain)
      const found = await collection.find({}, { sort: { ...sort, _id: 1 } as never }).toArray()
      const expected = sorted(
        plain.map((each, _id) => ({ ...each, _id })),
        { ...sort, _id: 1 },
      )
      expect(found.map((each): unknown => each._id)).to.deep.equal(
        expected.map((each) => each['_id']),
      )
      await collection.drop()
    }
    await fc.assert(fc.asyncProperty(documents, order, sorts), property(40, 2000))
  })

  it('in what an update makes', async () => {
    const change = fc.oneof(
      fc.tuple(fc.constantFrom('$set', '$min', '$max', '$push', '$addToSet'), value),
      fc.tuple(fc.constant('$pull'), scalar),
      fc.tuple(fc.constantFrom('$inc', '$unset'), fc.constant<Plain>(1)),
    )
    const updates = async (
      before: PlainDocument,
      [operator, given]: [string, Plain],
    ): Promise<void> => {
      const collection = await filled([before])
      const expected = updated(before['a'], operator, given)
      const act = collection.updateOne(
        {},
        {
          [operator]: { a: given },
        },
      )
      const code = await refusal(act)
      const { a, ...rest } = before
      const after = expected === refused ? a : expected
      expect(code !== undefined).to.equal(expected === refused)
      const found = await collection.findOne({}, { projection: { _id: 0 } })
      expect(found).to.deep.equal(after === undefined ? rest : { ...rest, a: after })
      await collection.drop()
    }
    await fc.assert(fc.asyncProperty(document, change, updates), property(80, 4000))
  })
})
