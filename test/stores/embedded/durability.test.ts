import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { open } from 'lmdb'
import { type Collection, MongoClient, MongoServerError } from 'mongodb'
import { startEmbedded } from '../../../src/database/embedded/embedded.js'
import { DirectoryInUse, readOwner } from '../../../src/database/ownership.js'
import { rounds } from '../../support/property.js'
import { addIndex } from './add-index.js'
import { childServer, StartFailed } from './child.js'
import { ownServer, remembering, socketOf } from './own-server.js'
import { faultsIn, openData } from './verify.js'

interface Row {
  _id: string
  n: number
  tags: string[]
}

const noRetry = { retryWrites: false, retryReads: false, serverSelectionTimeoutMS: 3000 }

describe('what the embedded database has acknowledged', function () {
  this.timeout(1_200_000)
  let dir = ''
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'gs-durable-'))
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  it('survives kill -9 with eight writers, document by document and entry by entry', async () => {
    const kept = new Map<string, number>()
    const gone = new Set<string>()
    const write = async (
      collection: Collection<Row>,
      round: number,
      writer: number,
    ): Promise<void> => {
      for (let i = 0; ; i++) {
        const _id = `${round}-${writer}-${i}`
        const tags = [`t${i % 7}`, `w${writer}`]
        await collection.insertOne({ _id, n: i, tags })
        kept.set(_id, i)
        if (i % 5 === 0) {
          await collection.insertMany(
            [1, 2, 3].map((part) => ({ _id: `${_id}-${part}`, n: part, tags })),
          )
          for (const part of [1, 2, 3]) kept.set(`${_id}-${part}`, part)
        }
        if (i % 3 === 0) {
          await collection.updateOne({ _id }, { $inc: { n: 1000 }, $push: { tags: 'again' } })
          kept.set(_id, i + 1000)
        }
        if (i % 4 === 3) {
          // Until it is acknowledged a delete may have happened or not.
          const value = kept.get(_id)
          kept.delete(_id)
          await collection.deleteOne({ _id })
          if (value !== undefined) gone.add(_id)
        }
      }
    }
    for (let round = 0; round < rounds(2, 20); round++) {
      const server = await childServer(dir)
      const client = await MongoClient.connect(server.uri, { ...noRetry, maxPoolSize: 10 })
      const collection = client.db('d').collection<Row>('rows')
      await collection.createIndexes([
        { key: { n: 1 } },
        { key: { tags: 1, n: -1 } },
        { key: { n: 1, _id: 1 }, unique: true },
      ])
      const writers = Promise.allSettled(
        Array.from({ length: 8 }, (_, writer) => write(collection, round, writer)),
      )
      await new Promise((resolve) => setTimeout(resolve, 300 + round * 30))
      await server.kill()
      await writers
      await client.close()

      const data = openData(dir)
      expect(faultsIn(data)).to.deep.equal([])
      await data.close()
    }
    expect(kept.size).to.be.greaterThan(50)
    const server = await ownServer(dir)
    const client = await MongoClient.connect(server.uri)
    const found = await client.db('d').collection<Row>('rows').find().toArray()
    const held = new Map(found.map((row) => [row._id, row.n]))
    const lost = [...kept].filter(([_id, n]) => held.get(_id) !== n && held.get(_id) !== n + 1000)
    expect(lost).to.deep.equal([])
    expect([...gone].filter((_id) => held.has(_id))).to.deep.equal([])
    await client.close()
    await server.close()
  })

  it('has one owner, whom a second start names', async () => {
    const child = await childServer(dir)
    expect(readOwner(dir)).to.include({ pid: child.pid, uri: child.uri })
    const { log } = remembering()
    let error: unknown
    try {
      await startEmbedded({ dir, log })
    } catch (caught) {
      error = caught
    }
    expect(error).to.be.instanceOf(DirectoryInUse)
    expect(String(error)).to.include(`in use by process ${child.pid}`).and.include(dir)
    const client = await MongoClient.connect(child.uri)
    expect(await client.db('d').command({ ping: 1 })).to.include({ ok: 1 })
    await client.close()
    await child.kill()

    const server = await ownServer(dir)
    expect(readOwner(dir)).to.include({ pid: process.pid })
    let second: unknown
    await startEmbedded({ dir, log }).catch((caught: unknown) => (second = caught))
    expect(second, 'the same process').to.be.instanceOf(DirectoryInUse)
    await server.close()
    expect(existsSync(join(dir, 'owner.json'))).to.equal(false)
  })

  it('is taken over by one of many who come after a dead owner', async () => {
    const dead = {
      pid: 1,
      uri: `mongodb://${encodeURIComponent(join(dir, 'nobody.sock'))}`,
      startedAt: '2020',
      process: 'x',
    }
    writeFileSync(join(dir, 'owner.json'), JSON.stringify(dead))
    const { log } = remembering()
    const starts = await Promise.allSettled(
      Array.from({ length: 4 }, () => startEmbedded({ dir, log })),
    )
    const won = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []))
    expect(won).to.have.length(1)
    for (const start of starts)
      if (start.status === 'rejected') expect(start.reason).to.be.instanceOf(DirectoryInUse)
    await won[0]?.close()
  })

  it('is open to its user alone, also where the path is too long for a socket', async () => {
    const server = await ownServer(dir)
    expect(statSync(join(dir, 'embedded')).mode & 0o777).to.equal(0o700)
    expect(statSync(join(dir, 'embedded', 'socket')).mode & 0o777).to.equal(0o700)
    expect(statSync(socketOf(server.uri)).mode & 0o777).to.equal(0o600)
    await server.close()

    const deep = join(dir, 'x'.repeat(60), 'y'.repeat(60))
    const other = await ownServer(deep)
    const socket = socketOf(other.uri)
    expect(Buffer.byteLength(socket)).to.be.at.most(107)
    expect(statSync(join(socket, '..')).mode & 0o777).to.equal(0o700)
    const client = await MongoClient.connect(other.uri)
    await client.db('d').collection('c').insertOne({ a: 1 })
    await client.close()
    await other.close()
    expect(existsSync(join(socket, '..'))).to.equal(false)
  })

  it('is still there after the disk was full, and so is the server', async () => {
    // A file of this process may grow to 3 MB: what a full disk is to a database.
    const server = await childServer(dir, '-f 6000')
    const client = await MongoClient.connect(server.uri, noRetry)
    const collection = client.db('d').collection<{ _id: number; text: string }>('c')
    await addIndex(collection, { text: 1 })
    const acknowledged: number[] = []
    let refused: unknown
    const text = 'x'.repeat(20_000)
    for (let _id = 0; _id < 400 && !refused; _id++) {
      try {
        await collection.insertOne({ _id, text: `${_id} ${text}` })
        acknowledged.push(_id)
      } catch (error) {
        refused = error
      }
    }
    expect(refused).to.be.instanceOf(MongoServerError)
    expect(refused).to.include({ code: 14031, codeName: 'OutOfDiskSpace' })
    expect(acknowledged.length).to.be.greaterThan(20)
    const ids = async (): Promise<number[]> =>
      (await collection.find({}, { sort: { _id: 1 }, projection: { _id: 1 } }).toArray()).map(
        (each) => each._id,
      )
    expect(await ids()).to.deep.equal(acknowledged)
    expect(await collection.countDocuments()).to.equal(acknowledged.length)
    await client.close()
    await server.kill()

    const roomy = await ownServer(dir)
    const again = await MongoClient.connect(roomy.uri)
    const rest = again.db('d').collection<{ _id: number; text: string }>('c')
    expect(await rest.countDocuments()).to.equal(acknowledged.length)
    await rest.insertOne({ _id: 9999, text: 'there is room again' })
    await again.close()
    await roomy.close()
    const data = openData(dir)
    expect(faultsIn(data)).to.deep.equal([])
    await data.close()
  })

  it('is not begun where nothing can be written, and the error says so', async () => {
    const place = join(dir, 'read-only')
    mkdirSync(place)
    chmodSync(dir, 0o755)
    chmodSync(place, 0o555)
    // Root may write everywhere, so the attempt is made as nobody.
    const user = process.getuid?.() === 0 ? 65534 : undefined
    let error: unknown
    await childServer(place, '', user).catch((caught: unknown) => (error = caught))
    expect(error).to.be.instanceOf(StartFailed)
    expect(String(error))
      .to.match(/EACCES|EROFS|EPERM/)
      .and.include(place)
    chmodSync(place, 0o755)
    if (user !== undefined) chownSync(place, 0, 0)
  })

  it('is left alone by a version that does not know its format', async () => {
    const server = await ownServer(dir)
    await server.close()
    const data = join(dir, 'embedded', 'data')
    const root = open({
      path: data,
      overlappingSync: false,
      maxDbs: 4,
      encoding: 'binary',
      keyEncoding: 'binary',
    })
    const catalogue = root.openDB<Buffer, Buffer>('catalogue', {
      encoding: 'binary',
      keyEncoding: 'binary',
    })
    await catalogue.put(Buffer.from('format'), Buffer.from('0'))
    await root.close()
    const before = readFileSync(join(data, 'data.mdb'))
    let error: unknown
    await ownServer(dir).catch((caught: unknown) => (error = caught))
    expect(error).to.have.property('name', 'FormatUnknown')
    expect(String(error)).to.include('has format 0').and.include(dir)
    expect(readFileSync(join(data, 'data.mdb')).equals(before)).to.equal(true)
    expect(existsSync(join(dir, 'owner.json')), 'the directory is given back').to.equal(false)
  })
})
