import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'chai'
import type { App } from '../../src/app.js'
import { loading } from '../../src/from-source.js'
import { startApp } from '../../src/start.js'
import { systemActor, type PersonActor } from '../../src/actor.js'
import { systemClock } from '../../src/clock.js'
import { readConfig } from '../../src/config.js'
import { createLog } from '../../src/log.js'
import { systemRandom } from '../../src/random.js'
import { takeCourse } from '../support/course-taker.js'
import { giveDocumentKey } from '../support/document-key.js'
import { freePort } from '../support/free-port.js'
import { testCourse } from '../support/learning.js'
import { peopleCsv, termsCsv } from '../support/parliament.js'
import { rounds } from '../support/property.js'
import { createVisitor, type Visitor } from '../support/visitor.js'
import { password } from '../support/world.js'

const system = systemActor('test')
const body = 'commons-commissioner'
const count = rounds(2, 20)
const people = Array.from({ length: count }, (_, at) => `member-${at}`)

/** The real server as its own process on a data directory, killed and started again. */
class Mortal {
  readonly address: string
  private readonly environment: NodeJS.ProcessEnv
  private process: ChildProcess | undefined

  constructor(dataDir: string, port: number) {
    this.address = `http://127.0.0.1:${port}`
    this.environment = { ...process.env, DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: 'error' }
    delete this.environment['MONGODB_URI']
  }
  async start(): Promise<void> {
    this.process = spawn(process.execPath, [...loading, 'src/main.ts'], {
      env: this.environment,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    for (let tries = 0; tries < 600; tries++) {
      const answer = await fetch(`${this.address}/ready`).catch(() => undefined)
      if (answer?.ok) return
      await wait(100)
    }
    throw new Error('the server does not come up')
  }
  /** As power is lost: nothing is told, nothing is finished. Once more changes nothing. */
  async kill(): Promise<void> {
    const process = this.process
    this.process = undefined
    if (!process) return
    const gone = once(process, 'exit')
    process.kill('SIGKILL')
    await gone
  }
}

describe('a server that is killed in the middle of the circle', () => {
  let dataDir: string
  let server: Mortal
  /** How many answers each person was told of that they are saved. */
  const acknowledged = new Map<string, number>()

  /** The same application on the data that the server left. */
  async function inside<Result>(work: (app: App) => Promise<Result>): Promise<Result> {
    const app = await startApp({
      config: readConfig({ DATA_DIR: dataDir }),
      clock: systemClock,
      random: systemRandom,
      log: createLog('silent'),
      viewsDir: 'views',
      publicDir: 'dist/public',
      inThisThread: true,
    })
    try {
      return await work(app)
    } finally {
      await app.close()
    }
  }

  before(async function () {
    this.timeout(60_000)
    dataDir = mkdtempSync(join(tmpdir(), 'gs-killed-'))
    giveDocumentKey(join(dataDir, 'keys'))
    await inside(async (app) => {
      const { id } = await app.people.directory.rehearse(system, {
        people: Buffer.from(
          peopleCsv(...people.map((one) => `${one},Member ${one},${one}@parliament.example,en`)),
        ),
        terms: Buffer.from(
          termsCsv(...people.map((one) => `${one},mp,commons,Lantern Party,,Seat,2024-07-04,`)),
        ),
      })
      await app.people.directory.confirm(system, id)
      for (const person of people) {
        const email = `${person}@parliament.example`
        const { token } = await app.identity.invite(system, { email, person })
        await app.identity.accept(token, password)
      }
      const roles = [{ name: 'conduct-officer' as const, body }]
      await app.identity.invite(system, { email: 'olive@example.org', roles })
    })
    server = new Mortal(dataDir, await freePort())
    await server.start()
  })
  after(async () => {
    await server.kill()
    rmSync(dataDir, { recursive: true, force: true })
  })

  /** Counts what the server said it has, and kills it within the given request. */
  function counting(visitor: Visitor, person: string, at: number): Visitor {
    let sent = 0
    const post: Visitor['post'] = async (path, form) => {
      sent += 1
      const dying = sent === at ? wait(Math.random() * 60).then(() => server.kill()) : undefined
      try {
        const answer = await visitor.post(path, form)
        acknowledged.set(person, (acknowledged.get(person) ?? 0) + 1)
        return answer
      } finally {
        await dying
      }
    }
    return { ...visitor, post }
  }

  it(`goes on where it was, in ${count} rounds, until everybody has completed`, async function () {
    this.timeout(1_200_000)
    for (const [round, person] of people.entries()) {
      const visitor = createVisitor(server.address)
      await visitor.get('/sign-in')
      await visitor.post('/sign-in', { email: `${person}@parliament.example`, password })
      // Every second time in the last steps, where a completion and all that follows come to be.
      const at =
        round % 2 === 0 ? 12 + Math.floor(Math.random() * 8) : 1 + Math.floor(Math.random() * 12)
      const dying = counting(visitor, person, at)
      await takeCourse(dying, testCourse).catch(() => undefined)
      await server.kill()
      await server.start()
      // The session is still there: nobody is asked to sign in again.
      const end = await takeCourse(counting(visitor, person, -1), testCourse)
      expect(end.words).to.include('Completed')
    }
    await server.kill()
  })

  it('has lost no answer, and left no half consequence', async function () {
    this.timeout(240_000)
    await inside(async (app) => {
      const certified = async () => (await app.audit.logs.certificates.head()).size
      const drawn = async () => (await app.certificates.waiting()).toDraw === 0
      // What the killed process held is free again after half a minute.
      for (let tries = 0; tries < 120; tries++) {
        await app.reconciler.settle()
        if ((await certified()) >= people.length * 2 && (await drawn())) break
        await wait(1000)
      }
      for (const person of people) {
        const actor: PersonActor = { kind: 'person', account: person, person, roles: [] }
        const { attempt } = await app.learning.open(actor, 'test-course')
        expect(attempt.facts.length, person).to.be.at.least((acknowledged.get(person) ?? 0) - 1)
        const completions = (await app.completions.of([person])).get(person) ?? []
        expect(completions, person).to.have.length(1)
        const ids = completions.map(({ id }) => id)
        expect(await app.certificates.ofCompletions(ids), person).to.have.length(1)
      }
      expect(await app.certificates.waiting()).to.deep.equal({ toDraw: 0, toIssue: [] })
      expect(await app.audit.logs.record.check()).to.deep.equal([])
      expect(await app.audit.logs.certificates.check()).to.deep.equal([])
      expect(await certified(), 'each completion and each issue once').to.equal(people.length * 2)
    })
  })
})
