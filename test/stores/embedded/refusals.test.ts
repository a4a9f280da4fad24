import { expect } from 'chai'
import type { Document } from 'mongodb'
import { testServer, useDatabase } from '../../support/database.js'

/** What is sent, and the code and the name of the code with which it is refused. */
type Case = readonly [what: string, command: Document, code: number, name: string]

const find = (filter: Document): Document => ({ find: 'c', filter })
const aggregate = (...pipeline: Document[]): Document => ({ aggregate: 'c', pipeline, cursor: {} })
const update = (u: unknown, more: Document = {}): Document => ({
  update: 'c',
  updates: [{ q: {}, u, ...more }],
})

/** What MongoDB itself refuses, in the same words. */
const wrong: readonly Case[] = [
  ['an unknown command', { nonsense: 1 }, 59, 'CommandNotFound'],
  ['an unknown option', { find: 'c', nonsense: 1 }, 40415, 'Location40415'],
  ['an option of the wrong type', { find: 'c', filter: 5 }, 14, 'TypeMismatch'],
  ['an unknown operator', find({ a: { $nonsense: 1 } }), 2, 'BadValue'],
  ['an unknown operator at the top', find({ $nonsense: [] }), 2, 'BadValue'],
  ['$and of nothing', find({ $and: [] }), 2, 'BadValue'],
  ['$in without a list', find({ a: { $in: 5 } }), 2, 'BadValue'],
  ['$not of a value', find({ a: { $not: 5 } }), 2, 'BadValue'],
  ['a sort by two', { find: 'c', sort: { a: 2 } }, 15975, 'Location15975'],
  ['including and excluding', { find: 'c', projection: { a: 1, b: 0 } }, 31254, 'Location31254'],
  [
    'a projection of a path and one under it',
    { find: 'c', projection: { a: 1, 'a.b': 1 } },
    31249,
    'Location31249',
  ],
  ['an unknown stage', aggregate({ $nonsense: {} }), 40324, 'Location40324'],
  ['a stage of two', aggregate({ $match: {}, $limit: 1 }), 40323, 'Location40323'],
  [
    'an unknown expression',
    aggregate({ $project: { a: { $nonsense: 1 } } }),
    168,
    'InvalidPipelineOperator',
  ],
  [
    'an unknown accumulator',
    aggregate({ $group: { _id: 1, a: { $nonsense: 1 } } }),
    15952,
    'Location15952',
  ],
  ['$group without _id', aggregate({ $group: { a: { $sum: 1 } } }), 15955, 'Location15955'],
  ['a collection without a name', { find: '' }, 73, 'InvalidNamespace'],
  ['a name with a dollar', { insert: 'a$b', documents: [{}] }, 73, 'InvalidNamespace'],
  ['a batch of nothing', { insert: 'c', documents: [] }, 16, 'InvalidLength'],
  [
    'a transaction',
    { find: 'c', txnNumber: 1n, startTransaction: true, autocommit: false },
    20,
    'IllegalOperation',
  ],
  [
    'a write that waits for others',
    { insert: 'c', documents: [{}], writeConcern: { w: 3 } },
    2,
    'BadValue',
  ],
  [
    'an index on nothing',
    { createIndexes: 'c', indexes: [{ key: {}, name: 'x' }] },
    67,
    'CannotCreateIndex',
  ],
  [
    'an unknown option of an index',
    { createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'x', nonsense: 1 }] },
    197,
    'InvalidIndexSpecificationOption',
  ],
  [
    'a TTL index of two fields',
    { createIndexes: 'c', indexes: [{ key: { a: 1, b: 1 }, name: 'x', expireAfterSeconds: 1 }] },
    67,
    'CannotCreateIndex',
  ],
  ['the indexes of what is not there', { listIndexes: 'nowhere' }, 26, 'NamespaceNotFound'],
  ['a cursor that is not there', { getMore: 123456789n, collection: 'c' }, 43, 'CursorNotFound'],
  ['findAndModify without an update', { findAndModify: 'c' }, 9, 'FailedToParse'],
]

