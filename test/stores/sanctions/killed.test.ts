import { expect } from 'chai'
import { startReceiver, type Receiver } from '../../support/receiver.js'
import { Killed, mortalStore, type Death } from '../../support/mortal-store.js'
import { long } from '../../support/property.js'
import { eachWithPlane } from '../../support/sealed-database.js'
import {
  decided,
  done,
  keyActor,
  panel,
  sealedPlane,
  type SealedPlane,
} from '../../support/sealed-plane.js'

const key = keyActor(panel)
const which = { reference: 'IEP/2023/7' }
const completion = done('2023-12-05')

describe('killed between completion, certificate, outcome and delivery', () => {
  const plane = eachWithPlane()
  let receiver: Receiver
  before(async () => (receiver = await startReceiver()))
  after(() => receiver.close())
  beforeEach(() => (receiver.received.length = 0))

  /** Recorded, restricted, and the date has passed. */
  async function prepare({ sanctions, clock }: SealedPlane): Promise<void> {
    clock.set('2023-09-04T09:00:00Z')
    await sanctions.registerWebhook(key, { url: receiver.url })
    await sanctions.impose(key, decided({ restriction: { state: 'active' } }))
    await sanctions.deliver()
    clock.set('2023-12-06T09:00:00Z')
  }

  /** What a completion sets going; repeated after a restart, because its completion was not followed up. */
  async function follow({ sanctions }: SealedPlane): Promise<void> {
    await sanctions.consider([completion])
    await sanctions.bindCertificates([{ completion: completion.id, serial: 'GS-1' }])
    await sanctions.deliver()
    await sanctions.scanDueDates()
    await sanctions.deliver()
  }

  /** Everything there is at the end, as an officer and a receiver see it. */
  async function ending({ sanctions }: SealedPlane) {
    const { json, steps } = await sanctions.find(key, which)
    const { log } = await sanctions.bundle(key, which, [])
    const contents = new Map<string, Set<string>>()
    for (const { id, body } of receiver.received) {
      contents.set(id, (contents.get(id) ?? new Set()).add(body))
    }
    expect([...contents.values()].map(({ size }) => size)).to.deep.equal(
      Array(contents.size).fill(1),
    )
    const told = [...contents.values()].map(([body]) => {
      const { type, data } = JSON.parse(body!) as { type: string; data: object }
      return `${type} ${JSON.stringify(data)}`
    })
    const waiting = (await plane.dump()).filter(({ w }) => w === true)
    return {
      json,
      steps: steps.map(({ step }) => step).sort(),
      told: told.sort(),
      // At the same instant of a frozen clock entries have no order.
      entries: log.entries
        .map((entry) => ('act' in entry ? JSON.stringify(entry.act['what'] ?? 'step') : ''))
        .sort(),
      waiting: waiting.length,
    }
  }

  const planeOn = (store: SealedPlane['store']): SealedPlane => {
    const { keysDir, clock } = plane()
    return sealedPlane({ store, keysDir, clock })
  }

  it('ends in the same way, whichever write was the last one', async function () {
    this.timeout(long ? 600_000 : 60_000)
    await prepare(plane())
    const counted = mortalStore(plane().store, { write: Infinity, reached: false })
    await follow(planeOn(counted))
    const expected = await ending(plane())
    expect(expected.told).to.have.length(5)
    expect(expected.waiting).to.equal(0)

    const step = long ? 1 : 5
    for (let write = 1, alive = false; !alive; write += step) {
      for (const reached of [false, true]) {
        await plane.clear()
        receiver.received.length = 0
        const death: Death = { write, reached }
        const mortal = mortalStore(plane().store, death)
        await prepare(plane())
        await follow(planeOn(mortal)).catch((error: unknown) => {
          if (!(error instanceof Killed)) throw error
        })
        alive = !mortal.dead()
        const restarted = planeOn(plane().store)
        await restarted.sanctions.reconcile()
        await follow(restarted)
        // The reading of each ending is an entry itself, here as in what is expected.
        expect(await ending(restarted), JSON.stringify(death)).to.deep.equal(expected)
      }
    }
  })
})
