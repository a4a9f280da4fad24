import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { type Collection, MongoClient } from 'mongodb'
import { answer, cpuOf, memoryOf, start, stop, type Server } from './embedded-process.js'
import type { Figure } from './figure.js'

interface Row {
  n: number
  group: number
  name: string
  at: Date
  text: string
}

/** What the throwaway prototype reached on two cores, which is to be reached here. */
const prototype: Readonly<Record<string, number>> = {
  'embedded.insert': 415,
  'embedded.insert.32-clients': 3000,
  'embedded.insert.batches': 26_000,
  'embedded.find': 3600,
  'embedded.find.32-clients': 3600,
  'embedded.group': 840,
  'embedded.group.delay': 11,
  'embedded.memory': 233,
  'embedded.restart': 400,
}

const rounded = (value: number): number => Number(value.toPrecision(4))

/** A figure, with how it stands to the prototype's: more is better of a rate, less of the rest. */
function figure(name: string, value: number, unit: string, what: string): Figure {
  const before = prototype[name]
  const ratio = before && (unit === '/s' ? value / before : before / value).toFixed(2)
  const compared =
    before && ratio ? `; the prototype had ${before}, this is ${ratio} times as good` : ''
  return { name, value: rounded(value), unit, detail: `${what}${compared}` }
}

const all = 100_000

/** 400 bytes, of which three indexes hold one, two and one fields. */
const row = (n: number): Row => ({
  n,
  group: n % 50,
  name: `name ${(n * 7919) % 100_003}`,
  at: new Date(1_700_000_000_000 + n * 1000),
  text: 'x'.repeat(290),
})

interface Grouped {
  readonly took: number
  readonly delay: number
  readonly cpu: number
}

/** Something to measure: so many times of it, told as times a second or as milliseconds for each. */
interface Measure {
  readonly name: string
  readonly what: string
  readonly unit: '/s' | 'ms'
  readonly times: number
  readonly act: () => Promise<unknown>
}

/** What each takes, and what of it is processor time of the server. */
async function* measured({ process: server }: Server, measures: Measure[]): AsyncGenerator<Figure> {
  for (const { name, what, unit, times, act } of measures) {
    const [cpu, began] = [await cpuOf(server), performance.now()]
    await act()
    const each = (performance.now() - began) / times
    const spent = Math.round(((await cpuOf(server)) - cpu) / times)
    yield figure(name, unit === 'ms' ? each : 1000 / each, unit, `${what}, ${spent} µs of CPU each`)
  }
}

const clients = (count: number, act: (client: number) => Promise<void>): Promise<unknown> =>
  Promise.all(Array.from({ length: count }, (_, client) => act(client)))

async function* writes(server: Server, collection: Collection<Row>): AsyncGenerator<Figure> {
  let n = 0
  const insert = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i++) await collection.insertOne(row(n++))
  }
  const fill = async (): Promise<void> => {
    while (n < all) {
      const batch = Array.from({ length: Math.min(1000, all - n) }, () => row(n++))
      await collection.insertMany(batch, { ordered: false })
    }
  }
  const upserts = Array.from({ length: 5000 }, (_, i) => ({
    updateOne: {
      filter: { n: i * 3 },
      update: { $set: { name: `new ${i}` }, $inc: { group: 0 } },
      upsert: true,
    },
  }))
  const [single, many] = [2000, 400]
  await insert(200)
  yield* measured(server, [
    {
      name: 'embedded.insert',
      what: 'single durable inserts, 1 client',
      unit: '/s',
      times: single,
      act: () => insert(single),
    },
    {
      name: 'embedded.insert.32-clients',
      what: 'single durable inserts',
      unit: '/s',
      times: 32 * many,
      act: () => clients(32, () => insert(many)),
    },
    {
      name: 'embedded.insert.batches',
      what: 'documents, in batches of 1,000',
      unit: '/s',
      times: all - 200 - single - 32 * many,
      act: fill,
    },
    {
      name: 'embedded.upsert.bulk',
      what: 'upserts, in one bulkWrite of 5,000',
      unit: '/s',
      times: upserts.length,
      act: () => collection.bulkWrite(upserts, { ordered: false }),
    },
  ])
}

