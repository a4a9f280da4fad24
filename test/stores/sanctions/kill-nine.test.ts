import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { expect } from 'chai'
import { loading } from '../../../src/from-source.js'
import { startReceiver, type Receiver } from '../../support/receiver.js'
import { rounds } from '../../support/property.js'
import { eachWithPlane } from '../../support/sealed-database.js'
import { decided, done, keyActor, panel } from '../../support/sealed-plane.js'

const key = keyActor(panel)
const now = '2023-12-06T09:00:00Z'
const many = Array.from({ length: 12 }, (_, n) => n)

describe('kill -9', () => {
  const plane = eachWithPlane()
  let receiver: Receiver
  beforeEach(async () => (receiver = await startReceiver()))
  afterEach(() => receiver.close())

  it('loses nothing and tells nothing twice with other content, wherever it strikes', async function () {
    this.timeout(120_000)
    const completions = many.map((n) =>
      done('2023-12-01', { id: `c${n}`, person: n % 2 ? 'mp-ann' : 'mp-ben' }),
    )
    for (let round = 0; round < rounds(2, 25); round += 1) {
      await plane.clear()
      receiver.received.length = 0
      const { sanctions, clock, keysDir } = plane()
      clock.set('2023-09-04T09:00:00Z')
      await sanctions.registerWebhook(key, { url: receiver.url })
      for (const n of many) {
        const respondent = n % 2 ? 'mp-ann' : 'mp-ben'
        await sanctions.impose(key, decided({ reference: `R ${n}`, respondent }))
      }
      clock.set(now)
      const { uri, name } = plane.server()
      const child: ChildProcess = fork(
        new URL('../../support/sealed-child.ts', import.meta.url),
        [uri, name, keysDir, now, JSON.stringify(completions)],
        { execArgv: loading },
      )
      await once(child, 'message')
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 400))
      child.kill('SIGKILL')
      await once(child, 'exit')

      // What is not known to have been followed up is followed up again.
      await sanctions.reconcile()
      await sanctions.consider(completions)
      await sanctions.bindCertificates(
        completions.map(({ id }) => ({ completion: id, serial: `GS-${id}` })),
      )
      await sanctions.deliver()
      const contents = new Map<string, Set<string>>()
      for (const { id, body } of receiver.received) {
        contents.set(id, (contents.get(id) ?? new Set()).add(body))
      }
      expect([...contents.values()].every(({ size }) => size === 1)).to.be.true
      const told = [...contents.values()].map(([body]) => {
        const { type, data } = JSON.parse(body!) as { type: string; data: { reference: string } }
        return `${data.reference} ${type}`
      })
      const expected = many.flatMap((n) => [
        `R ${n} outcome.training.completed`,
        `R ${n} certificate.issued`,
      ])
      expect(told.sort()).to.deep.equal(expected.sort())
      const { outcomes } = await sanctions.list(key)
      expect(outcomes.map(({ state }) => state)).to.deep.equal(many.map(() => 'satisfied'))
    }
  })
})
