import { expect } from 'chai'
import { Webhook } from 'standardwebhooks'
import { createAddressJudge, type Resolve } from '../../../src/sanctions/addresses.js'
import {
  messageBody,
  newDelivery,
  sendable,
  type Delivery,
} from '../../../src/sanctions/delivery.js'
import {
  afterAttempt,
  fresh,
  giveUpAfter,
  isDue,
  type Progress,
} from '../../../src/sanctions/retrying.js'
import { headersFor, secretText } from '../../../src/sanctions/signature.js'
import { systemRandom } from '../../../src/random.js'

describe('webhook addresses', () => {
  const names: Record<string, string[]> = {
    'public.example': ['93.184.216.34'],
    'public6.example': ['2606:2800:220:1:248:1893:25c8:1946'],
    'inside.example': ['10.1.2.3'],
    'loop.example': ['127.0.0.1'],
    'mixed.example': ['93.184.216.34', '192.168.1.1'],
    'neighbour.example': ['51.15.20.77'],
    'mapped.example': ['::ffff:10.0.0.1'],
  }
  const resolve: Resolve = (host) =>
    names[host]
      ? Promise.resolve(
          names[host].map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        )
      : Promise.reject(new Error('not found'))
  const networks = (): [string, number][] => [
    ['51.15.20.4', 24],
    ['127.0.0.1', 8],
  ]
  const judge = createAddressJudge({ allowLoopback: false }, resolve, networks)

  const refused: [url: string, fault: string][] = [
    ['nonsense', 'not-a-url'],
    ['http://public.example/', 'not-https'],
    ['ftp://public.example/', 'not-https'],
    ['https://user:word@public.example/', 'credentials'],
    ['https://nowhere.example/', 'no-such-host'],
    ['https://inside.example/', 'inside'],
    ['https://loop.example/', 'inside'],
    ['https://mixed.example/', 'inside'],
    ['https://neighbour.example/', 'inside'],
    ['https://mapped.example/', 'inside'],
    ['https://127.0.0.1/', 'inside'],
    ['https://2130706433/', 'inside'],
    ['https://0x7f.1/', 'inside'],
    ['https://0177.0.0.1/', 'inside'],
    ['https://[::1]/', 'inside'],
    ['https://[::]/', 'inside'],
    ['https://[::ffff:127.0.0.1]/', 'inside'],
    ['https://[64:ff9b::a00:1]/', 'inside'],
    ['https://[2002:a00:1::]/', 'inside'],
    ['https://[fe80::1]/', 'inside'],
    ['https://[fd00::1]/', 'inside'],
    ['https://0.0.0.0/', 'inside'],
    ['https://10.0.0.1/', 'inside'],
    ['https://100.64.0.1/', 'inside'],
    ['https://169.254.169.254/latest/meta-data', 'inside'],
    ['https://172.16.0.1/', 'inside'],
    ['https://192.168.0.1/', 'inside'],
    ['https://198.18.0.1/', 'inside'],
    ['https://224.0.0.1/', 'inside'],
    ['https://255.255.255.255/', 'inside'],
    ['https://51.15.20.9/', 'inside'],
  ]
  for (const [url, fault] of refused) {
    it(`${url}: ${fault}`, async () => expect(await judge(url)).to.equal(fault))
  }

  it('takes a public address and says where to connect', async () => {
    expect(await judge('https://public.example/in?a=1')).to.include({
      address: '93.184.216.34',
      family: 4,
    })
    expect(await judge('https://public6.example/')).to.include({ family: 6 })
    expect(await judge('https://51.15.21.9/')).to.include({ address: '51.15.21.9' })
  })

  it('takes loopback where the deployment allows it, and nothing else inside', async () => {
    const lenient = createAddressJudge({ allowLoopback: true }, resolve, networks)
    expect(await lenient('http://127.0.0.1:8080/')).to.include({ address: '127.0.0.1' })
    expect(await lenient('http://10.0.0.1/')).to.equal('inside')
    expect(await lenient('http://public.example/')).to.equal('not-https')
  })
})

