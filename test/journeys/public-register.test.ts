import { createPublicKey, generateKeyPairSync, verify, type JsonWebKey } from 'node:crypto'
import { expect } from 'chai'
import { systemActor } from '../../src/actor.js'
import { canonical } from '../../src/audit/audit.js'
import { day } from '../../src/clock.js'
import { createPublication, type Publication } from '../../src/publication/publication.js'
import { peopleCsv, termsCsv } from '../support/parliament.js'
import { createWorld, type World } from '../support/world.js'

const system = systemActor('test')
const { privateKey: secret, publicKey: open } = generateKeyPairSync('ed25519')
const by = { en: 'a decision of the House', cy: 'penderfyniad y Tŷ' }
const members = Array.from({ length: 30 }, (_, at) => ({
  id: `m${at}`,
  party: at % 2 ? 'Lantern Party' : 'Harbour Party',
}))

describe('the public register', () => {
  let world: World
  let publication: Publication

  before(async () => {
    world = await createWorld('2026-03-02T10:00:00Z')
    await world.directory({
      people: peopleCsv(
        ...members.map(({ id }) => `${id},Member ${id},${id}@parliament.example,en`),
        'staff,Sam Staffer,sam@parliament.example,en',
      ),
      terms: termsCsv(
        ...members.map(({ id, party }) => `${id},mp,commons,${party},,Seat ${id},2024-07-04,`),
        'staff,staff,both,,,Clerk,2024-07-04,',
      ),
    })
    await world.app.completions.recordMany(
      system,
      members.slice(0, 20).map(({ id }) => ({
        person: id,
        course: 'behaviour-code',
        delivery: 'online' as const,
        on: day('2025-01-10'),
        version: { hash: 'v', label: '1' },
        evidence: { kind: 'attempt' as const, id },
      })),
    )
    await world.account('m1@parliament.example', 'm1')
    await world.account('clerk@parliament.example', undefined, { name: 'coordinator' })
    publication = createPublication({
      ...world.app,
      contesting: () => world.app.contests.contesting(),
      tell: (messages) => world.app.notifications.tell(messages),
      clock: world.clock,
      rules: { names: { commons: by }, counts: {}, staff: by, least: 10, noticeDays: 28 },
      institution: by,
      keys: () => ({ secret, open }),
      definitions: () => ({ en: ['What it means'], cy: ['Ei ystyr'] }),
    })
  })
  after(() => world.close())

  it('publishes nothing until a House has decided so', async () => {
    const visitor = world.visitor()
    expect((await visitor.get('/register')).words).to.include('Nothing is published')
    expect((await visitor.get('/register.json')).status).to.equal(404)
    const clerk = await world.signedIn('clerk@parliament.example')
    await clerk.get('/register')
    expect((await clerk.send('/register/prepare', { asAt: '2026-03-01' })).status).to.equal(409)
  })

  it('tells those it will name, waits, and leaves out whoever contests an entry', async () => {
    const { publishOn, named } = await publication.prepare(system, day('2026-03-01'))
    expect({ publishOn, named }).to.deep.equal({ publishOn: '2026-03-30', named: 20 })
    await world.app.notifications.deliver()
    expect(world.mail.filter(({ subject }) => subject.includes('named'))).to.have.length(20)
    expect(await publication.publishDue()).to.equal(0)
    const m1 = await world.signedIn('m1@parliament.example')
    const { $ } = await m1.get('/compliance/people/m1')
    const link = $('a[href^="/contests/new"]').first().attr('href') ?? ''
    const { searchParams } = new URL(link, world.address)
    await m1.get(link)
    await m1.post('/contests', { ...Object.fromEntries(searchParams), says: 'Not so' })

    world.clock.set('2026-03-30T10:00:00Z')
    expect(await publication.publishDue()).to.equal(1)
    const visitor = world.visitor()
    const page = await visitor.get('/register')
    expect(page.words).to.include('Member m2, Harbour Party').and.not.include('Member m1,')
    expect(page.words).to.include('19').and.not.include('Sam Staffer')
  })

  it('is signed, keeps every edition as it was, and says nothing of few people', async () => {
    const visitor = world.visitor()
    const first = await (await visitor.fetch('/register.json')).text()
    const { signature, ...body } = JSON.parse(first) as {
      signature: { publicKey: JsonWebKey; value: string }
      staff: { rows: unknown[]; total?: object }
      houses: { excusedOrAbsent?: number }[]
      id: string
    }
    const key = createPublicKey({ key: signature.publicKey, format: 'jwk' })
    const bytes = Buffer.from(canonical(body))
    expect(verify(null, bytes, key, Buffer.from(signature.value, 'base64url'))).to.equal(true)
    expect(
      verify(
        null,
        Buffer.from(`${canonical(body)} `),
        key,
        Buffer.from(signature.value, 'base64url'),
      ),
    ).to.equal(false)
    expect(body.staff.rows).to.deep.equal([])
    expect(body.staff).not.to.have.property('total')
    expect(body.houses[0]).not.to.have.property('excusedOrAbsent')
    const csv = await (await visitor.fetch('/register.csv')).text()
    expect(csv).to.include('Member m2').and.not.include('Member m1,').and.not.include('Sam')

    await publication.prepare(system, day('2026-03-29'))
    world.clock.set('2026-05-01T10:00:00Z')
    await publication.publishDue()
    const old = await (await visitor.fetch(`/register/editions/${body.id}.json`)).text()
    expect(old).to.equal(first)
    expect((await visitor.get('/register')).$('a[href^="/register/editions/"]').length).to.be.above(
      2,
    )
  })
})