/** What MongoDB has and the embedded database has not: refused by name, with the hint to use MongoDB. */
const elsewhere: readonly Case[] = [
  ['a command', { collStats: 'c' }, 59, 'CommandNotFound'],
  ['explain', { explain: find({}) }, 59, 'CommandNotFound'],
  ['collation', { find: 'c', collation: { locale: 'cy' } }, 40415, 'Location40415'],
  ['a hint', { find: 'c', hint: { a: 1 } }, 40415, 'Location40415'],
  ['variables', { find: 'c', let: { a: 1 } }, 40415, 'Location40415'],
  ['a tailable cursor', { find: 'c', tailable: true }, 40415, 'Location40415'],
  ['a snapshot', { find: 'c', readConcern: { level: 'snapshot' } }, 72, 'InvalidOptions'],
  ['$where', find({ $where: 'true' }), 2, 'BadValue'],
  ['$text', find({ $text: { $search: 'x' } }), 2, 'BadValue'],
  ['$jsonSchema', find({ $jsonSchema: {} }), 2, 'BadValue'],
  ['$bitsAllSet', find({ a: { $bitsAllSet: 1 } }), 2, 'BadValue'],
  ['$near', find({ a: { $near: [0, 0] } }), 2, 'BadValue'],
  ['a pattern', find({ a: /x/ }), 2, 'BadValue'],
  ['a pattern among values', find({ a: { $in: ['y', /x/] } }), 2, 'BadValue'],
  ['a pattern as it is', find({ a: { $eq: /x/ } }), 2, 'BadValue'],
  ['$all', find({ a: { $all: ['x'] } }), 2, 'BadValue'],
  ['$size', find({ a: { $size: 1 } }), 2, 'BadValue'],
  ['$type', find({ a: { $type: 'string' } }), 2, 'BadValue'],
  ['not a pattern', find({ a: { $not: /x/ } }), 2, 'BadValue'],
  ['$regex', find({ a: { $regex: 'x', $options: 'i' } }), 2, 'BadValue'],
  ['$pull by a pattern', update({ $pull: { a: /x/ } }), 2, 'BadValue'],
  ['$expr', find({ $expr: { $gt: ['$a', 1] } }), 2, 'BadValue'],
  ['$mod', find({ a: { $mod: [4, 0] } }), 2, 'BadValue'],
  ['$pop', update({ $pop: { a: 1 } }), 9, 'FailedToParse'],
  ['$bit', update({ $bit: { a: { and: 1 } } }), 9, 'FailedToParse'],
  ['sorting by a position', { find: 'c', sort: { 'a.0': 1 } }, 2, 'BadValue'],
  ['the order of insertion', { find: 'c', sort: { $natural: 1 } }, 2, 'BadValue'],
  ['a projection by position', { find: 'c', projection: { 'a.$': 1 } }, 2, 'BadValue'],
  ['$slice in a projection', { find: 'c', projection: { a: { $slice: 1 } } }, 2, 'BadValue'],
  [
    '$lookup',
    aggregate({ $lookup: { from: 'd', localField: 'a', foreignField: 'b', as: 'c' } }),
    40324,
    'Location40324',
  ],
  ['$facet', aggregate({ $facet: {} }), 40324, 'Location40324'],
  ['$out', aggregate({ $out: 'd' }), 40324, 'Location40324'],
  ['a computed field', aggregate({ $project: { a: '$b' } }), 168, 'InvalidPipelineOperator'],
  ['$unwind', aggregate({ $unwind: '$a' }), 40324, 'Location40324'],
  ['a variable', aggregate({ $group: { _id: '$$NOW' } }), 17276, 'Location17276'],
  [
    'an expression',
    aggregate({ $project: { a: { $dateToString: { date: '$a' } } } }),
    168,
    'InvalidPipelineOperator',
  ],
  [
    'an accumulator',
    aggregate({ $group: { _id: 1, a: { $stdDevPop: '$a' } } }),
    15952,
    'Location15952',
  ],
  ['an update that is a pipeline', update([{ $set: { a: 1 } }]), 9, 'FailedToParse'],
  [
    'a text index',
    { createIndexes: 'c', indexes: [{ key: { a: 'text' }, name: 'x' }] },
    67,
    'CannotCreateIndex',
  ],
  [
    'a wildcard index',
    { createIndexes: 'c', indexes: [{ key: { '$**': 1 }, name: 'x' }] },
    67,
    'CannotCreateIndex',
  ],
  [
    'an index of a position',
    { createIndexes: 'c', indexes: [{ key: { 'a.0': 1 }, name: 'x' }] },
    67,
    'CannotCreateIndex',
  ],
  [
    'collation of an index',
    { createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'x', collation: { locale: 'cy' } }] },
    197,
    'InvalidIndexSpecificationOption',
  ],
  ['a capped collection', { create: 'd', capped: true, size: 10 }, 40415, 'Location40415'],
]

