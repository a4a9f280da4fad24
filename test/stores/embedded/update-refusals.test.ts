import { expect } from 'chai'
import { Long } from 'mongodb'
import { useDatabase } from '../../support/database.js'
import { refusal } from './refusal.js'

/** What an update is refused with, for the document `{ _id: 1, n: 1, s: 'x', l: [1] }`. */
const refused: readonly (readonly [what: string, update: object, code: number])[] = [
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
  ['$rename from an array', { $rename: { 'l.0': 'a' } }, 2],
]

describe('the database does not update:', () => {
  const test = useDatabase()

  for (const [what, update, code] of refused) {
    it(what, async () => {
      const collection = test.collection<{ _id: number }>()
      const document = { _id: 1, n: 1, s: 'x', l: [1], big: Long.fromInt(1) }
      await collection.insertOne(document)
      expect(await refusal(collection.updateOne({ _id: 1 }, update))).to.equal(code)
      expect(await collection.findOne({}, { promoteLongs: false })).to.deep.equal(document)
    })
  }
})
