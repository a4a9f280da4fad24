import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect } from 'chai'
import { createPress, type Press } from '../../../src/certificates/press.js'
import type { Printed } from '../../../src/certificates/printing.js'
import { verifyFile } from '../../../src/certificates/verification.js'
import { day } from '../../../src/clock.js'
import { createLog } from '../../../src/log.js'
import {
  aCertificate,
  aFolder,
  classic,
  designsDir,
  parliament,
  place,
  print,
} from '../../support/certificates.js'

const log = createLog('silent')

describe('the press', function () {
  this.timeout(60_000)
  let press: Press
  const order = (certificate = aCertificate()) => ({
    certificate,
    place,
    signers: parliament().signers,
  })

  before(() => {
    press = createPress({ designsDir, log, workers: 2 })
  })
  after(() => press.close())

  it('draws in its threads the same bytes as anywhere, and again after a crash', async () => {
    const here = await print()
    const [first, second] = await Promise.all([press.print(order()), press.print(order())])
    expect(Buffer.from(first.pdf).equals(Buffer.from(here.pdf))).to.equal(true)
    expect(Buffer.from(second.pdf).equals(Buffer.from(here.pdf))).to.equal(true)
    expect(first.credential).to.equal(here.credential)
  })

  it('draws no certificate otherwise because of those drawn before', async () => {
    const names = ['Ŵ', 'Wilhelmina Ŵyn', 'Αλέξανδρος Alexander', 'Ffion fi ffi', 'Иван A']
    const fresh = createPress({ designsDir, log, workers: 1 })
    const forwards: Printed[] = []
    for (const holder of names) forwards.push(await fresh.print(order(aCertificate({ holder }))))
    const backwards: Printed[] = []
    for (const holder of names.toReversed())
      backwards.push(await press.print(order(aCertificate({ holder }))))
    await fresh.close()
    backwards.reverse().forEach((printed, at) => {
      expect(
        Buffer.from(printed.pdf).equals(Buffer.from(forwards[at]?.pdf ?? [])),
        names[at],
      ).to.equal(true)
    })
  })

  it('keeps the others going when a thread dies, and tries its certificate once more', async () => {
    const deaths: string[] = []
    const orders = Array.from({ length: 6 }, (_, at) =>
      order(aCertificate({ holder: `Person ${at}` })),
    )
    const watched = createPress({
      designsDir,
      log: {
        ...log,
        warn: (...said: unknown[]) => deaths.push(JSON.stringify(said)),
      } as typeof log,
      workers: 2,
    })
    const printing = orders.map((one) => watched.print(one))
    // The thread is killed in the middle of its work, as if it had run out of memory.
    const post = Reflect.get(Worker.prototype, 'postMessage') as (...args: unknown[]) => void
    const victim = new Promise<unknown>((resolve) => {
      Worker.prototype.postMessage = function (this: Worker, ...args: unknown[]) {
        Object.assign(Worker.prototype, { postMessage: post })
        Reflect.apply(post, this, args)
        resolve(this.terminate())
      }
    })
    const later = watched.print(order(aCertificate({ holder: 'The last' })))
    await Promise.all([...printing.slice(0, 2), victim])
    const done = await Promise.all([...printing, later])
    await watched.close()
    expect(deaths).to.have.length(1)
    for (const { pdf } of done) {
      const { verdict } = await verifyFile(pdf, {
        keys: parliament().published,
        today: day('2026-11-21'),
      })
      expect(verdict).to.equal('valid')
    }
  })

  it('gives up on a certificate whose thread is stuck twice, and lives on', async () => {
    const impatient = createPress({ designsDir, log, workers: 1, patience: 1 })
    const stuck = await impatient.print(order()).catch((error: unknown) => error)
    await impatient.close()
    expect(String(stuck)).to.match(/certificates\.press\.failed/)
  })

  it('turns orders away when too many wait, and after it was closed', async () => {
    const small = createPress({ designsDir, log, workers: 1, waiting: 2 })
    const orders = Array.from({ length: 5 }, () =>
      small.print(order()).then(
        () => 'printed',
        (error: unknown) => String(error),
      ),
    )
    const closing = small.close()
    const ends = await Promise.all([
      ...orders,
      small.print(order()).catch((error: unknown) => String(error)),
    ])
    await closing
    const said = ends.map((end) => (typeof end === 'string' ? end : 'printed'))
    expect(said[0]).to.equal('printed')
    expect(said.slice(1, 3).every((end) => end.includes('press.closed'))).to.equal(true)
    expect(said.slice(3, 5).every((end) => end.includes('press.full'))).to.equal(true)
    expect(said[5]).to.include('press.closed')
  })

  it('refuses to draw in a design that was changed since the issue', async () => {
    const folder = aFolder()
    cpSync(join(designsDir, 'classic'), join(folder, 'classic'), { recursive: true })
    writeFileSync(join(folder, 'classic/badge.svg'), `${classic().badge.svg}\n`)
    const other = createPress({ designsDir: folder, log, workers: 1 })
    const refused = await other.print(order()).catch((error: unknown) => error)
    await other.close()
    expect(refused).to.include({ kind: 'conflict' })
    expect(String(refused)).to.match(/design-changed/)
  })
})
