import { expect } from 'chai'
import { Decimal128, type Document, Double, Int32, Long } from 'mongodb'
import { useDatabase } from '../../support/database.js'
import { checkUpdate, type UpdateCase } from './update-case.js'

const fields: readonly UpdateCase[] = [
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
    'several at once',
    { a: 1, l: [1] },
    { $inc: { a: 1 }, $push: { l: 2 }, $set: { b: 1 } },
    { a: 2, l: [1, 2], b: 1 },
  ],
  ['an empty operator', { a: 1 }, { $set: {} }, { a: 1 }],
]

describe('the database updates fields:', () => {
  const test = useDatabase()

  for (const each of fields) {
    it(each[0], () => checkUpdate(test.collection(), each))
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
})