async function* reads(server: Server, collection: Collection<Row>): AsyncGenerator<Figure> {
  const find = async (times: number, from: number): Promise<void> => {
    for (let i = 0; i < times; i++) await collection.findOne({ n: (from + i * 7919) % all })
  }
  const each = async (times: number, act: (i: number) => Promise<unknown>): Promise<void> => {
    for (let i = 0; i < times; i++) await act(i)
  }
  const some = { $in: Array.from({ length: 10_000 }, (_, i) => i * 7) }
  const page = { sort: { at: -1 }, skip: 20, limit: 20 } as const
  await find(500, 0)
  yield* measured(server, [
    {
      name: 'embedded.find',
      what: 'indexed finds, 1 client',
      unit: '/s',
      times: 5000,
      act: () => find(5000, 1),
    },
    {
      name: 'embedded.find.32-clients',
      what: 'indexed finds',
      unit: '/s',
      times: 32_000,
      act: () => clients(32, (client) => find(1000, client)),
    },
    {
      name: 'embedded.page',
      what: 'a sorted page of 20 of 2,000 documents',
      unit: 'ms',
      times: 1000,
      act: () => each(1000, (i) => collection.find({ group: i % 50 }, page).toArray()),
    },
    {
      name: 'embedded.count',
      what: 'countDocuments of 2,000 by an index',
      unit: 'ms',
      times: 500,
      act: () => each(500, (i) => collection.countDocuments({ group: i % 50 })),
    },
    {
      name: 'embedded.in',
      what: 'find by $in of 10,000',
      unit: 'ms',
      times: 1,
      act: () => collection.find({ n: some }, { projection: { _id: 1 } }).toArray(),
    },
    {
      name: 'embedded.prefix',
      what: 'find by the beginning of a name',
      unit: 'ms',
      times: 200,
      act: () =>
        each(200, (i) =>
          collection.find({ name: { $gte: `name ${100 + i}`, $lt: `name ${101 + i}` } }).toArray(),
        ),
    },
  ])
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
    yield figure('embedded.sync', syncTime(dir), 'ms', 'fdatasync of 4 KB, by the disk itself')
    const load = loadavg()[0] ?? 0
    yield figure(
      'embedded.load',
      load,
      'processes',
      `running on ${cpus().length} cores as this began`,
    )
    let server = await start(dir)
    let client = await MongoClient.connect(server.uri, { maxPoolSize: 40 })
    let collection = client.db('bench').collection<Row>('documents')
    await collection.createIndexes([
      { key: { n: 1 } },
      { key: { group: 1, at: -1 } },
      { key: { name: 1 } },
    ])
    yield* writes(server, collection)
    const whose = `resident, of the process that serves ${all} documents`
    yield figure('embedded.memory', await memoryOf(server), 'MB', `${whose}, as they are written`)
    yield* reads(server, collection)
    const { looked, found } = await answer<{ looked: number; found: number }>(
      server.process,
      'look',
    )
    const way = `one document by an index, in the thread that asks; by its driver ${Math.round(found)} µs`
    yield figure('embedded.read', looked, 'µs', way)
    const grouped = await answer<Grouped>(server.process, 'group')
    const what = `$group over ${all} documents, ${Math.round(grouped.cpu)} ms of CPU`
    yield figure('embedded.group', grouped.took, 'ms', what)
    const rest = await answer<{ delay: number }>(server.process, 'rest')
    const beside = 'longest delay of the event loop beside it, goal 25'
    yield figure('embedded.group.delay', grouped.delay, 'ms', beside)
    yield figure(
      'embedded.rest.delay',
      rest.delay,
      'ms',
      'the same in a second in which nothing is done',
    )
    yield figure('embedded.memory.reads', await memoryOf(server), 'MB', `${whose}, after all this`)
    await client.close()
    await stop(server)
    server = await start(dir)
    client = await MongoClient.connect(server.uri)
    collection = client.db('bench').collection<Row>('documents')
    const began = performance.now()
    await collection.findOne({ n: 5 })
    const first = performance.now() - began
    yield figure('embedded.restart', server.started, 'ms', `after kill -9, with ${all} documents`)
    yield figure('embedded.restart.find', first, 'ms', 'the first find after that')
    yield figure('embedded.restart.memory', await memoryOf(server), 'MB', 'resident after that')
    await client.close()
    await stop(server)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
