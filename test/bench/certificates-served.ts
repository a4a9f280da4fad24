import { generateKeyPairSync } from 'node:crypto'
import { cpus, loadavg, tmpdir } from 'node:os'
import { createLedger } from '../../src/audit/ledger.js'
import { createLedgerStore, ledgerCollections } from '../../src/audit/ledger-store.js'
import { addressesOf, leafHash, nodesFor, type StoredNode } from '../../src/audit/merkle.js'
import { inclusionRuns } from '../../src/audit/merkle-proof.js'
import { systemActor } from '../../src/actor.js'
import { openDatabase } from '../../src/database/database.js'
import { createLog } from '../../src/log.js'
import { systemRandom } from '../../src/random.js'
import { testDatabase } from '../support/database.js'
import { peopleCsv } from '../support/parliament.js'
import { createWorld, frozenClock } from '../support/world.js'
import type { Figure } from './figure.js'

const at = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return Math.round((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) * 100) / 100
}
const load = (): string => `${cpus().length} cores, load ${loadavg()[0]?.toFixed(1) ?? '?'}`

/** A proof by the ledger from a database that holds a tree of a million leaves, as a page asks for it. */
async function proofsFromDatabase(): Promise<Figure> {
  const size = 1_000_000
  const server = await testDatabase()
  const clock = frozenClock('2026-03-02T10:00:00Z')
  const log = createLog('silent')
  const where = { ...server, dataDir: tmpdir(), clock, random: systemRandom, log }
  const database = await openDatabase(where)
  await database.migrate(ledgerCollections('bench'))
  const store = createLedgerStore(database.connection, 'bench')
  const places = Array.from({ length: 200 }, (_, round) => (round * 1_999_993) % size)
  const runs = [...places.flatMap((place) => inclusionRuns(place, size)), { start: 0, end: size }]
  const wanted = new Set(addressesOf(runs).map(({ level, index }) => `${level}/${index}`))
  const known = new Map<string, Buffer>()
  const kept: StoredNode[] = []
  for (let first = 0; first < size; first += 10_000) {
    const leaves = Array.from({ length: 10_000 }, (_, offset) =>
      leafHash(Buffer.from(String(first + offset))),
    )
    const made = nodesFor(first, leaves, (level, index) => {
      const hash = known.get(`${level}/${index}`)
      if (!hash) throw new Error('no such node')
      return hash
    })
    for (const node of made) {
      known.set(`${node.level}/${node.index}`, node.hash)
      // Every node above the fifth level, and below it those that the proofs ask for.
      if (node.level > 5 || wanted.has(`${node.level}/${node.index}`)) kept.push(node)
    }
  }
  for (let first = 0; first < kept.length; first += 5000)
    await store.addNodes(kept.slice(first, first + 5000))
  await store.add({ from: 0, count: size, on: clock.today() })
  const { privateKey: secret, publicKey: open } = generateKeyPairSync('ed25519')
  const ledger = createLedger({
    name: 'bench',
    origin: 'bench',
    store,
    entries: {
      waiting: () => Promise.resolve([]),
      placed: () => Promise.resolve(),
      from: () => Promise.resolve([]),
    },
    leases: database.leases,
    clock,
    log,
    keys: { current: () => ({ secret, open }), all: () => [open] },
  })
  await ledger.inclusion(0)
  const taken: number[] = []
  for (const place of places) {
    const before = performance.now()
    if (!(await ledger.inclusion(place))) throw new Error('no proof')
    taken.push(performance.now() - before)
  }
  await database.close()
  await server.drop()
  return {
    name: 'certificates.inclusion-proof-from-database',
    value: at(taken, 0.5),
    unit: 'ms',
    detail: `median of 200 among 1,000,000 leaves, embedded database with the ${kept.length} nodes above level 5 and those asked for; ${load()}`,
  }
}

/** The page that anybody checks a certificate on, and what pages take while thousands are drawn. */
export async function* certificatesServed(): AsyncGenerator<Figure> {
  yield await proofsFromDatabase()
  const many = Number(
    process.env['BENCH_MANY'] ?? (process.env['BENCH_FULL'] === '1' ? 10_000 : 300),
  )
  const world = await createWorld()
  try {
    const people = Array.from(
      { length: many },
      (_, n) => `p${n},Person Number${n} Ŵyn,p${n}@x.example,en`,
    )
    await world.directory({ people: peopleCsv(...people) })
    const completed = Array.from({ length: many }, (_, n) => ({
      person: `p${n}`,
      course: 'behaviour-code',
      version: { hash: 'a'.repeat(64), label: '2026.1' },
      delivery: 'online' as const,
      on: world.clock.today(),
      evidence: { kind: 'attempt' as const, id: `a${n}` },
    }))
    const issuing = performance.now()
    const recorded = await world.app.completions.recordMany(systemActor('bench'), completed)
    yield {
      name: 'certificates.issued-in-bulk',
      value: Math.round((performance.now() - issuing) / 10) / 100,
      unit: 's',
      detail: `${many} completions recorded and their certificates issued, not yet drawn; ${load()}`,
    }
    await world.app.audit.seal()
    const [first] = await world.app.certificates.ofCompletions([recorded[0]?.id ?? ''])
    const visitor = world.visitor()
    const page = `/verify/${first?.serial ?? ''}`
    const timed = async (): Promise<number> => {
      const before = performance.now()
      const answer = await visitor.fetch(page)
      await answer.text()
      if (answer.status !== 200) throw new Error(`answered ${answer.status}`)
      return performance.now() - before
    }
    for (let round = 0; round < 50; round += 1) await timed()
    const alone: number[] = []
    const before = process.cpuUsage()
    for (let round = 0; round < 200; round += 1) alone.push(await timed())
    const { user, system } = process.cpuUsage(before)
    yield {
      name: 'certificates.verification-page',
      value: at(alone, 0.5),
      unit: 'ms',
      detail: `median of 200 over HTTP, at most 10; ${Math.round((user + system) / 200) / 1000} ms of CPU each, visitor and server together; ${load()}`,
    }
    const began = performance.now()
    const press = { isDrawing: true }
    const drawn = (async () => {
      while ((await world.app.certificates.press()) > 0);
      press.isDrawing = false
    })()
    const meanwhile: number[] = []
    while (press.isDrawing) {
      meanwhile.push(await timed())
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    await drawn
    const minutes = (performance.now() - began) / 60_000
    yield {
      name: 'certificates.drawn-in-bulk',
      value: Math.round((minutes / many) * 10_000 * 100) / 100,
      unit: 'minutes per 10,000',
      detail: `${many} drawn, signed and stored by the reconciler’s step beside the web server, at most 8; ${load()}`,
    }
    yield {
      name: 'certificates.pages-meanwhile-p95',
      value: at(meanwhile, 0.95),
      unit: 'ms',
      detail: `the verification page while they were drawn, ${meanwhile.length} times, at most 100; ${load()}`,
    }
  } finally {
    await world.close()
  }
}
