import { expect } from 'chai'
import type { Document } from 'bson'
import { useEngine } from './engine.js'
import { faultsIn } from './verify.js'

describe('writes of many documents, taking turns', () => {
  const test = useEngine()
  const all = 2000
  const changing = (u: Document): Promise<Document> =>
    test.ask({ update: 'c', updates: [{ q: {}, u, multi: true }] })

  it('undo nothing of one another, and fill an index that is made meanwhile', async () => {
    const documents = Array.from({ length: all }, (_, _id) => ({ _id, n: 0, m: 0 }))
    await test.ask({ insert: 'c', documents })
    const both = [changing({ $inc: { n: 1 } }), changing({ $inc: { m: 1 } })]
    const indexes = [{ key: { n: 1, m: 1 }, name: 'both' }]
    await test.ask({ createIndexes: 'c', indexes })
    for (const { nModified } of await Promise.all(both)) expect(nModified).to.equal(all)
    expect((await test.ask({ count: 'c', query: { n: 1, m: 1 } }))['n']).to.equal(all)
    expect(faultsIn(test.running)).to.deep.equal([])
  })

  it('remove what an index holds that was made meanwhile', async () => {
    const removal = test.ask({ delete: 'c', deletes: [{ q: { n: 1 }, limit: 0 }] })
    await test.ask({ createIndexes: 'c', indexes: [{ key: { m: 1 }, name: 'later' }] })
    expect((await removal)['n']).to.equal(all)
    expect(faultsIn(test.running)).to.deep.equal([])
  })
})
