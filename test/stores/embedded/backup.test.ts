import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import {
  Binary,
  BSONRegExp,
  Decimal128,
  Double,
  Int32,
  Long,
  MongoClient,
  ObjectId,
  Timestamp,
} from 'mongodb'
import { backup, BackupRefused, type Place } from '../../../src/database/backup.js'
import { restore as fill, verifyBackup } from '../../../src/database/restore.js'
import { newDatabaseName, testServer, useDatabase } from '../../support/database.js'
import { addIndex } from './add-index.js'

describe('a backup', function () {
  this.timeout(120_000)
  const test = useDatabase()
  let client: MongoClient
  let dir = ''
  before(async () => {
    client = await MongoClient.connect((await testServer()).uri)
  })
  after(() => client.close())
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'gs-backup-'))
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  const place = async (database: string) => ({ uri: (await testServer()).uri, database })

  const restore = async (to: Place, from: string): Promise<void> =>
    await fill(to, from, await verifyBackup(from))

  const odd = [
    {
      _id: 1,
      i: new Int32(5),
      l: Long.fromInt(5),
      d: new Double(5),
      x: Decimal128.fromString('5.00'),
    },
    {
      _id: new ObjectId(),
      b: new Binary(Buffer.from([1, 2]), 4),
      r: new BSONRegExp('^a.+', 'im'),
      t: new Timestamp({ t: 5, i: 1 }),
    },
    { _id: { deep: [null, true, [new Date(0), -0]] }, text: 'Ŵ😀', nothing: {}, none: [] },
  ]

  const contents = async (database: string): Promise<Record<string, string[]>> => {
    const all: Record<string, string[]> = {}
    for (const { name } of await client.db(database).listCollections().toArray()) {
      const documents = await client
        .db(database)
        .collection(name)
        .find({}, { raw: true, sort: { _id: 1 } })
        .toArray()
      const indexes = await client.db(database).collection(name).indexes()
      all[name] = [
        ...documents.map((each) => Buffer.from(each as unknown as Uint8Array).toString('hex')),
        JSON.stringify(indexes),
      ]
    }
    return all
  }

  it('comes back byte by byte, with its indexes, into an empty database', async () => {
    const from = test.db.databaseName
    await test.db.collection('odd').insertMany(odd as never[])
    await test.db.collection('a.b c').insertOne({ one: 1 })
    // Far ahead, or the database would sweep them away between the backup and the look at it.
    const later = Date.parse('2100-01-01')
    await test.db
      .collection('many')
      .insertMany(Array.from({ length: 5000 }, (_, n) => ({ n, at: new Date(later + n) })))
    const partialFilterExpression = { n: { $gt: 5 } }
    await addIndex(test.db.collection('many'), { n: 1 }, { unique: true, partialFilterExpression })
    await addIndex(test.db.collection('many'), { at: -1 }, { expireAfterSeconds: 1e9 })
    await test.db.createCollection('empty')
    const manifest = await backup(await place(from), dir)
    expect(manifest.collections['many']).to.include({ documents: 5000 })
    expect(readdirSync(join(dir, from)).sort()).to.include.members([
      'many.bson',
      'many.metadata.json',
      'empty.bson',
      'odd.bson',
    ])
    const metadata = JSON.parse(readFileSync(join(dir, from, 'many.metadata.json'), 'utf8')) as {
      indexes: { name: string }[]
    }
    expect(metadata.indexes.map(({ name }) => name)).to.deep.equal(['_id_', 'n_1', 'at_-1'])

    const into = newDatabaseName()
    await restore(await place(into), dir)
    expect(await contents(into)).to.deep.equal(await contents(from))
    await client.db(into).dropDatabase()
  })

  it('is made while others write: what stays is in it once, and every document is whole', async () => {
    const rows = test.db.collection<{ _id: number; n: number; again?: number }>('rows')
    await rows.insertMany(Array.from({ length: 20_000 }, (_, _id) => ({ _id, n: 0 })))
    let writing = true
    const write = async (): Promise<void> => {
      for (let i = 0; writing; i++) {
        await rows.updateOne({ _id: (i * 7) % 20_000 }, { $set: { n: i, again: i } })
        await rows.insertOne({ _id: 100_000 + i, n: i, again: i })
        await rows.deleteOne({ _id: 100_000 + i - 50 })
      }
    }
    const writers = write()
    const { collections } = await backup(await place(test.db.databaseName), dir)
    writing = false
    await writers
    expect(collections['rows']?.documents).to.be.at.least(20_000)
    const into = newDatabaseName()
    await restore(await place(into), dir)
    const found = await client
      .db(into)
      .collection<{ _id: number; n: number; again?: number }>('rows')
      .find()
      .toArray()
    const ids = new Set(found.map(({ _id }) => _id))
    expect(Array.from({ length: 20_000 }, (_, i) => i).filter((i) => !ids.has(i))).to.deep.equal([])
    expect(
      found.filter(({ n, again }) => again !== undefined && again !== n),
      'half a write',
    ).to.deep.equal([])
    await client.db(into).dropDatabase()
  })

  it('is refused where it is not whole, was changed, or would meet other data', async () => {
    const from = await place(test.db.databaseName)
    await test.db.collection('c').insertMany([
      { _id: 1 as never, v: 'a' },
      { _id: 2 as never, v: 'b' },
    ])
    await backup(from, dir)
    const refused = async (act: Promise<unknown>, why: RegExp): Promise<void> => {
      const error: unknown = await act.then(
        () => undefined,
        (caught: unknown) => caught,
      )
      expect(error).to.be.instanceOf(BackupRefused)
      expect(String(error)).to.match(why)
    }
    await refused(backup(from, dir), /is not empty/)
    await refused(restore(from, dir), /is not empty/)
    const into = await place(newDatabaseName())
    const file = join(dir, test.db.databaseName, 'c.bson')
    const whole = readFileSync(file)
    const changed = Buffer.from(whole)
    changed[whole.length - 3] = 'z'.charCodeAt(0)
    for (const [bytes, why] of [
      [changed, /is not the file/],
      [whole.subarray(0, whole.length - 4), /middle of a document/],
      [Buffer.alloc(0), /is not the file/],
    ] as const) {
      writeFileSync(file, bytes)
      await refused(restore(into, dir), why)
    }
    rmSync(join(dir, 'manifest.json'))
    await refused(restore(into, dir), /no whole backup/)
    expect(await client.db(into.database).listCollections().toArray()).to.deep.equal([])
  })
})
