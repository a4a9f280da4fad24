import { request } from 'node:http'
import { Readable } from 'node:stream'
import { expect } from 'chai'
import { systemActor } from '../../src/actor.js'
import type { Completed } from '../../src/completions/completions.js'
import { day } from '../../src/clock.js'
import { newSerial } from '../../src/certificates/serial.js'
import { systemRandom } from '../../src/random.js'
import { smallParliament } from '../support/parliament.js'
import type { Visitor } from '../support/visitor.js'
import { createWorld, type World } from '../support/world.js'

const system = systemActor('test')

const completed = (person: string, on = '2026-03-02', id = `${person}-1`): Completed => ({
  person,
  course: 'behaviour-code',
  version: { hash: 'a'.repeat(64), label: '2026.1' },
  delivery: 'online',
  on: day(on),
  evidence: { kind: 'attempt', id },
})

/** Sends a gigabyte as one file, for as long as the server takes it. */
function sendGigabyte(
  address: string,
  { cookies, token }: Visitor,
): Promise<{ answered: number | 'cut off'; taken: number }> {
  const line = '--gigabyte'
  const part = (name: string) => `${line}\r\nContent-Disposition: form-data; name="${name}"`
  const megabyte = Buffer.alloc(1024 * 1024)
  function* content() {
    yield Buffer.from(`${part('_csrf')}\r\n\r\n${token}\r\n`)
    yield Buffer.from(`${part('file')}; filename="gigabyte.pdf"\r\n\r\n%PDF-1.7\n`)
    for (let sent = 0; sent < 1024; sent += 1) yield megabyte
    yield Buffer.from(`\r\n${line}--\r\n`)
  }
  return new Promise((resolve) => {
    let taken = 0
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const type = 'multipart/form-data; boundary=gigabyte'
    const sending = request(new URL('/verify', address), {
      method: 'POST',
      headers: { cookie, 'content-type': type },
    })
    const end = (answered: number | 'cut off') => {
      sending.destroy()
      resolve({ answered, taken })
    }
    sending.on('response', ({ statusCode = 0 }) => end(statusCode))
    sending.on('error', () => end('cut off'))
    const counted = function* () {
      for (const chunk of content()) {
        taken += chunk.length
        yield chunk
      }
    }
    Readable.from(counted(), { objectMode: false, highWaterMark: 65_536 }).pipe(sending)
  })
}

