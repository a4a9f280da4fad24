import { cpSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { day } from '../../../src/clock.js'
import { anInstitution } from '../../support/certificates.js'
import { createPressRoom, holder, mair, system, type PressRoom } from '../../support/press-room.js'

describe('issuing certificates', () => {
  let room: PressRoom
  before(async () => {
    room = await createPressRoom()
    await room.directory(mair)
  })
  after(() => room.close())

  const all = (person: string) => room.certificates.own.all(holder(person))

  it('gives one certificate for a completion, however often and however many ask at once', async () => {
    const completion = await room.complete('mair')
    const [fact] = (await room.completions.of(['mair'])).get('mair') ?? []
    const asked = await Promise.all(
      Array.from({ length: 20 }, () => room.certificates.issueMany(fact ? [fact] : [])),
    )
    expect(new Set(asked.flat().map(({ serial }) => serial)).size).to.equal(1)
    expect((await all('mair')).certificates).to.have.length(1)
    await room.work()
    expect(
      await room.audit.proof(`certificate.issued:${await room.serialOf(completion)}`),
    ).to.be.an('object')
  })

  it('draws once, and gives the same bytes for ever, whoever comes first and however many', async () => {
    await room.directory({ ann: 'Ann Appletree' })
    const serial = await room.serialOf(await room.complete('ann'))
    const ann = holder('ann')
    const drawn = await Promise.all([
      ...Array.from({ length: 6 }, () => room.certificates.own.download(ann, serial, 'pdf')),
      room.work().then(() => room.certificates.own.download(ann, serial, 'pdf')),
    ])
    expect(new Set(drawn.map((pdf) => pdf.toString('base64'))).size).to.equal(1)
  })

  it('bears the name of the day of completion, and lasts as its rule says', async () => {
    await room.directory({ eve: 'Eve Evenlode' })
    room.clock.set('2026-05-01T10:00:00Z')
    await room.directory({ eve: 'Eve Stormont' })
    const completion = await room.complete('eve', { on: day('2026-04-01') })
    const [own] = (await all('eve')).certificates
    expect(own?.certificate.holder).to.equal('Eve Evenlode')
    expect(own?.certificate).to.not.have.property('validUntil')
    expect(own?.certificate.issuedOn).to.equal('2026-05-01')
    expect(own?.renamable).to.equal(true)
    expect(completion).to.be.a('string')
    room.clock.set('2026-03-02T10:00:00Z')
  })

  describe('where it cannot be done', () => {
    it('waits while the key is lost, says so, loses no completion, and goes on when it is back', async () => {
      const { keysDir } = anInstitution()
      const poor = await createPressRoom({ keysDir })
      try {
        await poor.directory(mair)
        const documents = join(keysDir, 'institution/documents')
        cpSync(documents, `${documents}.copy`, { recursive: true })
        renameSync(documents, `${documents}.away`)
        const completion = await poor.complete('mair')
        expect((await poor.completions.get(completion)).id).to.equal(completion)
        const { trouble, toIssue } = await poor.certificates.waiting()
        expect(trouble?.key).to.match(/^keys\./)
        expect(toIssue).to.have.length(1)
        expect((await poor.certificates.own.all(holder('mair'))).waiting[0]?.why.key).to.match(
          /^keys/,
        )
        await poor.work()
        expect(await poor.certificates.ofCompletions([completion])).to.deep.equal([])

        renameSync(`${documents}.away`, documents)
        poor.clock.set('2026-03-02T10:10:00Z')
        await poor.work()
        expect(await poor.serialOf(completion)).to.match(/^GS-/)
        expect(poor.issued).to.have.length(1)
        expect(await poor.certificates.waiting()).to.deep.equal({ toDraw: 0, toIssue: [] })
      } finally {
        await poor.close()
      }
    })

    const strange: [written: string, letters: string | undefined][] = [
      ['x'.repeat(200), undefined],
      ['Ö', undefined],
      ['ŵ ŷ ẅ', undefined],
      ['Z\u0308oe Combining', undefined],
      ['Nguyễn Thị Ánh', undefined],
      ['Αλέξανδρος', undefined],
      ['محمد بن سلمان', 'U+0645'],
      ['Sam 😀 Smith', '😀'],
    ]
    for (const [index, [written, letters]] of strange.entries()) {
      const name = written.length > 30 ? `${written.length} letters` : written
      it(`${letters ? 'names the letters of, and issues nothing for' : 'writes'} ${name}`, async () => {
        const person = `strange-${index}`
        await room.directory({ [person]: written })
        const completion = await room.complete(person)
        const { certificates, waiting } = await all(person)
        expect(await room.completions.get(completion)).to.include({ person })
        if (letters === undefined) {
          expect(certificates[0]?.certificate.holder).to.equal(written)
          const serial = await room.serialOf(completion)
          const pdf = await room.certificates.own.download(holder(person), serial, 'pdf')
          const checked = await room.certificates.open.check(pdf)
          expect(checked.verdict).to.equal('valid')
          expect(checked.fields?.holder).to.equal(written)
        } else {
          expect(certificates).to.deep.equal([])
          expect(waiting[0]?.why.key).to.equal('certificates.unsupported')
          expect(JSON.stringify(waiting[0]?.why.with)).to.include(letters)
          // Once it is written otherwise, it is issued without anybody's asking.
          await room.directory({ [person]: 'Sam Smith' })
          room.clock.set('2026-03-02T10:30:00Z')
          await room.work()
          expect((await all(person)).certificates[0]?.certificate.holder).to.equal('Sam Smith')
          room.clock.set('2026-03-02T10:00:00Z')
        }
      })
    }

    it('issues nothing for a completion that lies in the future, and tries again', async () => {
      await room.directory({ tim: 'Tim Traveller' })
      const completion = await room.complete('tim', { on: day('2026-03-04') })
      expect((await all('tim')).waiting[0]?.why.key).to.include('issued-before-completed')
      room.clock.set('2026-03-04T10:00:00Z')
      await room.work()
      expect(await room.serialOf(completion)).to.match(/^GS-/)
      room.clock.set('2026-03-02T10:00:00Z')
    })
  })

  it('takes a certificate back whose completion was annulled while it was being issued', async () => {
    await room.directory({ una: 'Una Undone' })
    const completion = await room.complete('una')
    const serial = await room.serialOf(completion)
    await room.completions.annul(system, [completion], { why: 'wrong-person' })
    const again = await room.certificates.issueMany(
      [...(await room.completions.of(['mair'])).values()].flat(),
    )
    expect(again.map((one) => one.serial)).to.not.include(serial)
    expect((await room.certificates.open.find(serial))?.status.now).to.equal('revoked')
    expect(room.revoked.map((one) => one.serial)).to.include(serial)
    // Told again, also of a completion that never had one, nothing new is issued.
    await room.certificates.revokeMany([{ id: 'never-issued' }], 'withdrawn')
    const late = { ...(await room.completions.get(completion)), id: 'never-issued' }
    expect(await room.certificates.issueMany([late])).to.deep.equal([])
    const first = await room.certificates.own.get(holder('una'), serial)
    expect(first.afterlife.revoked).to.deep.equal({ on: '2026-03-02', reason: 'wrong-person' })
  })
})
