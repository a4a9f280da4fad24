import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { day } from '../../../src/clock.js'
import { newSerial } from '../../../src/certificates/serial.js'
import { readPdf } from '../../../src/certificates/pdf-reading.js'
import { decodeList } from '../../../src/certificates/status-list.js'
import { seededRandom, systemRandom } from '../../../src/random.js'
import { aFolder, avalon, designsDir } from '../../support/certificates.js'
import { createPressRoom, holder, mair, system, type PressRoom } from '../../support/press-room.js'
import { rounds } from '../../support/property.js'

describe('what becomes of a certificate', () => {
  let room: PressRoom
  before(async () => {
    room = await createPressRoom()
    await room.directory(mair)
  })
  after(() => room.close())

  /** Somebody new with a certificate that is drawn and in the log. */
  async function someone(id: string, name: string): Promise<string> {
    await room.directory({ [id]: name })
    const serial = await room.serialOf(await room.complete(id))
    await room.work()
    return serial
  }

  describe('after a change of name', () => {
    let old: string
    let now: string
    before(async () => {
      old = await someone('nia', 'Nia Kestrelow')
      await room.directory({ nia: 'Nia Ravensworth' })
      const both = await Promise.all([
        room.certificates.own.rename(holder('nia'), old),
        room.certificates.own.rename(holder('nia'), old),
      ])
      expect(new Set(both.map(({ certificate }) => certificate.serial)).size).to.equal(1)
      now = both[0].certificate.serial
      await room.work()
    })

    it('is there in the present name, and the old one still for its holder', async () => {
      const { certificates } = await room.certificates.own.all(holder('nia'))
      expect(certificates.map(({ certificate: { holder: name } }) => name).sort()).to.deep.equal([
        'Nia Kestrelow',
        'Nia Ravensworth',
      ])
      const pdf = await room.certificates.own.download(holder('nia'), old, 'pdf')
      expect((await room.certificates.open.check(pdf)).verdict).to.equal('superseded')
    })

    it('shows no name on the old one’s public page, and no way from one to the other', async () => {
      const page = await room.certificates.open.find(old)
      expect(page).to.include({ hidden: 'former-name' }).and.to.not.have.property('holder')
      expect(page?.status).to.deep.equal({ atIssue: 'valid', now: 'superseded' })
      const told = JSON.stringify(page)
      expect(told).to.not.include('Nia').and.to.not.include(now)
      expect(JSON.stringify(await room.certificates.open.find(now))).to.not.include(old)
      expect(await room.certificates.open.proof(old)).to.equal(undefined)
    })

    it('tells a file with another name nothing of the name that was hidden', async () => {
      const pdf = await room.certificates.own.download(holder('nia'), old, 'pdf')
      const other = Buffer.from(pdf)
      other[3000] = (other[3000] ?? 0) ^ 1
      const { findings } = await room.certificates.open.check(other)
      const told = JSON.stringify(findings)
      expect(told).to.include('name-not-compared').and.to.not.include('Nia')
    })

    it('cannot be asked for again, nor by anybody else', async () => {
      const again = await room.certificates.own.rename(holder('nia'), old)
      expect(again.certificate.serial).to.equal(now)
      const same = room.certificates.own.rename(holder('nia'), now).catch((error: unknown) => error)
      expect(String(await same)).to.include('certificates.replace.same')
      const other = room.certificates.own.rename(holder('mair'), old).catch((e: unknown) => e)
      expect(String(await other)).to.include('not-found')
    })
  })

  it('is put right by another, which its public page then names', async () => {
    const serial = await someone('wen', 'Wen Larc')
    await room.directory({ wen: 'Wen Lark' })
    const corrected = await room.certificates.correct(system, serial)
    await room.work()
    const page = await room.certificates.open.find(serial)
    expect(page?.superseded).to.deep.equal({
      on: '2026-03-02',
      by: corrected.serial,
      why: 'correction',
    })
    expect(room.issued.map((one) => one.serial)).to.include(corrected.serial)
  })

  it('is not corrected by its own holder, nor once it was revoked', async () => {
    const serial = await someone('olwen', 'Olwen Teal')
    const own = await room.certificates.correct(holder('olwen'), serial).catch((e: unknown) => e)
    expect(String(own)).to.include('own-line')
    const [completion] = (await room.completions.of(['olwen'])).get('olwen') ?? []
    await room.completions.annul(system, [completion?.id ?? ''], { why: 'issued-in-error' })
    const late = await room.certificates.correct(system, serial).catch((e: unknown) => e)
    expect(String(late)).to.include('certificates.replace.revoked')
  })

  it('expires on the day after its last, and was valid when it was issued', async () => {
    await room.directory({ val: 'Val Until' })
    room.lasts.until = day('2026-03-31')
    const serial = await room.serialOf(await room.complete('val'))
    delete room.lasts.until
    const on = async (instant: string) => {
      room.clock.set(instant)
      return (await room.certificates.open.find(serial))?.status
    }
    expect(await on('2026-03-31T22:00:00Z')).to.deep.equal({ atIssue: 'valid', now: 'valid' })
    expect(await on('2026-04-01T00:00:00Z')).to.deep.equal({ atIssue: 'valid', now: 'expired' })
    room.clock.set('2026-03-02T10:00:00Z')
  })

  it('is in the status list where it was revoked, and nobody else is', async () => {
    const { bits, places } = await revocations()
    const serial = await someone('rhys', 'Rhys Revoked')
    const [completion] = (await room.completions.of(['rhys'])).get('rhys') ?? []
    await room.completions.annul(system, [completion?.id ?? ''], { why: 'issued-in-error' })
    const after = await revocations()
    expect(after.bits).to.equal(bits + 1)
    expect(after.places).to.equal(places)
    expect((await room.certificates.open.find(serial))?.revoked?.reason).to.equal('issued-in-error')
  })

  async function revocations(): Promise<{ bits: number; places: number }> {
    const [address = ''] = await room.certificates.open.lists()
    const text = await room.certificates.open.list(address.split('/').at(-1) ?? '', 'revocation')
    const { credentialSubject } = JSON.parse(text) as {
      credentialSubject: { encodedList: string }
    }
    const list = decodeList(credentialSubject.encodedList) ?? Buffer.alloc(0)
    let bits = 0
    for (const byte of list) bits += byte.toString(2).replaceAll('0', '').length
    return { bits, places: list.length * 8 }
  }

  it('is found by nobody who guesses, ten thousand times', async function () {
    this.timeout(rounds(120_000, 900_000))
    const random = seededRandom('guesses')
    let found = 0
    for (let tried = 0; tried < rounds(2000, 10_000); tried += 1) {
      if (await room.certificates.open.find(newSerial(random))) found += 1
    }
    expect(found).to.equal(0)
  })

  it('of bespoke training is not known here, and is checked by whoever holds the body’s keys', async () => {
    const body = { id: 'panel', name: { en: 'The Panel', cy: 'Y Panel' } }
    const fields = {
      body,
      holder: 'Mair Larkspur',
      delivery: 'face-to-face' as const,
      completedOn: day('2026-03-01'),
      issuedOn: day('2026-03-02'),
      language: 'en' as const,
      statusPlace: 17,
    }
    const { bodies, open } = room.certificates
    const drawn = await bodies.draw(fields, systemRandom)
    expect(await open.find(drawn.serial)).to.equal(undefined)
    const { verdict, findings } = await open.check(drawn.pdf)
    expect(verdict).to.equal('unknown')
    expect(JSON.stringify(findings)).to.not.include('revoked')
    const kept = { fields, serial: drawn.serial, pdf: drawn.pdf }
    expect((await bodies.verify(drawn.pdf, [kept])).verdict).to.equal('valid')
    expect(
      (await bodies.verify(drawn.pdf, [{ ...kept, revokedOn: day('2026-03-02') }])).verdict,
    ).to.equal('revoked')
    expect(JSON.stringify(open.keys())).to.not.include('Panel')
    expect(bodies.keys(body).institution.did).to.equal(`${avalon.did}:bodies:panel`)
  })

  it('stays as it was when the design is changed, also one that waits to be drawn', async function () {
    this.timeout(60_000)
    const designs = aFolder()
    cpSync(designsDir, designs, { recursive: true })
    const first = await createPressRoom({ designs })
    await first.directory(mair)
    const drawn = await first.serialOf(await first.complete('mair'))
    await first.work()
    const pdf = await first.certificates.own.download(holder('mair'), drawn, 'pdf')
    const waiting = await first.serialOf(await first.complete('mair'))
    const file = join(designs, 'classic/design.yaml')
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('Certificate of completion', 'Testimony'),
    )

    const second = await createPressRoom({ designs, server: first.database.address })
    await second.work()
    const later = await second.serialOf(await second.complete('mair'))
    const titles = async (serial: string): Promise<string> => {
      const bytes = await second.certificates.own.download(holder('mair'), serial, 'pdf')
      const read = await readPdf(bytes)
      return read.state === 'read' ? read.lines.map(({ text }) => text).join(' ') : ''
    }
    const again = await second.certificates.own.download(holder('mair'), drawn, 'pdf')
    expect(again.equals(pdf)).to.equal(true)
    expect(await titles(waiting)).to.include('Certificate of completion')
    expect(await titles(later)).to.include('Testimony')
    await second.close()
    await first.close()
  })
})
