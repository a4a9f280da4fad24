import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { App } from '../../src/app.js'
import { startApp } from '../../src/start.js'
import { systemActor, type PersonActor } from '../../src/actor.js'
import { addDays, systemClock } from '../../src/clock.js'
import { readConfig } from '../../src/config.js'
import { createLog } from '../../src/log.js'
import { systemRandom } from '../../src/random.js'
import type { Figure } from './figure.js'

const everybody = 100_000
const registered = 10_000
const perSession = 200
const system = systemActor('bench')
const coordinator: PersonActor = {
  kind: 'person',
  account: 'coordinator',
  roles: [{ name: 'coordinator' }],
}

const first = 'Aled Beca Carys Dafydd Elin Ffion Gareth Heledd Ifan Jac Karen Lowri Megan Nia Owen'
const last =
  'Ash Birch Cedar Damson Elder Fern Gorse Hazel Iris Juniper Larch Maple Nettle Oak Pine'
const [firsts, lasts] = [first.split(' '), last.split(' ')]
const syllables = 'ba ce di fo gu ha je li mo nu pa re si to va we yn'.split(' ')
const pick = (from: readonly string[], n: number): string => from[n % from.length] ?? ''

/** A name that nobody else has, as like its neighbours' as names are. */
const nameOf = (n: number): string => {
  const middle = [n, Math.floor(n / 17), Math.floor(n / 289), Math.floor(n / 4913)]
  const family = middle.map((part) => pick(syllables, part)).join('')
  return `${pick(firsts, n)} ${pick(lasts, Math.floor(n / 15))}${family}`
}

async function fill({ people }: App): Promise<void> {
  const ids = Array.from({ length: everybody }, (_, n) => n)
  const upload = {
    people: ['id,name,email,language', ...ids.map((n) => `p${n},${nameOf(n)},p${n}@b.example,en`)],
    offices: ['id,name,house,kind,parent,employer', 'o1,Office,both,department,,'],
    terms: [
      'person,kind,house,party,office,title,from,to',
      ...ids.map((n) => `p${n},staff,both,,o1,Clerk,2020-01-01,`),
    ],
  }
  const files = Object.fromEntries(
    Object.entries(upload).map(([file, lines]) => [file, Buffer.from(lines.join('\n'))]),
  )
  const { id, faults } = await people.directory.rehearse(system, files)
  if (faults.length > 0) throw new Error(JSON.stringify(faults.slice(0, 3)))
  await people.directory.confirm(system, id)
}

/** Ten thousand rows in fifty training sessions; every tenth names its person by name alone. */
function register(): Buffer {
  const on = addDays(systemClock.today(), -7)
  const rows = Array.from({ length: registered }, (_, n) => {
    const who = n * 9
    const session = Math.floor(n / perSession)
    const start = `${String(8 + Math.floor(session / 6)).padStart(2, '0')}:${(session % 6) * 10}`
    const time = start.replace(/:0$/, ':00')
    const email = n % 10 === 0 ? '' : `p${who}@b.example`
    return `raising-a-concern,${on},${time},Room ${session},face-to-face,${nameOf(who)},${email},attended`
  })
  return Buffer.from(['course,date,start,venue,delivery,name,email,attendance', ...rows].join('\n'))
}

interface Watched<Result> {
  result: Result
  seconds: number
  /** Of all threads of this process. */
  cpu: number
  worstDelay: number
  grown: number
}

/**
 * Memory that is this process's own, in bytes. Pages of the database's file that the system keeps at
 * hand for it are counted as resident too, and say nothing of what the work needs.
 */
function ownMemory(): number {
  try {
    const kilobytes = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    if (kilobytes !== undefined) return Number(kilobytes) * 1024
  } catch {
    // Only Linux tells.
  }
  return process.memoryUsage().rss
}

/** Does something and watches how long it takes, how long the loop stood still, and what memory grew. */
async function watch<Result>(work: () => Promise<Result>): Promise<Watched<Result>> {
  globalThis.gc?.()
  const before = ownMemory()
  let most = before
  const sampler = setInterval(() => {
    most = Math.max(most, ownMemory())
  }, 50)
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const began = performance.now()
  const worked = process.cpuUsage()
  const result = await work()
  const seconds = (performance.now() - began) / 1000
  const { user, system: kernel } = process.cpuUsage(worked)
  delay.disable()
  clearInterval(sampler)
  const megabytes = (most - before) / 1024 / 1024
  const cpu = (user + kernel) / 1e6
  return { result, seconds, cpu, worstDelay: delay.max / 1e6, grown: megabytes }
}

