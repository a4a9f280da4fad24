import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Collection, MongoClient } from 'mongodb'
import type { Figure } from './figure.js'

interface Row {
  n: number
  group: number
  name: string
  at: Date
  text: string
}

const program = fileURLToPath(new URL('./embedded-server.ts', import.meta.url))
const all = 100_000

/** 400 bytes, of which three indexes hold one, two and one fields. */
const row = (n: number): Row => ({
  n,
  group: n % 50,
  name: `name ${(n * 7919) % 100_003}`,
  at: new Date(1_700_000_000_000 + n * 1000),
  text: 'x'.repeat(290),
})

interface Server {
  readonly process: ChildProcess
  readonly uri: string
  readonly started: number
}

async function answer<T>(server: ChildProcess, question?: string): Promise<T> {
  if (question) server.send(question)
  const [said] = (await once(server, 'message')) as [T]
  return said
}

async function start(dir: string): Promise<Server> {
  const server = fork(program, [dir])
  return { process: server, ...(await answer<{ uri: string; started: number }>(server)) }
}

async function stop({ process: server }: Server): Promise<void> {
  server.kill('SIGKILL')
  await once(server, 'exit')
}

/** Milliseconds that something takes. */
async function timed(act: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await act()
  return performance.now() - began
}

const perSecond = (count: number, milliseconds: number): number =>
  Math.round((count / milliseconds) * 1000)

async function* writes(collection: Collection<Row>): AsyncGenerator<Figure> {
  let n = 0
  const insert = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i++) await collection.insertOne(row(n++))
  }
  await insert(200)
  const one = await timed(() => insert(2000))
  yield { name: 'single durable inserts, 1 client', value: perSecond(2000, one), unit: '/s' }
  const many = await timed(() => Promise.all(Array.from({ length: 32 }, () => insert(400))))
  yield { name: 'single durable inserts, 32 clients', value: perSecond(32 * 400, many), unit: '/s' }
  const rest = all - n
  const batched = await timed(async () => {
    while (n < all) {
      const batch = Array.from({ length: Math.min(1000, all - n) }, () => row(n++))
      await collection.insertMany(batch, { ordered: false })
    }
  })
  yield { name: 'inserts in batches of 1,000', value: perSecond(rest, batched), unit: '/s' }
  const operations = Array.from({ length: 5000 }, (_, i) => ({
    updateOne: {
      filter: { n: i * 3 },
      update: { $set: { name: `new ${i}` }, $inc: { group: 0 } },
      upsert: true,
    },
  }))
  const bulk = await timed(() => collection.bulkWrite(operations, { ordered: false }))
  yield { name: 'upserts in one bulkWrite of 5,000', value: perSecond(5000, bulk), unit: '/s' }
}

async function* reads(collection: Collection<Row>): AsyncGenerator<Figure> {
  const find = async (times: number, from: number): Promise<void> => {
    for (let i = 0; i < times; i++) await collection.findOne({ n: (from + i * 7919) % all })
  }
  await find(500, 0)
  const one = await timed(() => find(5000, 1))
  yield { name: 'indexed finds, 1 client', value: perSecond(5000, one), unit: '/s' }
  const many = await timed(() => Promise.all(Array.from({ length: 32 }, (_, i) => find(1000, i))))
  yield { name: 'indexed finds, 32 clients', value: perSecond(32_000, many), unit: '/s' }
  const pages = await timed(async () => {
    for (let i = 0; i < 1000; i++) {
      await collection.find({ group: i % 50 }, { sort: { at: -1 }, skip: 20, limit: 20 }).toArray()
    }
  })
  yield { name: 'a sorted page of 20', value: pages / 1000, unit: 'ms' }
  const counts = await timed(async () => {
    for (let i = 0; i < 500; i++) await collection.countDocuments({ group: i % 50 })
  })
  yield { name: 'countDocuments of 2,000 by an index', value: counts / 500, unit: 'ms' }
  const wanted = Array.from({ length: 10_000 }, (_, i) => i * 7)
  const list = await timed(() =>
    collection.find({ n: { $in: wanted } }, { projection: { _id: 1 } }).toArray(),
  )
  yield { name: 'find by $in of 10,000', value: list, unit: 'ms' }
  const prefix = await timed(async () => {
    for (let i = 0; i < 200; i++)
      await collection.find({ name: new RegExp(`^name ${100 + i}`) }).toArray()
  })
  yield { name: 'find by the beginning of a name', value: prefix / 200, unit: 'ms' }
}

/** How long this disk takes to make 4 KB durable, for comparison. */
function syncTime(dir: string): number {
  const file = openSync(`${dir}/sync`, 'w')
  const began = performance.now()
  for (let i = 0; i < 100; i++) {
    writeSync(file, 'x'.repeat(4096), 0)
    fdatasyncSync(file)
  }
  closeSync(file)
  return (performance.now() - began) / 100
}

/** The figures of the embedded database, its client in another process, three indexes, 400-byte documents. */
export async function* embedded(): AsyncGenerator<Figure> {
  // Beside the project and not in /tmp, which may be memory.
  const dir = mkdtempSync(fileURLToPath(new URL('../../data-bench-', import.meta.url)))
  try {
    yield {
      name: 'fdatasync of 4 KB',
      value: syncTime(dir),
      unit: 'ms',
      detail: 'of the disk itself',
    }
    let server = await start(dir)
    let client = await MongoClient.connect(server.uri, { maxPoolSize: 40 })
    let collection = client.db('bench').collection<Row>('documents')
    await collection.createIndexes([
      { key: { n: 1 } },
      { key: { group: 1, at: -1 } },
      { key: { name: 1 } },
    ])
    yield* writes(collection)
    yield* reads(collection)
    const grouped = await answer<{ took: number; delay: number }>(server.process, 'group')
    yield { name: `$group over ${all} documents`, value: grouped.took, unit: 'ms' }
    yield { name: 'longest delay of the event loop beside it', value: grouped.delay, unit: 'ms' }
    const { rss } = await answer<{ rss: number }>(server.process, 'memory')
    yield {
      name: 'resident memory',
      value: rss / 1e6,
      unit: 'MB',
      detail: `of the process that serves ${all} documents, after all this`,
    }
    await client.close()
    await stop(server)
    server = await start(dir)
    client = await MongoClient.connect(server.uri)
    collection = client.db('bench').collection<Row>('documents')
    const first = await timed(() => collection.findOne({ n: 5 }))
    yield {
      name: 'restart after kill -9',
      value: server.started,
      unit: 'ms',
      detail: `with ${all} documents; the first find takes ${first.toFixed(0)} ms`,
    }
    const fresh = await answer<{ rss: number }>(server.process, 'memory')
    yield { name: 'resident memory after a restart', value: fresh.rss / 1e6, unit: 'MB' }
    await client.close()
    await stop(server)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
