import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { type Collection, type Document, MongoClient, MongoServerError } from 'mongodb'
import type { EmbeddedServer } from '../../../src/database/embedded/embedded.js'
import { property } from '../../support/property.js'
import { addIndex } from './add-index.js'
import { ownServer, useDirectory } from './own-server.js'

interface Row extends Document {
  _id: string
}

const name = fc.constantFrom('ann', 'ben', 'cerys', 'ann'.repeat(300))
const field = fc.constantFrom('a', 'b')
const row = fc.dictionary(field, fc.oneof(name, fc.array(name, { maxLength: 3 })), { maxKeys: 2 })
const id = fc.constantFrom('1', '2', '3', '4', '5')

type Step = (rows: Collection<Row>) => Promise<unknown>

/** What the database refuses, such as an index over two lists of one document, changes nothing. */
const refused = (error: unknown): void => {
  if (!(error instanceof MongoServerError)) throw error
}

const index = (keys: readonly string[], unusual: object): Step => {
  const key = Object.fromEntries(keys.map((one) => [one, 1 as const]))
  return (rows) => addIndex(rows, key, { name: keys.join(), ...unusual })
}
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(id, row).map(
    ([_id, fields]): Step =>
      (rows) =>
        rows.replaceOne({ _id }, fields, { upsert: true }),
  ),
  fc.tuple(id, field, name).map(
    ([_id, one, to]): Step =>
      (rows) =>
        rows.updateOne({ _id }, { $set: { [one]: to } }),
  ),
  id.map(
    (_id): Step =>
      (rows) =>
        rows.deleteOne({ _id }),
  ),
  fc
    .tuple(fc.shuffledSubarray(['a', 'b'], { minLength: 1 }), fc.boolean())
    .map(([keys, sparse]) => index(keys, sparse ? { sparse } : {})),
  fc.constant<Step>((rows) => rows.dropIndexes()),
  fc.constant<Step>((rows) => rows.drop()),
)
const wanted: fc.Arbitrary<Record<string, string>> = fc.oneof(
  id.map((_id) => ({ _id })),
  fc.dictionary(field, name, { maxKeys: 2 }),
)

describe('what is read of the embedded database in its own process', () => {
  const data = useDirectory()
  let server: EmbeddedServer | undefined
  let client: MongoClient | undefined
  const started = (): EmbeddedServer => {
    if (!server) throw new Error('the server is there only while tests run')
    return server
  }
  const rowsIn = (collection: string): Collection<Row> => {
    if (!client) throw new Error('the client is there only while tests run')
    return client.db('d').collection<Row>(collection)
  }
  const start = async (): Promise<void> => {
    server = await ownServer(data.path)
    client = await MongoClient.connect(server.uri)
  }
  const stop = async (): Promise<void> => {
    await client?.close()
    await server?.close()
  }
  before(start)
  after(stop)

  it('is what the driver finds, whatever was written a moment ago', async () => {
    let run = 0
    const steps = fc.array(fc.tuple(step, wanted), { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const collection = `c${++run}`
        const rows = rowsIn(collection)
        for (const [change, filter] of all) {
          await change(rows).catch(refused)
          const found = await rows.find(filter).toArray()
          expect(await started().read(`d.${collection}`, filter)).to.deep.equal(found)
        }
      }),
      property(60, 3000),
    )
  })

  it('is changed by nobody who reads it, as others may be given the same', async () => {
    const rows = rowsIn('shared')
    const read = async (_id: string) => (await started().read('d.shared', { _id }))[0]
    for (const [_id, text] of Object.entries({ short: 'a', long: 'a'.repeat(2000) })) {
      await rows.insertOne({ _id, text, list: [{ at: new Date(0) }] })
      const one = await read(_id)
      expect(() => Object.assign(one ?? {}, { text: 'b' }), _id).to.throw(TypeError)
      expect(() => (one?.['list'] as unknown[]).push(1), _id).to.throw(TypeError)
      expect(() => Object.assign((one?.['list'] as object[])[0] ?? {}, { at: 1 })).to.throw(
        TypeError,
      )
      expect(await read(_id)).to.deep.equal({ _id, text, list: [{ at: new Date(0) }] })
      await rows.updateOne({ _id }, { $set: { text: 'c' } })
      expect(await read(_id)).to.have.property('text', 'c')
    }
  })

  it('is there as soon as its write is acknowledged, while others write', async () => {
    const rows = rowsIn('busy')
    const writer = async (who: string): Promise<number> => {
      let missed = 0
      for (let n = 0; n < 40; n++) {
        await rows.insertOne({ _id: `${who} ${n}`, who, at: new Date(n) })
        const [own] = await started().read('d.busy', { _id: `${who} ${n}` })
        if ((own?.['at'] as Date | undefined)?.getTime() !== n) missed++
        if ((await started().read('d.busy', { who })).length !== n + 1) missed++
      }
      return missed
    }
    const missed = await Promise.all(['a', 'b', 'c', 'd', 'e'].map(writer))
    expect(missed).to.deep.equal([0, 0, 0, 0, 0])
  })

  it('is nothing where there is no such collection, and the same after a restart', async () => {
    expect(await started().read('d.nowhere', { a: 'ann' })).to.deep.equal([])
    await rowsIn('kept').insertOne({ _id: '1', a: 'ann', list: [1, { b: null }], at: new Date(0) })
    const before = await started().read('d.kept', { a: 'ann' })
    expect(before).to.have.length(1)
    await stop()
    await start()
    expect(await started().read('d.kept', { a: 'ann' })).to.deep.equal(before)
  })

  it('is refused once the server is closed, also where nothing was read before', async () => {
    const other = await ownServer(join(data.path, 'other'))
    await other.close()
    const late = await other.read('d.kept', { a: 'ann' }).catch((error: unknown) => error)
    expect(late).to.be.instanceOf(Error).with.property('message').that.includes('closed')
  })
})
