import { expect } from 'chai'
import { serialize, UUID } from 'bson'
import { MongoClient } from 'mongodb'
import { rounds } from '../../support/property.js'
import { seededRandom } from '../../../src/random.js'
import {
  frame,
  int32,
  message,
  ownServer,
  type Raw,
  rawConnection,
  useDirectory,
} from './own-server.js'

const ping = { ping: 1, $db: 'admin' }

describe('the wire of the embedded database', function () {
  this.timeout(120_000)
  const directory = useDirectory()
  let server: Awaited<ReturnType<typeof ownServer>>
  before(async () => {
    server = await ownServer(directory.path)
  })
  beforeEach(async () => {
    server.lines.length = 0
    const raw = await rawConnection(server.uri)
    await raw.ask({ dropDatabase: 1, $db: 'd' })
    raw.socket.destroy()
  })
  after(() => server.close())

  it('shakes hands in the old form and in the new', async () => {
    const raw = await rawConnection(server.uri)
    const old = frame(2004, [
      int32(0),
      Buffer.from('admin.$cmd\0'),
      int32(0),
      int32(-1),
      serialize({ ismaster: 1, helloOk: true }),
    ])
    raw.send(old)
    expect(await raw.reply()).to.include({
      ok: 1,
      ismaster: true,
      helloOk: true,
      maxWireVersion: 21,
    })
    const hello = await raw.ask({ hello: 1, $db: 'admin' })
    expect(hello).to.include({ ok: 1, isWritablePrimary: true, maxBsonObjectSize: 16777216 })
    expect(hello).not.to.have.any.keys('setName', 'topologyVersion', 'msg', 'compression')
    raw.socket.destroy()
  })

  it('takes documents beside the command, and gives no reply where none is wanted', async () => {
    const raw = await rawConnection(server.uri)
    const insert = { insert: 'c', $db: 'd' }
    expect(await raw.ask(insert, { documents: [{ _id: 1 }, { _id: 2 }] })).to.include({
      n: 2,
      ok: 1,
    })
    raw.send(message({ ...insert, writeConcern: { w: 0 } }, { documents: [{ _id: 3 }] }, 2))
    expect(await raw.ask({ count: 'c', $db: 'd' })).to.include({ n: 3, ok: 1 })
    raw.socket.destroy()
  })

  it('answers in the order of the questions, also where they come in one piece or byte by byte', async () => {
    const raw = await rawConnection(server.uri)
    const both = Buffer.concat([
      message({ ...ping, comment: 1 }),
      message({ nonsense: 1, $db: 'd' }),
      message(ping),
    ])
    raw.send(both)
    expect(
      [await raw.reply(), await raw.reply(), await raw.reply()].map((reply) =>
        Number(reply?.['ok']),
      ),
    ).to.deep.equal([1, 0, 1])
    for (const byte of message(ping)) {
      raw.send(Buffer.from([byte]))
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await raw.reply()).to.include({ ok: 1 })
    raw.socket.destroy()
  })

  const broken: readonly (readonly [what: string, bytes: Buffer])[] = [
    ['a length that is too small', Buffer.concat([int32(3), Buffer.alloc(20)])],
    ['a length that is too large', Buffer.concat([int32(48_000_001), Buffer.alloc(20)])],
    ['an unknown operation', frame(2010, [Buffer.alloc(10)])],
    ['compression', frame(2012, [Buffer.alloc(10)])],
    ['no section', frame(2013, [int32(0)])],
    ['an unknown flag', message(ping, {}, 8)],
    ['a checksum', message(ping, {}, 1)],
    ['a section of an unknown kind', frame(2013, [int32(0), Buffer.from([7]), serialize(ping)])],
    [
      'two bodies',
      frame(2013, [int32(0), Buffer.from([0]), serialize(ping), Buffer.from([0]), serialize(ping)]),
    ],
    [
      'a body cut short',
      frame(2013, [int32(0), Buffer.from([0]), serialize(ping).subarray(0, 10)]),
    ],
    [
      'a sequence cut short',
      frame(2013, [
        int32(0),
        Buffer.from([0]),
        serialize(ping),
        Buffer.from([1]),
        int32(99),
        Buffer.from('documents\0'),
      ]),
    ],
    [
      'a type that does not exist',
      frame(2013, [int32(0), Buffer.from([0]), Buffer.from([9, 0, 0, 0, 0x44, 0x61, 0, 1, 0])]),
    ],
    [
      'a query in the old form',
      frame(2004, [int32(0), Buffer.from('d.c\0'), int32(0), int32(1), serialize({ a: 1 })]),
    ],
  ]
  for (const [what, bytes] of broken) {
    it(`closes the connection, and no other, for ${what}`, async () => {
      const [bad, good] = [await rawConnection(server.uri), await rawConnection(server.uri)]
      bad.send(bytes)
      expect(await bad.reply()).to.equal(undefined)
      expect(await good.ask(ping)).to.include({ ok: 1 })
      expect(server.lines.map(({ level }) => level)).to.deep.equal(['warn'])
      expect(server.lines[0]?.fields).to.have.property('reason').that.is.a('string')
      good.socket.destroy()
    })
  }

  it('stands any bytes', async () => {
    const random = seededRandom('broken frames')
    const sound = [
      message({ insert: 'c', $db: 'd' }, { documents: [{ a: 1, b: ['x', { y: new Date(0) }] }] }),
      message({ find: 'c', filter: { a: { $gt: 1 } }, sort: { a: 1 }, $db: 'd' }),
      message(
        { update: 'c', $db: 'd' },
        { updates: [{ q: { a: 1 }, u: { $push: { l: { $each: [1], $sort: 1 } } } }] },
      ),
      message({
        aggregate: 'c',
        pipeline: [{ $group: { _id: '$a', n: { $sum: 1 } } }],
        cursor: {},
        $db: 'd',
      }),
    ]
    const good = await rawConnection(server.uri)
    const spoil = (whole: Buffer): Buffer => {
      const bytes = Buffer.from(whole)
      const kind = random.below(3)
      if (kind === 0) return bytes.subarray(0, random.below(bytes.length))
      for (let i = random.below(4); i >= 0; i--)
        bytes[kind === 1 ? 16 + random.below(bytes.length - 16) : random.below(bytes.length)] =
          random.below(256)
      return bytes
    }
    const send = async (): Promise<void> => {
      const raw = await rawConnection(server.uri)
      raw.send(spoil(sound[random.below(sound.length)] ?? Buffer.alloc(0)))
      raw.socket.end()
      await raw.closed
    }
    for (let done = 0; done < rounds(300, 10_000); done += 20)
      await Promise.all(Array.from({ length: 20 }, send))
    expect(await good.ask(ping)).to.include({ ok: 1 })
    expect(
      server.lines.filter(({ level }) => level === 'error'),
      'faults of the engine',
    ).to.deep.equal([])
    good.socket.destroy()
  })

  it('serves 200 connections at once', async () => {
    const all = await Promise.all(Array.from({ length: 200 }, () => rawConnection(server.uri)))
    const insert = (raw: Raw, _id: number) =>
      raw.ask({ insert: 'c', $db: 'd' }, { documents: [{ _id }] })
    const replies = await Promise.all(all.map(insert))
    expect(replies.every((reply) => reply?.['n'] === 1)).to.equal(true)
    expect(await all[7]?.ask({ count: 'c', $db: 'd' })).to.include({ n: 200 })
    for (const raw of all) raw.socket.destroy()
  })

  it('finishes what a client asked that goes away, and drops what it had not said to the end', async () => {
    const documents = Array.from({ length: 500 }, (_, _id) => ({ _id }))
    const [leaving, staying] = [await rawConnection(server.uri), await rawConnection(server.uri)]
    const whole = message({ insert: 'whole', $db: 'd' }, { documents })
    leaving.send(whole)
    leaving.send(message({ insert: 'part', $db: 'd' }, { documents }).subarray(0, 5000))
    await new Promise((resolve) => setTimeout(resolve, 100))
    leaving.socket.destroy()
    const until = async (): Promise<number> =>
      Number((await staying.ask({ count: 'whole', $db: 'd' }))?.['n'])
    for (let i = 0; i < 50 && (await until()) < 500; i++)
      await new Promise((resolve) => setTimeout(resolve, 20))
    expect(await until()).to.equal(500)
    expect(await staying.ask({ count: 'part', $db: 'd' })).to.include({ n: 0 })
    staying.socket.destroy()
  })

  it('keeps a cursor that is left open, through writes, until it is closed', async () => {
    const client = await MongoClient.connect(server.uri)
    const collection = client.db('d').collection<{ _id: number }>('c')
    await collection.insertMany(Array.from({ length: 1000 }, (_, _id) => ({ _id })))
    const cursor = collection.find({}, { batchSize: 10, sort: { _id: 1 } })
    const seen: number[] = []
    for (let i = 0; i < 25; i++) seen.push((await cursor.next())?._id ?? -1)
    await collection.deleteMany({ _id: { $gte: 500 } })
    await collection.insertOne({ _id: 2000 })
    for await (const document of cursor) seen.push(document._id)
    expect(seen).to.deep.equal([...Array.from({ length: 500 }, (_, i) => i), 2000])

    const raw = await rawConnection(server.uri)
    const first = await raw.ask({ find: 'c', batchSize: 1, $db: 'd' })
    const { id } = first?.['cursor'] as { id: bigint }
    expect(await raw.ask({ getMore: id, collection: 'other', $db: 'd' })).to.include({ code: 13 })
    expect(await raw.ask({ killCursors: 'c', cursors: [id], $db: 'd' })).to.deep.include({
      cursorsNotFound: [],
    })
    expect(await raw.ask({ getMore: id, collection: 'c', $db: 'd' })).to.include({
      code: 43,
      codeName: 'CursorNotFound',
    })
    raw.socket.destroy()
    await client.close()
  })

  it('closes the cursors of a session with it', async () => {
    const raw = await rawConnection(server.uri)
    await raw.ask({ insert: 'c', $db: 'd' }, { documents: [{ _id: 1 }, { _id: 2 }] })
    const lsid = { id: new UUID() }
    const first = await raw.ask({ find: 'c', batchSize: 1, lsid, $db: 'd' })
    const { id } = first?.['cursor'] as { id: bigint }
    expect(await raw.ask({ endSessions: [lsid], $db: 'admin' })).to.include({ ok: 1 })
    expect(await raw.ask({ getMore: id, collection: 'c', $db: 'd' })).to.include({ code: 43 })
    raw.socket.destroy()
  })

  it('stops a query on what is dropped', async () => {
    const raw = await rawConnection(server.uri)
    const documents = Array.from({ length: 1000 }, (_, _id) => ({ _id }))
    await raw.ask({ insert: 'c', $db: 'd' }, { documents })
    const first = await raw.ask({ find: 'c', batchSize: 10, $db: 'd' })
    const { id } = first?.['cursor'] as { id: bigint }
    await raw.ask({ drop: 'c', $db: 'd' })
    const more = await raw.ask({ getMore: id, collection: 'c', $db: 'd' })
    expect(more).to.include({ code: 175, codeName: 'QueryPlanKilled' })
    raw.socket.destroy()
  })
})