const rounded = (value: number): number => Math.round(value * 100) / 100

function* figuresOf(what: string, watched: Watched<unknown>, limit: number): Generator<Figure> {
  const { seconds, cpu, worstDelay, grown } = watched
  const rows = `${registered} rows against ${everybody} people`
  yield { name: what, value: rounded(seconds), unit: 's', detail: `${rows}; at most ${limit} s` }
  yield {
    name: `${what}-cpu`,
    value: rounded(cpu),
    unit: 's',
    detail: 'of all threads of the process, the database among them',
  }
  yield {
    name: `${what}-loop-delay`,
    value: rounded(worstDelay),
    unit: 'ms',
    detail: 'the worst, sampled every 5 ms; at most 50 ms',
  }
  yield {
    name: `${what}-memory`,
    value: rounded(grown),
    unit: 'MB',
    detail: 'its own memory, the most above the start; at most 150 MB',
  }
}

async function searching({ people }: App): Promise<Figure> {
  const taken: number[] = []
  for (let n = 0; n < 400; n += 1) {
    const name = nameOf((n * 7919) % everybody)
    const [given = '', family = ''] = name.split(' ')
    const typed = [family.slice(0, 3 + (n % 5)), `${given} ${family.slice(0, 4)}`, name][n % 3]
    const began = performance.now()
    await people.search(typed ?? '', 8)
    taken.push(performance.now() - began)
  }
  const sorted = taken.sort((one, other) => one - other)
  return {
    name: 'name-search-p95',
    value: rounded(sorted[Math.floor(sorted.length * 0.95)] ?? 0),
    unit: 'ms',
    detail: `400 searches among ${everybody} people, as somebody types; at most 50 ms`,
  }
}

async function* booking({ training, clock }: App): AsyncGenerator<Figure> {
  const { id } = await training.planning.plan(coordinator, {
    course: 'raising-a-concern',
    delivery: 'face-to-face',
    on: addDays(clock.today(), 30),
    from: '10:00',
    to: '11:30',
    venue: 'Room 1',
    capacity: 20,
    trainers: ['p99999'],
    invited: {},
    arrangements: [],
  })
  const askers = Array.from({ length: 500 }, (_, n) => `p${n}`)
  const began = performance.now()
  const places = await Promise.all(
    askers.map((person) =>
      training.bookings.ask({ kind: 'person', account: person, person, roles: [] }, id, person),
    ),
  )
  const seconds = (performance.now() - began) / 1000
  const booked = places.filter(({ state }) => state === 'booked').length
  const detail = '500 people asking at once for the last 20 places'
  yield { name: 'booked', value: booked, unit: 'places', detail: `${detail}; exactly 20` }
  yield { name: 'booking', value: rounded(seconds), unit: 's', detail }
}

/** A register of ten thousand rows, name search, and a rush for places, in the whole application. */
export async function* registers(): AsyncGenerator<Figure> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gs-bench-'))
  const app = await startApp({
    config: readConfig({
      DATA_DIR: dataDir,
      COURSES_DIR: 'courses',
      CERTIFICATES_DIR: 'certificates',
    }),
    clock: systemClock,
    random: systemRandom,
    log: createLog('warn'),
    viewsDir: 'views',
    publicDir: 'dist/public',
    mailer: () => Promise.resolve(),
  })
  try {
    await fill(app)
    const { uploads } = app.training
    await app.people.search('Aled', 8)
    // As the work beside requests does every second: keys and the design have been read.
    await app.certificates.press()
    const bytes = register()
    const rehearsed = await watch(() =>
      uploads.rehearse(coordinator, { name: 'register.csv', bytes }),
    )
    const { id, counts } = rehearsed.result
    if (counts.matched !== registered) throw new Error(JSON.stringify(counts))
    yield* figuresOf('rehearsal', rehearsed, 3)
    const committed = await watch(() => uploads.confirm(coordinator, id, 'all'))
    yield* figuresOf('commit', committed, 15)
    yield await searching(app)
    yield* booking(app)
  } finally {
    await app.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
