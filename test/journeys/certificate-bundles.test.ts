import { unzipSync } from 'fflate'
import { expect } from 'chai'
import { systemActor } from '../../src/actor.js'
import { day } from '../../src/clock.js'
import { smallParliament } from '../support/parliament.js'
import type { Visitor } from '../support/visitor.js'
import { createWorld, type World } from '../support/world.js'

const system = systemActor('test')

describe('certificates of many together', () => {
  let world: World
  let manager: Visitor

  before(async () => {
    world = await createWorld()
    await world.directory(smallParliament)
    await world.account('nia@parliament.example', 'head', { name: 'trainer' })
    await world.account('mair@parliament.example', 'mair')
    await world.account('cora@parliament.example', undefined, { name: 'coordinator' })
    await world.account('party@parliament.example', 'rowan', {
      name: 'party-officer',
      party: 'Lantern Party',
    })
    const done = (person: string, course: string) => ({
      person,
      course,
      version: { hash: 'a'.repeat(64), label: '2026.1' },
      delivery: 'online' as const,
      on: day('2026-03-02'),
      evidence: { kind: 'attempt' as const, id: `${person}-1` },
    })
    await world.app.completions.recordMany(system, [
      done('clerk', 'behaviour-code-staff'),
      done('mair', 'behaviour-code'),
      done('tomos', 'behaviour-code-staff'),
    ])
    manager = await world.signedIn('nia@parliament.example')
  })
  after(() => world.close())

  const begin = async (visitor: Visitor, form: string): Promise<string> => {
    await visitor.get('/certificate-bundles/new')
    const sent = await visitor.send('/certificate-bundles', { form })
    expect(sent.status).to.equal(303)
    return sent.location ?? ''
  }

  it('are those of a manager’s own people, and show how far they are', async () => {
    const list = await manager.get('/compliance?standing=complete')
    const link = list.$('a[href^="/certificate-bundles/new"]').attr('href') ?? ''
    const asked = await manager.get(link)
    expect(asked.words).to.include('One person here has completed')
    const address = await begin(manager, 'zip')
    expect((await manager.get(address)).words).to.include('0 of 1 drawn')
    expect((await manager.get(`${address}/file`)).status).to.equal(409)
    await world.app.certificates.press()
    expect((await manager.get(address)).words).to.include('Ready. One certificate is inside.')
    const zip = await (await manager.fetch(`${address}/file`)).arrayBuffer()
    const files = unzipSync(new Uint8Array(zip))
    expect(Object.keys(files)).to.have.length(1)
    expect(Object.keys(files)[0]).to.include('Omar')
    expect(Buffer.from(Object.values(files)[0]?.subarray(0, 5) ?? []).toString()).to.equal('%PDF-')
  })

  it('come as one document for a coordinator, made beside the requests', async () => {
    const coordinator = await world.signedIn('cora@parliament.example')
    const address = await begin(coordinator, 'pdf')
    expect((await coordinator.get(address)).words).to.include('0 of 3 drawn')
    while ((await world.app.certificates.press()) > 0);
    expect((await coordinator.get(address)).words).to.include('3 certificates are inside')
    const response = await coordinator.fetch(`${address}/file`)
    expect(response.headers.get('content-type')).to.equal('application/pdf')
    const book = Buffer.from(await response.arrayBuffer())
    expect(book.toString('latin1').match(/\/Type \/Page\b/g)).to.have.length(3)
    expect((await manager.get(address)).status).to.equal(404)
  })

  it('are those of a register, for the trainer who signed it', async () => {
    await world.app.training.accreditations.grant(system, {
      person: 'head',
      name: 'sexual-violence',
      from: day('2026-01-01'),
    })
    const trainer = await world.signedIn('nia@parliament.example')
    const { id } = await world.app.training.planning.plan(system, {
      course: 'behaviour-code-staff',
      delivery: 'face-to-face',
      on: day('2026-03-02'),
      from: '14:00',
      to: '16:30',
      venue: 'Room 1',
      capacity: 12,
      trainers: ['head'],
      invited: {},
      arrangements: [],
    })
    world.clock.set('2026-03-02T17:00:00Z')
    const register = `/training-sessions/${id}/register`
    await trainer.get(register)
    await trainer.post(`${register}/mark`, { person: 'ada', attendance: 'attended' })
    const signed = await trainer.post(`${register}/sign`, {})
    const link = signed.$('main a[href^="/certificate-bundles/new"]').attr('href') ?? ''
    expect((await trainer.get(link)).words).to.include('One person here has completed')
    const sent = await trainer.send('/certificate-bundles', { session: id, form: 'zip' })
    while ((await world.app.certificates.press()) > 0);
    const ready = await trainer.get(sent.location ?? '')
    expect(ready.words).to.include('Ready. One certificate is inside.')
    world.clock.set('2026-03-02T10:00:00Z')
  })

  it('are nobody else’s to gather: a whip’s, or somebody’s without people in their care', async () => {
    for (const email of ['party@parliament.example', 'mair@parliament.example']) {
      const other = await world.signedIn(email)
      const { status, words } = await other.get('/certificate-bundles/new')
      const own = email.startsWith('mair')
      // A Member is the employer of their own staff, whose certificates are theirs to gather.
      expect(status).to.equal(own ? 200 : 403)
      if (own) expect(words).to.include('One person here')
    }
  })

  it('leave out whoever bears another name now', async () => {
    await world.directory({
      ...smallParliament,
      people: smallParliament.people.replace('Omar Teasel', 'Oma Teasel'),
    })
    await manager.get('/certificate-bundles/new')
    const none = await manager.send('/certificate-bundles', { form: 'zip' })
    expect(none.status).to.equal(400)
    expect(none.words).to.include('None of these people has a certificate')
  })

  it('can be tried in every design with the longest names, by whoever makes designs', async () => {
    await world.account('author@parliament.example', undefined, { name: 'author' })
    const author = await world.signedIn('author@parliament.example')
    expect((await author.get('/certificate-designs')).words).to.include(
      'New certificates are drawn',
    )
    const one = await author.get('/certificate-designs/classic')
    expect(one.words).to.include('Countess of Saint Germans')
    const link = one.$('a[href*="name=longest"]').last().attr('href') ?? ''
    const sample = await author.fetch(link)
    expect(sample.headers.get('content-type')).to.equal('application/pdf')
    const none = await author.get('/certificate-designs/nothing/sample.pdf?name=usual&language=en')
    expect(none.status).to.equal(404)
    expect((await manager.get('/certificate-designs')).status).to.equal(403)
  })
})
