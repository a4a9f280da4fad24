import { PDF } from '@libpdf/core'
import { expect } from 'chai'
import { bakePng, bakeSvg } from '../../../src/certificates/badge.js'
import { checkPdfSignature } from '../../../src/certificates/pdf-signature.js'
import { readPublishedKeys } from '../../../src/certificates/published-keys.js'
import { verifyFile, type Verification } from '../../../src/certificates/verification.js'
import { day } from '../../../src/clock.js'
import {
  aCertificate,
  anInstitution,
  classic,
  parliament,
  print,
} from '../../support/certificates.js'
import { long } from '../../support/property.js'
import { edited, found, known, sentences, today } from '../../support/verification.js'

describe('checking a certificate', () => {
  it('finds a PDF as it was issued valid, offline, with the published keys alone', async () => {
    const { pdf } = await print()
    const keys = readPublishedKeys(JSON.stringify(parliament().published))
    const verification = await verifyFile(pdf, { keys: keys ?? parliament().published, today })
    expect(verification).to.include({
      file: 'pdf',
      verdict: 'valid',
      atIssue: 'valid',
      now: 'valid',
    })
    expect(found(verification)).to.deep.equal([
      'signature.whole',
      'credential.sound',
      'status.not-checked',
      'now.valid',
    ])
    expect(verification.fields?.holder).to.equal('Ffion Gwenllïan Ŵyn-Morgan')
  })

  it('finds long, Welsh, Greek and strange names on the page again', async () => {
    const holders = [
      'Ö',
      'W'.repeat(200),
      '<script>alert(1)</script> & co',
      'Αλέξανδρος $t(x) {{y}}',
      'M\u0302ar\u0301ia Z\u0308oe\u0308',
      'Wilhelmina Featherstonehaugh-Cholmondeley '.repeat(5).slice(0, 200),
    ]
    for (const holder of holders) {
      const { pdf } = await print(
        aCertificate({ holder, language: 'cy', validUntil: day('2029-10-12') }),
      )
      expect((await verifyFile(pdf, known())).verdict, holder).to.equal('valid')
    }
  })

  it('finds credential and badges valid by themselves', async () => {
    const { credential } = await print()
    const { badge } = classic()
    const files: [Verification['file'], Buffer][] = [
      ['credential', Buffer.from(credential)],
      ['badge', bakePng(badge.png, credential)],
      ['badge', Buffer.from(bakeSvg(badge.svg, credential))],
    ]
    for (const [file, bytes] of files) {
      const verification = await verifyFile(bytes, known())
      expect(verification).to.include({ file, verdict: 'valid' })
      expect(found(verification)).to.include('credential.sound')
    }
  })

  it('detects every single changed byte outside the hole of the signature', async () => {
    const { pdf } = await print()
    const bytes = Buffer.from(pdf)
    const text = bytes.toString('latin1')
    const [, start, end] = /\/ByteRange\s*\[\s*0\s+(\d+)\s+(\d+)/.exec(text)?.map(Number) ?? []
    if (!start || !end) throw new Error('no hole')
    // Every byte takes minutes; a sample of primes' steps in `npm test`, all of them in `test:long`.
    const step = long ? 1 : 211
    let looked = 0
    for (let at = 0; at < bytes.length; at += step) {
      if (at >= start && at < end) continue
      looked += 1
      const was = bytes[at] ?? 0
      bytes[at] = was ^ (1 + (at % 255))
      expect(checkPdfSignature(bytes).state, `byte ${at}`).to.not.equal('whole')
      bytes[at] = was
    }
    expect(looked).to.be.greaterThan(150)
    for (const at of [start, end - 1, start - 1, end]) {
      const was = bytes[at] ?? 0
      bytes[at] = 0x41
      expect(checkPdfSignature(bytes).state, `bracket ${at}`).to.not.equal('whole')
      bytes[at] = was
    }
    expect(checkPdfSignature(bytes.subarray(0, -1)).state).to.equal('broken')
    expect(checkPdfSignature(Buffer.concat([bytes, Buffer.of(10)])).state).to.equal('added')
  })

  it('says what was written over when an editor added to the file', async () => {
    const { pdf } = await print()
    const forged = await edited(
      pdf,
      (page) => {
        page.drawRectangle({ x: 80, y: 290, width: 680, height: 70 })
        page.drawText('Huw Morgan', { x: 300, y: 312 })
      },
      true,
    )
    const verification = await verifyFile(forged, known())
    expect(verification).to.include({ file: 'pdf', verdict: 'altered' })
    expect(found(verification)).to.include('signature.added')
    expect(sentences(verification).join('\n')).to.match(/Huw Morgan/)
  })

  it('says what differs when an editor wrote the file anew', async () => {
    const genuine = await print()
    const other = await print(
      aCertificate({ holder: 'Huw Morgan', completedOn: day('2026-09-01') }),
    )
    // The page of one certificate with the credential of the other.
    const opened = await PDF.load(Uint8Array.from(other.pdf))
    opened.removeAttachment('credential.json')
    opened.addAttachment('credential.json', Buffer.from(genuine.credential))
    const forged = Buffer.from(await opened.save({ incremental: false }))
    const verification = await verifyFile(forged, known())
    expect(verification.verdict).to.equal('altered')
    expect(found(verification)).to.include.members([
      'credential.sound',
      'page-lacks holder',
      'page-lacks completedOn',
    ])

    const record = { certificate: aCertificate(), afterlife: {}, pdf: genuine.pdf }
    const withRecord = await verifyFile(forged, known({ record }))
    expect(found(withRecord)).to.include.members([
      'page-differs holder',
      'page-differs completedOn',
    ])
    expect(sentences(withRecord)).to.include.members([
      'The name on the page is “Huw Morgan”; the certificate was issued with “Ffion Gwenllïan Ŵyn-Morgan”.',
      'The day of completion on the page is “1 September 2026”; the certificate was issued with “12 October 2026”.',
    ])
  })

  it('says which field differs from the record of the institution', async () => {
    const { credential } = await print()
    const certificate = aCertificate({ completedOn: day('2026-10-11'), holder: 'Ffion Morgan' })
    const verification = await verifyFile(
      Buffer.from(credential),
      known({ record: { certificate, afterlife: {} } }),
    )
    expect(verification.verdict).to.equal('altered')
    expect(sentences(verification)).to.include.members([
      'The name in the file is “Ffion Gwenllïan Ŵyn-Morgan”; the institution’s record says “Ffion Morgan”.',
      'The day of completion in the file is 12 October 2026; the institution’s record says 11 October 2026.',
    ])
  })

  it('finds a credential with a changed word altered', async () => {
    const { credential } = await print()
    const verification = await verifyFile(
      Buffer.from(credential.replace('2026-10-12', '2026-10-11')),
      known(),
    )
    expect(verification.verdict).to.equal('altered')
    expect(found(verification)).to.include('credential.altered')
  })

  it('does not know what another institution issued', async () => {
    const other = anInstitution({
      name: { en: 'Senate of Lyonesse', cy: 'Senedd Lyonesse' },
      did: 'did:web:lyonesse.example',
    })
    const theirs = await print(aCertificate({ institution: other.published.institution }), other)
    const verification = await verifyFile(theirs.pdf, known())
    expect(verification).to.include({ file: 'pdf', verdict: 'unknown' })
    expect(sentences(verification)).to.include(
      'The PDF was signed by “Senate of Lyonesse” with a key that is not one of “Parliament of Avalon”.',
    )
    expect((await verifyFile(Buffer.from(theirs.credential), known())).verdict).to.equal('unknown')
  })

  it('does not know an impostor who uses the same name and address', async () => {
    const impostor = await print(aCertificate(), anInstitution())
    expect((await verifyFile(impostor.pdf, known())).verdict).to.equal('unknown')
    expect((await verifyFile(Buffer.from(impostor.credential), known())).verdict).to.equal(
      'unknown',
    )
  })
})
