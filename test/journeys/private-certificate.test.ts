import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { verifyOffline } from '../../src/certificates/certificates.js'
import { createConductWorld } from '../support/cast.js'
import { decisionForm } from '../support/outcomes.js'
import { createProgram } from '../support/program.js'
import type { Visitor } from '../support/visitor.js'
import type { World } from '../support/world.js'

describe('a certificate of training made for one person', () => {
  let world: World
  let officer: Visitor
  let holder: Visitor
  let stranger: Visitor
  let address: string
  let own: string
  let pdf: Uint8Array
  let serial: string
  let folder: string

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gs-private-'))
    world = await createConductWorld()
    await world.account('omar@parliament.example', 'clerk')
    officer = await world.signedIn('olive@example.org')
    holder = await world.signedIn('mair@parliament.example')
    stranger = world.visitor()
    await trained()
  })
  after(async () => {
    await world.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** From the decision to the register of the one who gave the training. */
  async function trained(): Promise<void> {
    await officer.get('/outcomes/new')
    const made = await officer.post('/outcomes', {
      ...decisionForm,
      subject: 'bespoke',
      bespoke: 'How to lead an office',
      delivery: 'face-to-face',
    })
    address = (await officer.get('/outcomes')).$('tbody a').attr('href') ?? ''
    await officer.post(`${address}/plan`, {
      seen: made.$('input[name="seen"]').attr('value') ?? '',
      trainer: 'clerk',
      delivery: 'face-to-face',
      on: '2026-03-02',
      start: '11:00',
      end: '12:00',
      place: 'Room 4',
      aims: 'To listen.',
      safetyNotes: '–',
      readableUntil: '2026-03-31',
    })
    const trainer = await world.signedIn('omar@parliament.example')
    const session = (await trainer.get('/private')).$('main ul a').attr('href') ?? ''
    await trainer.get(session)
    await trainer.post(`${session}/mark`, { attendance: 'attended' })
    own = (await holder.get('/private')).$('main ul a').attr('href') ?? ''
    const page = await holder.get(own)
    serial = page.$(`a[href="${own}/certificate"]`).text()
    pdf = new Uint8Array(await (await holder.fetch(`${own}/certificate`)).arrayBuffer())
  }

  /** Saves what an address gives, for whoever checks without this system. */
  async function saved(visitor: Visitor, path: string, name: string): Promise<string> {
    const answer = await visitor.fetch(path)
    expect(answer.status, path).to.equal(200)
    const file = join(folder, name)
    writeFileSync(file, Buffer.from(await answer.arrayBuffer()))
    return file
  }
  async function checkedElsewhere(visitor: Visitor, base: string) {
    const file = join(folder, 'certificate.pdf')
    writeFileSync(file, pdf)
    const keys = await saved(visitor, `${base}/keys.json`, 'keys.json')
    const lists = [
      await saved(visitor, `${base}/status/revocation`, 'revocation.json'),
      await saved(visitor, `${base}/status/refresh`, 'refresh.json'),
    ]
    return verifyOffline({ file, keys, lists }, world.clock.today())
  }

  it('is unknown to everybody who asks in public: page, data, API and upload', async () => {
    expect(serial).to.match(/^GS-/)
    const never = 'GS-0000000-0000000-0000000'
    expect((await stranger.get(`/verify/${serial}`)).status).to.equal(404)
    const asked = await stranger.fetch(`/verify/${serial}.json`)
    expect([asked.status, await asked.json()]).to.deep.equal([404, { verdict: 'unknown' }])
    expect((await stranger.fetch(`/verify/${serial}/proof.json`)).status).to.equal(404)
    const program = await createProgram(world, ['completions'])
    const there = await program.get(`/certificates/${serial}`)
    const absent = await program.get(`/certificates/${never}`)
    expect([there.status, there.text]).to.deep.equal([404, absent.text])
    await stranger.get('/verify')
    const sent = await stranger.upload('/verify', 'file', { 'certificate.pdf': pdf })
    expect(sent.words).to.include('Nothing shows that this institution issued this file')
    expect((await holder.get('/certificates')).words).not.to.include(serial)
  })

  for (const [who, visitor, base] of [
    ['its holder', () => holder, () => own],
    ['its body', () => officer, () => address],
  ] as const) {
    it(`is checked signed in by ${who}, and elsewhere with what lies beside it`, async () => {
      const page = await visitor().get(`${base()}/check`)
      expect(page.status).to.equal(200)
      const check = (file: Uint8Array) =>
        visitor().upload(`${base()}/check`, 'file', { 'certificate.pdf': file })
      const whole = await check(pdf)
      expect(whole.words).to.include('genuine and valid').and.to.include('Mair Larkspur')
      expect(whole.words).to.include('2 March 2026').and.to.include('Face to face')
      const changed = Buffer.from(pdf)
      changed[4000] = (changed[4000] ?? 0) ^ 1
      expect((await check(changed)).words).to.include('has been changed since it was issued')
      const none = await visitor().upload(`${base()}/check`, 'file', {})
      expect([none.status, none.words.includes('Choose a file')]).to.deep.equal([400, true])
      expect(await checkedElsewhere(visitor(), base())).to.include({ verdict: 'valid' })
    })
  }

  it('bears a code that leads to how it is checked, the same for whoever scans it', async () => {
    const page = await stranger.get('/verify/private')
    expect([page.status, page.headers.get('x-robots-tag')]).to.deep.equal([200, 'noindex'])
    expect(page.words)
      .to.include('says nothing for it or against it')
      .and.not.include('not a serial number')
    expect(page.words).to.equal((await holder.get('/verify/private')).words)
  })

  it('is nobody else’s to check', async () => {
    const other = await world.signedIn('omar@parliament.example')
    for (const path of ['check', 'keys.json', 'status/revocation', 'certificate']) {
      expect((await other.get(`${own}/${path}`)).status, path).to.equal(404)
      expect((await other.get(`${address}/${path}`)).status, path).to.equal(404)
    }
    await other.get('/private')
    const sent = await other.upload(`${own}/check`, 'file', { 'certificate.pdf': pdf })
    expect(sent.status).to.equal(404)
  })

  it('is shown by a link that its holder makes and ends, and that nobody guesses', async () => {
    await holder.get(own)
    const shared = await holder.post(`${own}/share`, {})
    const link = new URL(shared.$('.govuk-inset-text .gs-code').first().text()).pathname
    const given = await stranger.fetch(link)
    expect(Buffer.from(await given.arrayBuffer()).equals(pdf)).to.equal(true)
    expect(await checkedElsewhere(stranger, link)).to.include({ verdict: 'valid' })
    const guess = await stranger.get(`${link.slice(0, -2)}AA`)
    const nothing = await stranger.get('/verify/private/nothing')
    expect([guess.status, guess.words]).to.deep.equal([404, nothing.words])
    await holder.get(own)
    const second = await holder.post(`${own}/share`, {})
    const next = new URL(second.$('.govuk-inset-text .gs-code').first().text()).pathname
    expect((await stranger.get(link)).status, 'the link before').to.equal(404)
    await holder.post(`${own}/share`, { stop: 'yes' })
    for (const path of [next, `${next}/keys.json`, `${next}/status/revocation`]) {
      expect((await stranger.get(path)).status).to.equal(404)
    }
  })

  it('is revoked with the completion, and says so to whoever may check it', async () => {
    const page = await officer.get(address)
    const seen = page.$('input[name="seen"]').first().attr('value') ?? ''
    await officer.post(`${address}/annul`, { seen, reason: 'It was somebody else' })
    await holder.get(`${own}/check`)
    const sent = await holder.upload(`${own}/check`, 'file', { 'certificate.pdf': pdf })
    expect(sent.words).to.include('This certificate was revoked')
    expect(sent.words).to.include('The completion that it stood for was withdrawn.')
    expect(sent.text).not.to.include('It was somebody else')
    const after = await checkedElsewhere(holder, own)
    expect(after.verdict).to.equal('revoked')
  })
})
