import { expect } from 'chai'
import { Webhook } from 'standardwebhooks'
import { systemActor } from '../../src/actor.js'
import { day } from '../../src/clock.js'
import type { Delivery } from '../../src/courses/courses.js'
import { smallParliament } from '../support/parliament.js'
import { programWith } from '../support/program.js'
import { startReceiver, type Receiver } from '../support/receiver.js'
import { createWorld, type World } from '../support/world.js'

const body = 'lords-commissioner'
const system = systemActor('test')

/** Remedial action agreed by the Lords Commissioner and the peer (domain, example 2). */
const decided = {
  reference: 'HL/2026/17',
  respondent: 'rowan',
  decidedOn: '2026-02-02',
  sanctions: ['training'],
  training: { course: 'behaviour-code', delivery: ['face-to-face'], dueOn: '2026-05-04' },
}

interface Reply {
  status: number
  type: string | null
  text: string
  json: Record<string, unknown>
  errors: { field?: string }[] | undefined
}

describe('the API of outcomes', () => {
  let world: World
  let receiver: Receiver
  let token = ''
  let otherToken = ''
  let listToken = ''

  before(async () => {
    world = await createWorld('2026-03-02T10:00:00Z')
    receiver = await startReceiver()
    await world.directory(smallParliament)
    const expiresAt = new Date('2027-03-02')
    const key = async (of: string) => {
      const scopes = ['outcomes'] as const
      const made = { name: of, scopes, body: of, expiresAt }
      return (await world.app.identity.createKey(system, made)).token
    }
    token = await key(body)
    otherToken = await key('commons-commissioner')
    const lists = { name: 'lists', scopes: ['compliance'] as const, expiresAt }
    listToken = (await world.app.identity.createKey(system, lists)).token
  })
  after(async () => {
    await receiver.close()
    await world.close()
  })

  async function ask(
    method: 'GET' | 'POST',
    path: string,
    content: object = {},
    { as = token, key }: { as?: string; key?: string } = {},
  ): Promise<Reply> {
    const program = programWith(world, as)
    const headers = key ? { 'idempotency-key': key } : {}
    const answer = await (method === 'GET'
      ? program.get(path)
      : program.post(path, content, headers))
    const { status, text, problem } = answer
    const type = answer.headers.get('content-type')
    return { status, type, text, json: answer.body as Reply['json'], errors: problem.errors }
  }
  const address = (reference: string, act = '') =>
    `/outcomes/${encodeURIComponent(reference)}${act}`
  const attends = (person: string, on: string, delivery: Delivery) =>
    world.app.completions.recordMany(system, [
      {
        person,
        course: 'behaviour-code',
        version: { label: '2026.1', hash: 'b'.repeat(64) },
        delivery,
        on: day(on),
        evidence: { kind: 'register', id: `${person}-${on}` },
      },
    ])
  const unchanged = async (act: () => Promise<unknown>) => {
    const list = async () => (await ask('GET', address(decided.reference))).text
    const before = await list()
    await act()
    expect(await list()).to.equal(before)
  }

  it('describes itself', async () => {
    const { json } = await ask('GET', '/openapi.json', {}, { as: '' })
    expect(json['openapi']).to.equal('3.1.0')
    const paths = Object.keys(json['paths'] as object)
    for (const { path } of world.app.web.calls) {
      expect(paths).to.include(path.replaceAll(/:(\w+)/g, '{$1}'))
    }
  })

  it('records an outcome once, however often the case-management system repeats itself', async () => {
    const key = 'case-17-recorded'
    const first = await ask('POST', '/outcomes', decided, { key })
    expect(first.status).to.equal(201)
    expect(first.json).to.deep.include({ reference: 'HL/2026/17', state: 'imposed', body })
    const again = await ask('POST', '/outcomes', decided, { key })
    expect([again.status, again.text]).to.deep.equal([201, first.text])
    const altered = { ...decided, decidedOn: '2026-02-03' }
    const refused = await ask('POST', '/outcomes', altered, { key })
    expect(refused.status).to.equal(409)
    expect(refused.errors?.[0]?.field).to.equal('Idempotency-Key')
    const twice = await ask('POST', '/outcomes', decided, { key: 'another' })
    expect([twice.status, twice.errors?.[0]?.field]).to.deep.equal([409, 'reference'])
  })

  const training = decided.training
  const wrong: [what: string, given: object, field: string][] = [
    ['an unknown respondent', { respondent: 'nobody' }, 'respondent'],
    ['a date in the future', { decidedOn: '2026-03-03' }, 'decidedOn'],
    [
      'a due date before the decision',
      { training: { ...training, dueOn: '2026-02-01' } },
      'training.dueOn',
    ],
    [
      'a course that cannot be delivered so',
      { training: { ...training, course: 'lords-seminar', delivery: ['online'] } },
      'training.delivery',
    ],
    [
      'a course that does not exist',
      { training: { ...training, course: 'supporting' } },
      'training.course',
    ],
    ['a person whom the body has no power over', { respondent: 'mair' }, 'respondent'],
    ['no training at all', { training: { delivery: ['online'] } }, 'training'],
    ['a field that is not one', { secret: true }, 'secret'],
    ['no reference', { reference: undefined }, 'reference'],
  ]
  for (const [what, given, field] of wrong) {
    it(`refuses ${what}, naming the field`, () =>
      unchanged(async () => {
        const reply = await ask('POST', '/outcomes', { ...decided, reference: 'HL/X', ...given })
        expect([reply.status, reply.type]).to.deep.equal([
          400,
          'application/problem+json; charset=utf-8',
        ])
        expect(reply.errors?.map((error) => error.field)).to.include(field)
        expect((await ask('GET', address('HL/X'))).status).to.equal(404)
      }))
  }

  it('refuses what is no JSON, what is too large, and a call with no key', async () => {
    const send = (text: string, key = token) =>
      fetch(new URL('/api/v1/outcomes', world.address), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(key ? { authorization: `Bearer ${key}` } : {}),
        },
        body: text,
      })
    expect((await send('{')).status).to.equal(400)
    expect((await send('"'.padEnd(300_000, 'x'))).status).to.equal(413)
    expect((await send('{}', '')).status).to.equal(401)
    expect((await send('{}', `gs_${'0'.repeat(20)}_${'0'.repeat(40)}`)).status).to.equal(401)
  })

  it('tells nobody else whether a case exists', async () => {
    for (const as of [otherToken, listToken]) {
      const there = await ask('GET', address(decided.reference), {}, { as })
      const absent = await ask('GET', address('HL/2026/18'), {}, { as })
      expect([there.status, there.text]).to.deep.equal([absent.status, absent.text])
      expect(there.status).to.equal(as === otherToken ? 404 : 403)
      const act = await ask('POST', address(decided.reference, '/withdraw'), {}, { as })
      expect([act.status, act.text]).to.deep.equal([absent.status, absent.text])
    }
  })

  it('refuses the agreement of somebody who is not a party', async () => {
    const reference = 'HL/2026/19'
    await ask('POST', '/outcomes', { ...decided, reference, agreementOf: ['party-1', 'party-2'] })
    const stranger = { party: 'party-9', on: '2026-02-02' }
    const refused = await ask('POST', address(reference, '/agree'), stranger)
    expect([refused.status, refused.errors?.[0]?.field]).to.deep.equal([400, 'party'])
    await ask('POST', address(reference, '/agree'), { party: 'party-1', on: '2026-02-02' })
    const agreed = { party: 'party-2', on: '2026-02-03' }
    const altered = { ...agreed, party: 'party-1' }
    const both = await ask('POST', address(reference, '/agree'), agreed, { key: 'agree-2' })
    expect(both.json['outstanding']).to.equal(undefined)
    const again = await ask('POST', address(reference, '/agree'), agreed, { key: 'agree-2' })
    expect(again.text).to.equal(both.text)
    const other = await ask('POST', address(reference, '/agree'), altered, { key: 'agree-2' })
    expect([other.status, other.errors?.[0]?.field]).to.deep.equal([409, 'Idempotency-Key'])
    await ask('POST', address(reference, '/withdraw'), { reason: 'A test of agreement' })
  })

  const addresses: [string, string][] = [
    ['no address', 'not an address'],
    ['a network of this server', 'https://10.0.0.1/hook'],
    ['an address in no network', 'https://[::ffff:192.168.1.1]/hook'],
    ['a name and password', 'https://user:secret@example.org/'],
    ['no encryption', 'http://93.184.216.34/hook'],
  ]
  for (const [what, url] of addresses) {
    it(`refuses a webhook to ${what}`, async () => {
      const reply = await ask('POST', '/webhooks', { url })
      expect([reply.status, reply.errors?.[0]?.field]).to.deep.equal([400, 'url'])
      expect((await ask('GET', '/webhooks')).json['webhooks']).to.deep.equal([])
    })
  }

  it('refuses a webhook that leads on to another address', async () => {
    receiver.answer = () => ({ status: 302, location: 'http://127.0.0.1/' })
    const reply = await ask('POST', '/webhooks', { url: receiver.url })
    expect([reply.status, reply.errors?.[0]?.field]).to.deep.equal([400, 'url'])
    receiver.answer = () => ({ status: 204 })
  })

  it('tells of a completion and its certificate by signed webhooks that anybody can verify', async () => {
    const made = await ask('POST', '/webhooks', { url: receiver.url })
    expect(made.status).to.equal(201)
    const secret = String(made.json['secret'])
    expect((await ask('GET', '/webhooks')).text).not.to.include(secret)
    await attends('rowan', '2026-03-02', 'face-to-face')
    const after = await ask('GET', address(decided.reference))
    expect(after.json).to.deep.include({
      state: 'satisfied',
      satisfiedOn: '2026-03-02',
      late: false,
    })
    await world.app.sanctions.deliver()
    const types = receiver.received.map(({ type }) => type)
    expect(types).to.include.members(['outcome.training.completed', 'certificate.issued'])
    for (const { headers, body: text } of receiver.received) {
      const signed = headers as Record<string, string>
      const at = Number(signed['webhook-timestamp'])
      expect(at).to.equal(Date.parse('2026-03-02T10:00:00Z') / 1000)
      const signature = new Webhook(secret).sign(
        signed['webhook-id'] ?? '',
        new Date(at * 1000),
        text,
      )
      expect(signed['webhook-signature']).to.equal(signature)
    }
    const [delivery] = (await ask('GET', '/webhooks/deliveries')).json['deliveries'] as {
      id: string
      state: string
    }[]
    expect(delivery?.state).to.equal('delivered')
    const before = receiver.received.length
    await ask('POST', `/webhooks/deliveries/${delivery?.id ?? ''}/redeliver`, {})
    await world.app.sanctions.deliver()
    expect(receiver.received).to.have.length(before + 1)
    const last = receiver.received.at(-1)
    const first = receiver.received.find(({ id }) => id === last?.id)
    expect(last?.body).to.equal(first?.body)
    await ask('POST', `/webhooks/${String(made.json['id'])}/remove`)
    expect((await ask('GET', '/webhooks')).json['webhooks']).to.deep.equal([])
  })
})