describe('webhook messages', () => {
  // The library holds a message against the machine's clock, and takes none that is minutes old.
  let at: Date
  let message: { id: string; body: string }
  beforeEach(() => {
    at = new Date()
    const told = { reference: 'a“b', respondent: 'Ŵ' }
    message = { id: 'msg_1', body: messageBody('restriction.lifted', at, told) }
  })
  const secret = secretText(systemRandom.bytes(32))

  it('are verified by the public library', () => {
    const headers = headersFor(message, secret, at)
    expect(new Webhook(secret).verify(message.body, headers)).to.deep.include({
      type: 'restriction.lifted',
      timestamp: at.toISOString(),
    })
  })

  it('are refused by it when anything is changed', () => {
    const headers = headersFor(message, secret, at)
    const webhook = new Webhook(secret)
    expect(() => webhook.verify(`${message.body} `, headers)).to.throw()
    expect(() => webhook.verify(message.body, { ...headers, 'webhook-id': 'msg_2' })).to.throw()
    expect(() =>
      new Webhook(secretText(systemRandom.bytes(32))).verify(message.body, headers),
    ).to.throw()
    const old = headersFor(message, secret, new Date(at.getTime() - 3_600_000))
    expect(() => webhook.verify(message.body, old)).to.throw()
  })
})

describe('webhook retries', () => {
  const start = new Date('2023-12-05T06:00:00Z')

  it('grow slower over three days, and then the message is parked', () => {
    let progress: Progress = fresh
    let now = start
    const gaps: number[] = []
    while (progress.state === 'pending') {
      progress = afterAttempt(progress, { came: 'failed', status: 503 }, now)
      if (!progress.nextAt) break
      gaps.push(progress.nextAt.getTime() - now.getTime())
      now = progress.nextAt
    }
    expect(progress).to.include({ state: 'parked', last: 'failed 503' })
    expect(now.getTime() - start.getTime()).to.equal(giveUpAfter)
    expect(gaps[0]).to.equal(5000)
    expect(gaps.slice(0, -1).every((gap, n) => n === 0 || gap >= gaps[n - 1]!)).to.be.true
  })

  it('end with the first answer that says it has arrived', () => {
    const progress = afterAttempt(fresh, { came: 'delivered', status: 204 }, start)
    expect(progress).to.include({ state: 'delivered', attempts: 1 })
    expect(progress).to.not.have.property('nextAt')
  })

  it('come at once when the receiver has answered again, unless it was this message it refused', () => {
    const later = new Date(start.getTime() + 1000)
    const down = afterAttempt(fresh, { came: 'unreachable' }, start)
    const refused = afterAttempt(fresh, { came: 'refused', status: 400 }, start)
    expect(isDue(down, later)).to.be.false
    expect(isDue(down, later, { answered: later })).to.be.true
    expect(isDue(down, later, { answered: new Date(start.getTime() - 1) })).to.be.false
    expect(isDue(refused, later, { answered: later })).to.be.false
  })

  const delivery = (place: number, more: Partial<Delivery> = {}): { value: Delivery } => ({
    value: {
      ...newDelivery({
        endpoint: 'endpoint-1',
        event: 'restriction.imposed',
        outcome: 'outcome-1',
        place,
        message: { id: `msg_${place}`, body: '{}' },
        at: start,
      }),
      ...more,
    },
  })

  it('let nothing else wait: neither behind other events nor behind a refused one', () => {
    const told = delivery(1, { event: 'outcome.training.missed' })
    const imposed = delivery(2, afterAttempt(fresh, { came: 'refused', status: 400 }, start))
    const lifted = delivery(3, { event: 'restriction.lifted' })
    const now = new Date(start.getTime() + 1000)
    expect(sendable([told, imposed, lifted], now, new Map())).to.deep.equal([told, lifted])
  })

  it('keep the order of the messages of one restriction', () => {
    const first = delivery(1)
    const second = delivery(2)
    const elsewhere = delivery(3, { outcome: 'outcome-2' })
    expect(sendable([second, elsewhere, first], start, new Map())).to.deep.equal([first, elsewhere])
  })

  it('try the first again when something newer has joined the queue, once', () => {
    const waits = afterAttempt(fresh, { came: 'unreachable' }, start)
    const first = delivery(1, { ...waits, nextAt: new Date(start.getTime() + 3_600_000) })
    const now = new Date(start.getTime() + 60_000)
    const second = delivery(2, { at: now })
    expect(sendable([first], now, new Map())).to.deep.equal([])
    expect(sendable([first, second], now, new Map())).to.deep.equal([first])
    const again = delivery(1, { ...first.value, lastAt: new Date(now.getTime() + 1) })
    expect(sendable([again, second], new Date(now.getTime() + 2), new Map())).to.deep.equal([])
  })
})
