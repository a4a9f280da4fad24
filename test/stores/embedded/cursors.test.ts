import { expect } from 'chai'
import type { Document } from 'mongodb'
import { useDatabase } from '../../support/database.js'
import { addIndex } from './add-index.js'

/** What is asked for; the two hundred documents are numbered by `n`, and `even` says what it says. */
const queries: readonly (readonly [what: string, filter: Document, sort: Document])[] = [
  ['through all documents', {}, {}],
  ['through some of them', { even: true }, {}],
  ['through an index', { n: { $gte: 0 } }, { n: 1 }],
  ['through an index, backwards', { n: { $gte: 0 } }, { n: -1 }],
  ['through two indexes', { $or: [{ n: { $gte: 0 } }, { even: true }] }, {}],
]

describe('a cursor', () => {
  const test = useDatabase()

  for (const [what, filter, sort] of queries) {
    it(`${what} gives what is there when it is asked, each document once`, async () => {
      const collection = test.collection<Document>()
      const documents = Array.from({ length: 200 }, (_, n) => ({
        n,
        even: n % 2 === 0,
        state: 'old',
      }))
      await collection.insertMany(documents)
      await addIndex(collection, { n: 1 })
      await addIndex(collection, { even: 1 })
      const cursor = collection.find(filter, { sort: sort as never, batchSize: 10 })
      const first: Document[] = []
      for (let i = 0; i < 10; i++) first.push((await cursor.next()) ?? {})
      const seen = first.map(({ n }) => Number(n))
      const left = documents.map(({ n }) => n).filter((n) => !seen.includes(n))
      const gone = left.filter((_, i) => i % 3 === 0)
      await collection.deleteMany({ n: { $in: gone } })
      await collection.updateMany({ n: { $in: left } }, { $set: { state: 'new' } })
      const rest = await cursor.toArray()
      const wanted = left.filter((n) => !gone.includes(n) && (!filter['even'] || n % 2 === 0))
      expect(rest.map(({ n }) => Number(n))).to.have.members(wanted)
      expect(new Set(rest.map(({ state }) => String(state)))).to.deep.equal(new Set(['new']))
    })
  }
})