describe('a certificate, from completion to whoever checks it', () => {
  let world: World
  let holder: Visitor
  let serial: string
  let pdf: Uint8Array
  let stranger: Visitor

  before(async () => {
    world = await createWorld()
    await world.directory(smallParliament)
    await world.account('mair@parliament.example', 'mair')
    await world.account('ada@parliament.example', 'ada')
    await world.app.completions.recordMany(system, [completed('mair')])
    holder = await world.signedIn('mair@parliament.example')
    stranger = world.visitor()
  })
  after(() => world.close())

  it('stands on its holder’s page at once, and its PDF is drawn for whoever asks first', async () => {
    const list = await holder.get('/certificates')
    expect(list.words).to.include('Mair Larkspur').and.to.include('Valid')
    const link = list.$('.gs-certificates a').first().attr('href') ?? ''
    serial = link.split('/').at(-1) ?? ''
    const one = await holder.get(link)
    expect(one.words).to.include(serial).and.to.include('and nothing more')
    const response = await holder.fetch(`${link}.pdf`)
    expect(response.headers.get('content-type')).to.equal('application/pdf')
    pdf = new Uint8Array(await response.arrayBuffer())
    expect(Buffer.from(pdf.subarray(0, 5)).toString()).to.equal('%PDF-')
  })

  it('gives the same bytes again, also after the design’s worker has been at it', async () => {
    await world.app.certificates.press()
    const again = await holder.fetch(`/certificates/${serial}.pdf`)
    expect(Buffer.from(await again.arrayBuffer()).equals(pdf)).to.equal(true)
  })

  it('comes as credential and as badges', async () => {
    const credential = (await (await holder.fetch(`/certificates/${serial}.json`)).json()) as object
    expect(JSON.stringify(credential)).to.include('Mair Larkspur').and.to.include('eddsa-rdfc-2022')
    for (const ending of ['png', 'svg']) {
      const badge = await holder.fetch(`/certificates/${serial}.${ending}`)
      const bytes = new Uint8Array(await badge.arrayBuffer())
      await stranger.get('/verify')
      const answer = await stranger.upload('/verify', 'file', { [`badge.${ending}`]: bytes })
      expect(answer.words).to.include('genuine and valid').and.to.include('Mair Larkspur')
    }
  })

  it('is nobody else’s to open', async () => {
    const other = await world.signedIn('ada@parliament.example')
    for (const path of [serial, `${serial}.pdf`, `${serial}.json`, `${serial}/proof.json`]) {
      expect((await other.get(`/certificates/${path}`)).status).to.equal(404)
    }
    await other.get('/certificates')
    expect((await other.send(`/certificates/${serial}/name`, { shown: 'no' })).status).to.equal(404)
    expect((await stranger.get(`/certificates/${serial}.pdf`)).words).to.include('Sign in')
  })

  it('is found by its serial however it is typed', async () => {
    const typed = serial.toLowerCase().replaceAll('-', ' ')
    const found = await stranger.get(`/verify?serial=${encodeURIComponent(typed)}`)
    expect(found.status).to.equal(200)
    expect(found.words).to.include('genuine and valid').and.to.include('Mair Larkspur')
    expect(found.words).to.include('2 March 2026').and.to.include(serial)
    const wrong = await stranger.get('/verify?serial=GS-123')
    expect(wrong.status).to.equal(400)
    expect(wrong.words).to.include('This is not a serial number')
  })

  it('is compared in its own language, whatever language its reader has', async () => {
    const welsh = world.visitor()
    welsh.cookies.set('language', 'cy')
    expect((await welsh.get(`/verify/${serial}`)).words).to.match(/iaith Saesneg/i)
    expect((await stranger.get(`/verify/${serial}`)).words).to.match(/language English/i)
  })

  it('is answered to programs as data, in both languages', async () => {
    const found = (await (await stranger.fetch(`/verify/${serial}.json`)).json()) as {
      verdict: string
      atIssue: string
      holder: string
      findings: { says: { en: string; cy: string } }[]
    }
    expect(found).to.include({ verdict: 'valid', atIssue: 'valid', holder: 'Mair Larkspur' })
    expect(found.findings[0]?.says.cy).to.include('Mae’n ddilys')
  })

  it('is checked as a file, and one that was changed is told apart with what was changed', async () => {
    await stranger.get('/verify')
    const whole = await stranger.upload('/verify', 'file', { 'certificate.pdf': pdf })
    expect(whole.words).to.include('not one byte has changed').and.to.include('genuine and valid')
    expect(whole.words).to.include('day of completion 2 March 2026').and.to.include('Online')
    expect(whole.$('.gs-fields').first().text()).not.to.match(/2026-03-02|behaviour-code/)
    await stranger.get('/verify')
    await stranger.send('/language', { language: 'cy', back: '/verify' })
    const inWelsh = await stranger.upload('/verify', 'file', { 'certificate.pdf': pdf })
    expect(inWelsh.words).to.include('2 Mawrth 2026').and.to.include('Y Cod Ymddygiad')
    await stranger.send('/language', { language: 'en', back: '/verify' })
    const changed = Buffer.from(pdf)
    changed[4000] = (changed[4000] ?? 0) ^ 1
    await stranger.get('/verify')
    const altered = await stranger.upload('/verify', 'file', { 'certificate.pdf': changed })
    expect(altered.words).to.include('has been changed since it was issued')
    await stranger.get('/verify')
    const other = await stranger.upload('/verify', 'file', { 'a.pdf': '%PDF-1.4 hello' })
    expect(other.words).to.include('Nothing shows that this institution issued this file')
    await stranger.get('/verify')
    const huge = { 'huge.pdf': new Uint8Array(26 * 1024 * 1024) }
    const refused = await stranger.upload('/verify', 'file', huge)
    expect(refused.status).to.equal(413)
    const { answered, taken } = await sendGigabyte(world.address, stranger)
    expect(answered).to.be.oneOf([413, 'cut off'])
    expect(taken).to.be.below(200 * 1024 * 1024)
    expect((await stranger.get('/verify')).status).to.equal(200)
    await stranger.get('/verify')
    const two = { 'one.pdf': pdf, 'two.pdf': pdf }
    expect((await stranger.upload('/verify', 'file', two)).status).to.equal(400)
    await stranger.get('/verify')
    const none = await stranger.upload('/verify', 'file', {})
    expect(none.words).to.include('Choose a file')
  })

  it('keeps its holder’s name from the public page where they choose so, and from nobody who has it', async () => {
    await holder.get(`/certificates/${serial}`)
    const hidden = await holder.post(`/certificates/${serial}/name`, { shown: 'no' })
    expect(hidden.words).to.include('does not show your name')
    const page = await stranger.get(`/verify/${serial}`)
    expect(page.words).to.include('genuine and valid').and.to.include('Hidden by the holder')
    expect(page.text).not.to.include('Larkspur')
    expect(await (await stranger.fetch(`/verify/${serial}.json`)).text()).not.to.include('Larkspur')
    expect((await stranger.fetch(`/verify/${serial}/proof.json`)).status).to.equal(404)
    await holder.post(`/certificates/${serial}/name`, { shown: 'yes' })
    expect((await stranger.get(`/verify/${serial}`)).words).to.include('Mair Larkspur')
  })

  it('is proven by the public log, also against a root kept from before', async () => {
    await world.app.audit.seal()
    const proof = (await (await stranger.fetch(`/verify/${serial}/proof.json`)).json()) as object
    expect(proof).to.include.keys('entry', 'salt', 'path', 'root')
    world.clock.set('2026-03-03T10:00:00Z')
    await world.app.completions.recordMany(system, [completed('ada', '2026-03-03')])
    await world.app.audit.seal()
    const older = await stranger.fetch(`/verify/${serial}/proof.json?older=2026-03-02`)
    expect(await older.json()).to.include.keys('older')
  })

  it('is called genuine no longer where its record is not what the log vouches for', async () => {
    const certificates = world.app.database.connection.collection('certificates')
    const rename = (holder: string) =>
      certificates.updateOne({ _id: serial as never }, { $set: { 'certificate.holder': holder } })
    await rename('Somebody Else')
    const page = await stranger.get(`/verify/${serial}`)
    expect(page.words).to.include('Do not rely on this certificate').and.not.include('genuine')
    expect(page.words).to.not.include('valid today')
    const { verdict } = (await (await stranger.fetch(`/verify/${serial}.json`)).json()) as {
      verdict: string
    }
    expect(verdict).to.equal('altered')
    await rename('Mair Larkspur')
    expect((await stranger.get(`/verify/${serial}`)).words).to.include('genuine and valid')
  })

  it('is taken back with its completion, and says so for ever', async () => {
    const [completion] = (await world.app.completions.of(['mair'])).get('mair') ?? []
    await world.app.completions.annul(system, [completion?.id ?? ''], { why: 'wrong-person' })
    const page = await stranger.get(`/verify/${serial}`)
    expect(page.words).to.include('was revoked').and.to.include('recorded for the wrong person')
    const own = await holder.get(`/certificates/${serial}`)
    expect(own.words).to.include('Revoked').and.include('recorded for the wrong person')
    expect((await holder.get(own.$('.govuk-inset-text a').attr('href') ?? '')).status).to.equal(200)
    const list = await holder.get('/certificates')
    expect(list.words).to.include('Revoked certificates').and.include('revoked on 3 March 2026')
    const kept = await holder.fetch(`/certificates/${serial}.pdf`)
    expect(Buffer.from(await kept.arrayBuffer()).equals(pdf)).to.equal(true)
    await stranger.get('/verify')
    const file = await stranger.upload('/verify', 'file', { 'certificate.pdf': pdf })
    expect(file.words).to.include('This certificate was revoked')

    await world.app.audit.seal()
    await world.app.database.connection
      .collection('certificates')
      .updateOne({ _id: serial as never }, { $unset: { revoked: 1 } })
    const concealed = await stranger.get(`/verify/${serial}`)
    expect(concealed.words).to.include('was revoked').and.include('for the wrong person')
    await stranger.get('/verify')
    const again = await stranger.upload('/verify', 'file', { 'certificate.pdf': pdf })
    expect(again.words, 'taken out of the record, not out of the log').to.include('was revoked')
  })

  it('serves what others need to check without asking', async () => {
    const did = (await (await stranger.fetch('/.well-known/did.json')).json()) as { id: string }
    expect(did.id).to.match(/^did:web:/)
    const lists = (await (await stranger.fetch('/status/lists.json')).json()) as string[]
    expect(lists).to.have.length(2)
    const list = await stranger.fetch(new URL(lists[0] ?? '').pathname)
    expect(await list.text()).to.include('BitstringStatusList')
    expect(await (await stranger.fetch('/verify/keys.json')).text()).to.include('publicKey')
  })

  it('shows its log to the world, and lets an auditor have it read again', async () => {
    const page = await stranger.get('/log')
    expect(page.words).to.include('The public log of certificates').and.to.include('2 March 2026')
    expect(await (await stranger.fetch('/log/head')).text()).to.match(/^localhost|^127/)
    expect(await (await stranger.fetch('/log/roots/2026-03-02')).text()).to.include('/certificates')
    expect((await stranger.fetch('/log/roots/2026-02-02')).status).to.equal(404)
    const proof = await stranger.fetch('/log/consistency.json?older=1&newer=2')
    expect(await proof.json()).to.include.keys('path')
    expect((await stranger.fetch('/log/consistency.json?older=5&newer=900')).status).to.equal(404)
    expect((await holder.get('/record-log')).status).to.equal(403)
    await world.account('auditor@parliament.example', undefined, { name: 'auditor' })
    const auditor = await world.signedIn('auditor@parliament.example')
    await auditor.get('/record-log')
    const checked = await auditor.post('/log/check', {})
    expect(checked.words).to.include('The log is whole')
  })

  it('is kept by nobody on the way, and listed by no search engine; the register may be', async () => {
    const never = newSerial(systemRandom)
    const paths = [
      `/verify/${serial}`,
      `/verify/${serial}.json`,
      `/verify/${serial}/proof.json`,
      `/verify/${never}`,
      `/verify/${never}.json`,
      '/verify/keys.json',
      `/certificates/${serial}.pdf`,
      '/nowhere',
    ]
    for (const path of paths) {
      const { headers } = await stranger.fetch(path)
      expect(headers.get('cache-control'), path).to.equal('no-store')
      expect(headers.get('x-robots-tag'), path).to.equal('noindex')
      expect(headers.get('referrer-policy'), path).to.equal('same-origin')
      expect(headers.get('etag'), path).to.equal(null)
    }
    const register = await stranger.fetch('/register')
    expect(register.headers.get('x-robots-tag')).to.equal(null)
    expect(register.headers.get('cache-control')).to.equal('no-store')
  })

  it('lets nobody try one serial after another', async () => {
    const guesser = world.visitor()
    const statuses: number[] = []
    for (let tried = 0; tried < 31; tried += 1) {
      statuses.push((await guesser.fetch(`/verify/${newSerial(systemRandom)}`)).status)
    }
    expect(new Set(statuses.slice(0, 25))).to.deep.equal(new Set([404]))
    expect(statuses.at(-1)).to.equal(429)
  })
})
