import { randomBytes } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { PDF } from '@libpdf/core'
import { expect } from 'chai'
import { verifyFile } from '../../../src/certificates/verification.js'
import { classic, print } from '../../support/certificates.js'
import { found, known } from '../../support/verification.js'

describe('the check, given something else', () => {
  const cases: [string, () => Buffer, string][] = [
    ['nothing', () => Buffer.alloc(0), 'file.unreadable'],
    ['a text', () => Buffer.from('GS-…'), 'file.unreadable'],
    ['noise', () => randomBytes(5000), 'file.unreadable'],
    ['a picture without credential', () => classic().badge.png, 'file.unreadable'],
    ['more than any certificate', () => Buffer.alloc(6 * 1024 * 1024), 'file.too-large'],
    ['a PDF that is not one', () => Buffer.from('%PDF-1.7\nnot really'), 'signature.none'],
    [
      'a PDF that unpacks to a flood',
      () =>
        Buffer.concat([
          Buffer.from('%PDF-1.7\n1 0 obj<</Filter/FlateDecode>>stream\n'),
          deflateSync(Buffer.alloc(64 * 1024 * 1024)),
          Buffer.from('\nendstream endobj'),
        ]),
      'file.swollen',
    ],
    [
      'a PDF that hides how it is packed',
      () =>
        Buffer.from(
          '%PDF-1.7\n1 0 obj<</Filter[/FlateDecode/FlateDecode]>>stream\nx\nendstream endobj',
        ),
      'file.swollen',
    ],
    [
      'a signature without an end',
      () => Buffer.from(`%PDF-1.7\n/ByteRange [0 10 20 ${'9'.repeat(10)}]`),
      'signature.signature',
    ],
    ['JSON of another kind', () => Buffer.from('{"hello":"world"}'), 'credential.not-one'],
  ]
  for (const [name, bytes, finding] of cases) {
    it(`knows nothing of ${name}, and says why`, async () => {
      const verification = await verifyFile(bytes(), known())
      expect(verification.verdict).to.equal('unknown')
      expect(found(verification)).to.include(finding)
    })
  }

  it('knows a locked PDF for what it is', async () => {
    const { pdf } = await print()
    const opened = await PDF.load(Uint8Array.from(pdf))
    opened.setProtection({ userPassword: 'secret', ownerPassword: 'other' })
    const locked = Buffer.from(await opened.save({ incremental: false }))
    const verification = await verifyFile(locked, known())
    expect(verification.verdict).to.not.equal('valid')
    expect(found(verification)).to.include('file.encrypted')
  })
})