describe('the database refuses by name', () => {
  const test = useDatabase()

  const ask = async (command: Document): Promise<Document> => {
    try {
      const reply = await test.db.command(command)
      const [first] = (reply['writeErrors'] as Document[] | undefined) ?? []
      return first ? { code: first['code'] as number, message: first['errmsg'] as string } : reply
    } catch (error) {
      return error as Document
    }
  }

  before(async () => {
    await test.db.collection('c').insertOne({ a: 1 })
  })

  for (const [what, command, code, name] of wrong) {
    it(what, async () => {
      expect(await ask(command)).to.include({ code, codeName: name })
    })
  }

  describe('what only MongoDB has:', () => {
    before(async function () {
      if (!(await testServer()).embedded) this.skip()
    })
    for (const [what, command, code, name] of elsewhere) {
      it(what, async () => {
        const refused = await ask(command)
        expect(refused['code']).to.equal(code)
        if ('codeName' in refused) expect(refused['codeName']).to.equal(name)
        expect(refused['message']).to.include('set MONGODB_URI to use MongoDB')
      })
    }
  })

  it('what takes longer than the client wants to wait', async () => {
    await test.db
      .collection('many')
      .insertMany(Array.from({ length: 20_000 }, (_, n) => ({ n, text: `text ${n}` })))
    const slow = { find: 'many', filter: { text: { $gt: 'u' } }, maxTimeMS: 1 }
    expect(await ask(slow)).to.include({ code: 50, codeName: 'MaxTimeMSExpired' })
    const updates = [{ q: {}, u: { $inc: { n: 1 } }, multi: true }]
    expect(await ask({ update: 'many', updates, maxTimeMS: 1 })).to.include({ code: 50 })
    const indexes = [{ key: { text: 1, n: 1 }, name: 'x' }]
    expect(await ask({ createIndexes: 'many', indexes, maxTimeMS: 1 })).to.include({ code: 50 })
    expect(await test.db.collection('many').indexes()).to.have.length(1)
  })

  it('documents that are too large, or not to be stored', async () => {
    const insert = (document: Document): Promise<Document> =>
      ask({ insert: 'c', documents: [document] })
    expect(await insert({ _id: [1] })).to.include({ code: 53 })
    expect(await insert({ _id: /x/ })).to.include({ code: 53 })
    expect(await insert({ _id: { $gt: 1 } })).to.include({ code: 52 })
    const large = { a: 'x'.repeat(10_000_000) }
    await test.db.collection('large').insertOne({ ...large, _id: 1 as never })
    const grown = { update: 'large', updates: [{ q: {}, u: { $set: { b: large.a } } }] }
    expect((await ask(grown))['code']).to.be.oneOf([17419, 17420, 10334])
    expect(await test.db.collection('large').findOne({}, { projection: { b: 1 } })).to.deep.equal({
      _id: 1,
    })
  })
})
