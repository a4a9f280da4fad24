import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import autocannon from 'autocannon'
import { loadCatalogue } from '../../src/courses/courses.js'
import { runningServer } from '../../src/database/database.js'
import { demoPassword } from '../../src/demo/demo.js'
import { loading } from '../../src/from-source.js'
import { goOn } from '../support/course-taker.js'
import { freePort } from '../support/free-port.js'
import { createVisitor, type Visitor } from '../support/visitor.js'
import type { Figure } from './figure.js'

const member = 'ffion.appletree@parliament.example'
const coordinator = 'davina.quillmoor@parliament.example'
const seconds = 8
/** So many pages and answers are about half of the course. */
const halfWay = 24

/** Starts the built demo; answers it with the milliseconds until its first page was there. */
async function start(dataDir: string, port: number): Promise<{ demo: ChildProcess; took: number }> {
  const began = performance.now()
  const environment = { ...process.env, DATA_DIR: dataDir, PORT: String(port) }
  const demo = spawn(process.execPath, ['dist/cli/cli.js', 'demo'], {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/sign-in`).catch(() => undefined)
    if (answer?.ok) return { demo, took: performance.now() - began }
    if (demo.exitCode !== null) throw new Error('the demo does not start')
    await wait(20)
  }
}

async function stop(demo: ChildProcess): Promise<void> {
  const gone = once(demo, 'exit')
  demo.kill('SIGTERM')
  await gone
}

/** Anonymous resident memory of a process, in MB. */
function memoryOf({ pid }: ChildProcess): number {
  const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8')
  const [, kilobytes = '0'] = /RssAnon:\s+(\d+)/.exec(status) ?? []
  return Number(kilobytes) / 1024
}

async function signedIn(address: string, email: string): Promise<Visitor> {
  const visitor = createVisitor(address)
  await visitor.get('/sign-in')
  await visitor.post('/sign-in', { email, password: demoPassword })
  return visitor
}

interface Load {
  rate: number
  p50: number
  p95: number
  p99: number
}

async function load(url: string, visitor?: Visitor, connections = 8): Promise<Load> {
  const cookie = [...(visitor?.cookies ?? [])].map(([name, value]) => `${name}=${value}`).join('; ')
  const options = { url, connections, headers: { cookie } }
  await autocannon({ ...options, duration: 2 })
  const latencies: number[] = []
  const { requests, non2xx } = await new Promise<autocannon.Result>((resolve, reject) => {
    const run = autocannon({ ...options, duration: seconds }, (error: Error | null, result) => {
      if (error) reject(error)
      else resolve(result)
    })
    run.on('response', (_client, _status, _bytes, milliseconds) => latencies.push(milliseconds))
  })
  if (non2xx > 0) throw new Error(`${url} answered ${non2xx} times with something else`)
  latencies.sort((a, b) => a - b)
  const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? 0
  return { rate: requests.average, p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

/** The figures of one page, and its rate beside those of others in the same run. */
function* figuresOf(name: string, one: Load, others: Record<string, Load> = {}): Iterable<Figure> {
  const compared = Object.entries(others).map(
    ([other, { rate }]) => `${((100 * one.rate) / rate).toFixed(0)} % of ${other}`,
  )
  const detail = ['8 connections', ...compared].join(', ')
  yield { name: `${name}, rate`, value: one.rate, unit: 'requests/s', detail }
  for (const part of ['p50', 'p95', 'p99'] as const) {
    yield { name: `${name}, ${part}`, value: one[part], unit: 'ms' }
  }
}

/** The server with the demo parliament: how soon it is there, what it weighs, how fast its pages are. */
export async function* pages(): AsyncGenerator<Figure> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gs-bench-pages-'))
  const port = await freePort()
  const address = `http://127.0.0.1:${port}`
  const first = await start(dataDir, port)
  yield { name: 'first start, parliament loaded', value: first.took, unit: 'ms' }
  // What the first start left to do beside requests: certificates of the last weeks, the record.
  await wait(60_000)
  await stop(first.demo)
  const { demo, took } = await start(dataDir, port)
  yield { name: 'second start to first page', value: took, unit: 'ms' }
  await wait(15_000)
  yield { name: 'anonymous resident memory, idle', value: memoryOf(demo), unit: 'MB' }

  const learner = await signedIn(address, member)
  const { $ } = await learner.get('/training/behaviour-code')
  const [begin, after] = [
    $('main form').attr('action'),
    $('main input[name="after"]').attr('value'),
  ]
  const begun = await learner.send(begin ?? '', { after: after ?? '0' })
  const lesson = begun.location ?? ''
  const keeper = await signedIn(address, coordinator)

  const viewsDir = mkdtempSync(join(tmpdir(), 'gs-bench-views-'))
  writeFileSync(join(viewsDir, 'words.html'), (await learner.get(lesson)).text)
  const page = '<!doctype html><html lang="en"><title>Hello</title><h1>Hello, {{name}}</h1></html>'
  writeFileSync(join(viewsDir, 'greeting.hbs'), page)
  const secret = readFileSync(join(dataDir, 'session-secret'), 'utf8').trim()
  const uri = (await runningServer(dataDir)) ?? ''
  const baselineServer = fork(
    new URL('baseline-server.ts', import.meta.url),
    [uri, secret, viewsDir],
    { execArgv: loading },
  )
  const [baselinePort] = (await once(baselineServer, 'message')) as [number]
  const beside = `http://127.0.0.1:${baselinePort}`

  const bare = await load(`${beside}/bare`)
  yield* figuresOf('bare Express and Handlebars page', bare)
  const words = await load(`${beside}/words`)
  yield* figuresOf("bare Express page that sends a course page's finished words", words)
  const guest = createVisitor(beside)
  for (const path of ['/packages/enter', '/packages']) await guest.get(path)
  const packages = await load(`${beside}/packages`, guest)
  const toBare = { 'a bare page': bare }
  yield* figuresOf('the packages that a page stands behind, without a database', packages, toBare)
  const baseline = await load(`${beside}/baseline/P10000`, learner)
  yield* figuresOf('session and one indexed find', baseline, toBare)
  const others = { ...toBare, 'session and find': baseline }
  const own = await load(address + lesson, learner)
  yield* figuresOf("learner's course page", own, { ...others, 'its words sent bare': words })
  const alone = await load(address + lesson, learner, 1)
  const one = { detail: '1 connection, goal 15' }
  yield { name: "learner's course page, p50 for one reader", value: alone.p50, unit: 'ms', ...one }
  const course = loadCatalogue('courses').courses.get('behaviour-code')
  await goOn(learner, await learner.get(lesson), (_page, sent) => sent >= halfWay, course)
  const later = await load(address + lesson, learner)
  yield* figuresOf("learner's course page, half way", later, {
    ...others,
    'its words sent bare': words,
  })
  const front = `${address}/training/behaviour-code`
  yield* figuresOf("a course's front page", await load(front, learner), others)
  yield* figuresOf('my training', await load(`${address}/training`, learner), others)
  yield* figuresOf('compliance list', await load(`${address}/compliance`, keeper), others)
  yield { name: 'anonymous resident memory, loaded', value: memoryOf(demo), unit: 'MB' }

  baselineServer.disconnect()
  await stop(demo)
  rmSync(dataDir, { recursive: true, force: true })
  rmSync(viewsDir, { recursive: true, force: true })
}
