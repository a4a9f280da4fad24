import { expect } from 'chai'
import { Webhook } from 'standardwebhooks'
import { startReceiver, type Receiver } from '../../support/receiver.js'
import { eachWithPlane } from '../../support/sealed-database.js'
import {
  commissioner,
  decided,
  done,
  keyActor,
  panel,
  refusal,
} from '../../support/sealed-plane.js'

const key = keyActor(panel)
const which = { reference: 'IEP/2023/7' }

describe('webhooks', () => {
  const plane = eachWithPlane()
  let receiver: Receiver
  beforeEach(async () => (receiver = await startReceiver()))
  afterEach(() => receiver.close())

  const types = () => receiver.received.map(({ type }) => type)
  /** A whole life: restricted, trained, confirmed, certified. */
  async function wholeLife(): Promise<void> {
    const { sanctions, clock } = plane()
    await sanctions.impose(
      key,
      decided({ restriction: { state: 'active' }, training: { confirmationRequired: true } }),
    )
    clock.set('2023-12-06T10:00:00Z')
    await sanctions.scanDueDates()
    await plane().complete(done('2023-12-05'))
    await sanctions.bindCertificates([{ completion: 'completion-2023-12-05', serial: 'GS-1' }])
    await sanctions.confirm(key, which, {}, {})
  }
  const wholeLifeTold = [
    'restriction.imposed',
    'outcome.training.missed',
    'outcome.training.completed',
    'certificate.issued',
    'outcome.training.confirmed',
    'restriction.lifted',
  ]

  it('tell of everything in its order, signed as the public library verifies it', async () => {
    const { sanctions, clock } = plane()
    const { secret } = await sanctions.registerWebhook(key, { url: receiver.url })
    await wholeLife()
    clock.set(new Date())
    await sanctions.deliver()
    expect(types()).to.have.members(wholeLifeTold)
    expect(types().indexOf('restriction.imposed')).to.be.below(
      types().indexOf('restriction.lifted'),
    )
    const webhook = new Webhook(secret)
    for (const { body, headers } of receiver.received) {
      expect(webhook.verify(body, headers as Record<string, string>)).to.have.property('type')
    }
    const completed = receiver.received.find(({ type }) => type === 'outcome.training.completed')
    expect(completed?.data).to.include({ reference: 'IEP/2023/7', completedOn: '2023-12-05' })
    const lifted = receiver.received.find(({ type }) => type === 'restriction.lifted')
    expect(lifted?.data).to.deep.equal({
      reference: 'IEP/2023/7',
      respondent: 'mp-ann',
      restriction: { state: 'lifted', from: '2023-09-04', liftedOn: '2023-12-06' },
    })
  })

  it('reach only those who asked for the event, of the body it belongs to', async () => {
    const { sanctions } = plane()
    const other = await startReceiver()
    await sanctions.registerWebhook(key, { url: receiver.url, events: ['restriction.lifted'] })
    await sanctions.registerWebhook(keyActor(commissioner), { url: other.url })
    await wholeLife()
    await sanctions.deliver()
    expect(types()).to.deep.equal(['restriction.lifted'])
    expect(other.received).to.deep.equal([])
    await other.close()
  })

  it('are sent again until the receiver has them, never with other content', async () => {
    const { sanctions, clock } = plane()
    let failures = 0
    receiver.answer = () => ({ status: failures++ < 7 ? 503 : 200 })
    await sanctions.registerWebhook(key, { url: receiver.url })
    failures = 0
    await wholeLife()
    for (let n = 0; n < 20; n += 1) {
      await sanctions.deliver()
      clock.pass(6 * 3_600_000)
    }
    const contents = new Map<string, Set<string>>()
    for (const { id, body } of receiver.received) {
      contents.set(id, (contents.get(id) ?? new Set()).add(body))
    }
    expect(contents.size).to.equal(6)
    expect([...contents.values()].every((bodies) => bodies.size === 1)).to.be.true
    const arrived = [...new Set(receiver.received.slice(7).map(({ type }) => type))]
    expect(arrived).to.have.members(wholeLifeTold)
    expect((await sanctions.deliveries(key)).map(({ state }) => state)).to.deep.equal(
      Array(6).fill('delivered'),
    )
  })

  it('arrive at once when a receiver that was off is on again', async () => {
    const { sanctions, clock } = plane()
    await sanctions.registerWebhook(key, { url: receiver.url })
    await receiver.off()
    for (let n = 0; n < 12; n += 1) {
      await sanctions.impose(
        key,
        decided({ reference: `R ${n}`, restriction: { state: 'active' } }),
      )
    }
    await sanctions.deliver()
    for (let n = 0; n < 8; n += 1) {
      clock.pass(4 * 3_600_000)
      await sanctions.deliver()
    }
    await receiver.on()
    clock.pass(20 * 3_600_000)
    await sanctions.deliver()
    expect(receiver.received).to.have.length(12)
  })

  it('are parked after three days where an officer sees them, and sent again in their order', async () => {
    const { sanctions, clock, mails } = plane()
    await sanctions.registerWebhook(key, { url: receiver.url })
    receiver.answer = () => ({ status: 500 })
    await wholeLife()
    // The lifting waits for the imposing, so parking it takes its turn.
    for (let n = 0; n < 2 * 10; n += 1) {
      await sanctions.deliver()
      clock.pass(8 * 3_600_000)
    }
    const parked = await sanctions.deliveries(key)
    expect(parked.map(({ state }) => state)).to.deep.equal(Array(6).fill('parked'))
    expect(mails.some(({ to }) => to === `${panel}@parliament.example`)).to.be.true
    receiver.received.length = 0
    receiver.answer = () => ({ status: 200 })
    await sanctions.deliver()
    expect(receiver.received).to.deep.equal([])
    const first = parked.find(({ event }) => event === 'restriction.imposed')
    expect(await sanctions.redeliver(key, first!.id)).to.equal(2)
    const missed = parked.find(({ event }) => event === 'outcome.training.missed')
    expect(await sanctions.redeliver(key, missed!.id)).to.equal(1)
    await sanctions.deliver()
    expect(types()).to.have.members([...wholeLifeTold.slice(0, 2), 'restriction.lifted'])
    expect(types().indexOf('restriction.imposed')).to.be.below(
      types().indexOf('restriction.lifted'),
    )
  })

  it('are not sent where a redirect leads, nor to a name that has come to lead inside', async () => {
    const elsewhere = await startReceiver()
    const { sanctions } = plane()
    receiver.answer = () => ({ status: 302, location: elsewhere.url })
    const refused = await refusal(sanctions.registerWebhook(key, { url: receiver.url }))
    expect(refused).to.include({ kind: 'invalid', key: 'webhook-redirects' })
    expect(refused.fields).to.deep.equal(['url'])
    receiver.answer = () => ({ status: 200 })
    await sanctions.registerWebhook(key, { url: receiver.url, events: ['restriction.imposed'] })
    receiver.answer = () => ({ status: 307, location: elsewhere.url })
    await wholeLife()
    await sanctions.deliver()
    expect(elsewhere.received).to.deep.equal([])
    expect((await sanctions.deliveries(key))[0]).to.include({
      state: 'pending',
      last: 'redirected 307',
    })
    await elsewhere.close()
  })

  it('refuse an address inside, and change nothing', async () => {
    const { sanctions } = plane()
    for (const url of [
      'https://10.0.0.1/',
      'https://[::ffff:10.0.0.1]/',
      'http://example.org/',
      'x',
    ]) {
      expect((await refusal(sanctions.registerWebhook(key, { url }))).fields).to.deep.equal(['url'])
    }
    expect(await sanctions.webhooks(key)).to.deep.equal([])
  })

  it('never show a secret again, and forget an address with what was on its way', async () => {
    const { sanctions } = plane()
    const { id, secret } = await sanctions.registerWebhook(key, { url: receiver.url })
    await receiver.off()
    await wholeLife()
    await sanctions.deliver()
    expect(JSON.stringify(await sanctions.webhooks(key))).to.not.contain(secret)
    await sanctions.removeWebhook(key, id)
    expect(await sanctions.deliveries(key)).to.deep.equal([])
    expect((await refusal(sanctions.removeWebhook(key, id))).kind).to.equal('not-found')
    await receiver.on()
  })
})

describe('a name that changes its mind', () => {
  const addresses = ['127.0.0.1']
  const plane = eachWithPlane({
    resolve: () => Promise.resolve(addresses.map((address) => ({ address, family: 4 }))),
  })

  it('is looked at again before each attempt', async () => {
    const receiver = await startReceiver()
    const { sanctions, clock } = plane()
    const url = receiver.url.replace('127.0.0.1', 'receiver.example')
    await sanctions.registerWebhook(key, { url })
    addresses.splice(0, 1, '10.0.0.1')
    clock.pass(60_000)
    await sanctions.impose(key, decided({ restriction: { state: 'active' } }))
    await sanctions.deliver()
    expect((await sanctions.deliveries(key))[0]).to.include({
      state: 'pending',
      last: 'unreachable',
    })
    expect(receiver.received).to.deep.equal([])
    await receiver.close()
  })
})
