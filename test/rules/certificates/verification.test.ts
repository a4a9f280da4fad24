import { randomBytes } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { PDF } from '@libpdf/core'
import { expect } from 'chai'
import { commitment, canonical } from '../../../src/audit/leaf.js'
import { leafHash, nodesFor, rootOf } from '../../../src/audit/merkle.js'
import { consistencyProof, inclusionProof } from '../../../src/audit/merkle-proof.js'
import { signRoot } from '../../../src/audit/signed-root.js'
import { bakePng, bakeSvg } from '../../../src/certificates/badge.js'
import { signCredential } from '../../../src/certificates/credential.js'
import { issueEntry } from '../../../src/certificates/log-proof.js'
import { checkPdfSignature } from '../../../src/certificates/pdf-signature.js'
import { readPublishedKeys, type PublishedKeys } from '../../../src/certificates/published-keys.js'
import { newSerial } from '../../../src/certificates/serial.js'
import {
  emptyList,
  listCredential,
  withBit,
  type Purpose,
} from '../../../src/certificates/status-list.js'
import {
  verifyFile,
  type Knowledge,
  type Verification,
} from '../../../src/certificates/verification.js'
import { day } from '../../../src/clock.js'
import { languages, loadWords } from '../../../src/language.js'
import { seededRandom } from '../../../src/random.js'
import { createPublicKey } from 'node:crypto'
import {
  aCertificate,
  anInstitution,
  avalon,
  classic,
  designsDir,
  parliament,
  place,
  print,
} from '../../support/certificates.js'
import { long } from '../../support/property.js'

const words = loadWords(`${designsDir}/../views/text`)
const today = day('2026-11-21')
const known = (over: Partial<Knowledge> = {}): Knowledge => ({
  keys: parliament().published,
  today,
  ...over,
})

/** What was found, by name; every sentence is said in both languages on the way. */
function found(verification: Verification): string[] {
  return verification.findings.map(({ finding, say, field }) => {
    for (const language of languages)
      expect(words.say(language, say)).to.not.match(/\{\{|\$t\(|undefined/)
    return field ? `${finding} ${field}` : finding
  })
}

const sentences = (verification: Verification): string[] =>
  verification.findings.map(({ say }) => words.say('en', say))

/** Somebody opens the PDF in an editor and saves it. */
async function edited(
  pdf: Uint8Array,
  change: (page: NonNullable<ReturnType<PDF['getPage']>>) => void,
  incremental: boolean,
): Promise<Buffer> {
  const opened = await PDF.load(Uint8Array.from(pdf))
  const page = opened.getPage(0)
  if (!page) throw new Error('no page')
  change(page)
  return Buffer.from(await opened.save({ incremental }))
}

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

  describe('and what became of it', () => {
    const list = async (purpose: Purpose, set: boolean): Promise<string> => {
      const bits = set ? withBit(emptyList(), place.index) : emptyList()
      const body = listCredential({
        place: place.list,
        purpose,
        list: bits,
        issuer: avalon.did,
        validFrom: '2026-11-20T00:00:00Z',
      })
      return signCredential(body, parliament().signers.credential, '2026-11-20T00:00:00Z')
    }
    const by = newSerial(seededRandom('next'))
    const cases: {
      name: string
      verdict: string
      over: () => Promise<Partial<Knowledge>>
      finding: string
    }[] = [
      {
        name: 'not in the list',
        verdict: 'valid',
        over: async () => ({
          statusLists: [await list('revocation', false), await list('refresh', false)],
        }),
        finding: 'status.list',
      },
      {
        name: 'in the list of revoked ones',
        verdict: 'revoked',
        over: async () => ({
          statusLists: [await list('revocation', true), await list('refresh', true)],
        }),
        finding: 'now.revoked-listed',
      },
      {
        name: 'in the list of replaced ones',
        verdict: 'superseded',
        over: async () => ({ statusLists: [await list('refresh', true)] }),
        finding: 'now.superseded.listed',
      },
      {
        name: 'a list that somebody forged',
        verdict: 'valid',
        over: async () => ({
          statusLists: [(await list('revocation', true)).replace('2026-11-20', '2026-11-19')],
        }),
        finding: 'status.not-checked',
      },
      {
        name: 'revoked on record',
        verdict: 'revoked',
        over: () =>
          Promise.resolve({
            record: {
              certificate: aCertificate(),
              afterlife: { revoked: { on: day('2026-11-01'), reason: 'another person attended' } },
            },
          }),
        finding: 'now.revoked',
      },
      {
        name: 'corrected on record',
        verdict: 'superseded',
        over: () =>
          Promise.resolve({
            record: {
              certificate: aCertificate(),
              afterlife: { superseded: { on: day('2026-11-01'), by, why: 'correction' as const } },
            },
          }),
        finding: 'now.superseded.correction',
      },
      {
        name: 'another name on record',
        verdict: 'superseded',
        over: () =>
          Promise.resolve({
            record: {
              certificate: aCertificate(),
              afterlife: {
                superseded: { on: day('2026-11-01'), by, why: 'change-of-name' as const },
              },
            },
          }),
        finding: 'now.superseded.change-of-name',
      },
    ]
    for (const { name, verdict, over, finding } of cases) {
      it(`is ${verdict}: ${name}`, async () => {
        const { pdf } = await print()
        const verification = await verifyFile(pdf, known(await over()))
        expect(verification).to.include({ verdict, atIssue: 'valid', now: verdict })
        expect(found(verification)).to.include(finding)
      })
    }

    it('is expired from the day after its last', async () => {
      const { pdf } = await print(aCertificate({ validUntil: day('2029-03-31') }))
      const on = async (date: string) =>
        (await verifyFile(pdf, known({ today: day(date) }))).verdict
      expect(await on('2029-03-31')).to.equal('valid')
      expect(await on('2029-04-01')).to.equal('expired')
    })
  })

  describe('signed with a key', () => {
    const withKeys = (change: (key: PublishedKeys['keys'][number]) => object): PublishedKeys => ({
      ...parliament().published,
      keys: parliament().published.keys.map((key) => ({ ...key, ...change(key) })),
    })

    it('that was retired since is as good as before', async () => {
      const { pdf } = await print()
      expect(
        (await verifyFile(pdf, known({ keys: withKeys(() => ({ until: day('2026-10-31') })) })))
          .verdict,
      ).to.equal('valid')
    })

    it('that was not in use on the day it claims proves nothing', async () => {
      const { pdf, credential } = await print()
      const keys = withKeys(() => ({ until: day('2026-10-01') }))
      for (const file of [pdf, Buffer.from(credential)]) {
        const verification = await verifyFile(file, known({ keys }))
        expect(verification.verdict).to.equal('unknown')
        expect(found(verification)).to.include('key.not-then')
      }
    })

    it('that was withdrawn proves nothing by itself; the log or the stored copy still vouch', async () => {
      const { pdf } = await print()
      const keys = withKeys((key) =>
        key.use === 'roots' ? {} : { withdrawn: { on: day('2026-11-01'), reason: 'stolen' } },
      )
      const alone = await verifyFile(pdf, known({ keys }))
      expect(alone.verdict).to.equal('unknown')
      expect(found(alone)).to.include('key.withdrawn')
      expect((await verifyFile(pdf, known({ keys, proof: aProof().text }))).verdict).to.equal(
        'valid',
      )
      const record = { certificate: aCertificate(), afterlife: {}, pdf }
      expect((await verifyFile(pdf, known({ keys, record }))).verdict).to.equal('valid')
    })
  })

  describe('with its proof from the log', () => {
    it('finds its entry, and that nothing before was rewritten', async () => {
      const { pdf } = await print()
      expect(found(await verifyFile(pdf, known({ proof: aProof().text })))).to.include('log.in-log')
      expect(found(await verifyFile(pdf, known({ proof: aProof({ older: 20 }).text })))).to.include(
        'log.continues',
      )
    })

    it('says so when the proof is another’s, broken, unsigned, or of a rewritten log', async () => {
      const { pdf } = await print()
      const of = async (text: string) =>
        found(await verifyFile(pdf, known({ proof: text }))).filter((one) => one.startsWith('log.'))
      expect(await of('{}')).to.deep.equal(['log.not-one'])
      expect(await of('nonsense')).to.deep.equal(['log.not-one'])
      expect(await of(aProof({ certificate: aCertificate({ holder: 'Huw' }) }).text)).to.deep.equal(
        ['log.other'],
      )
      expect(await of(aProof({ issuing: anInstitution() }).text)).to.deep.equal(['log.stranger'])
      const proof = aProof().proof
      expect(await of(JSON.stringify({ ...proof, index: proof.index + 1 }))).to.deep.equal([
        'log.broken',
      ])
      expect(
        await of(JSON.stringify({ ...proof, salt: Buffer.alloc(16).toString('base64url') })),
      ).to.deep.equal(['log.broken'])
      expect(await of(aProof({ older: 20, rewritten: true }).text)).to.deep.equal(['log.rewritten'])
    })
  })

  describe('given something else', () => {
    const cases: [string, () => Buffer, string][] = [
      ['nothing', () => Buffer.alloc(0), 'file.unreadable'],
      ['a text', () => Buffer.from('GS-…'), 'file.unreadable'],
      ['noise', () => randomBytes(5000), 'file.unreadable'],
      ['a picture without credential', () => classic().badge.png, 'file.unreadable'],
      ['a gigabyte', () => Buffer.alloc(6 * 1024 * 1024), 'file.too-large'],
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
})

/** The proof of a certificate's entry in a log of 50, with an older root if asked for. */
function aProof(
  options: {
    certificate?: ReturnType<typeof aCertificate>
    issuing?: ReturnType<typeof anInstitution>
    older?: number
    rewritten?: boolean
  } = {},
) {
  const { certificate = aCertificate(), issuing = parliament(), older, rewritten = false } = options
  const salt = Buffer.alloc(16, 5)
  const entry = { act: 'certificate.issued', at: '2026-10-14', ...issueEntry(certificate) }
  const index = 33
  const size = 50
  const build = (forged: boolean) => {
    const leaves = Array.from({ length: size }, (_, at) =>
      at === index
        ? leafHash(commitment(salt, entry))
        : leafHash(Buffer.from(`${forged && at === 3 ? 'forged' : 'entry'} ${at}`)),
    )
    const nodes = new Map(
      nodesFor(0, leaves, () => Buffer.alloc(0)).map((node) => [
        `${node.level}/${node.index}`,
        node.hash,
      ]),
    )
    return (level: number, at: number): Buffer => {
      const hash = nodes.get(`${level}/${at}`)
      if (!hash) throw new Error('no node')
      return hash
    }
  }
  const now = build(rewritten)
  const key = issuing.keys.roots.held(issuing.keys.roots.history()[0]?.id ?? '')
  const keys = { secret: key.secret, open: createPublicKey(key.secret) }
  const rootAt = (supply: ReturnType<typeof build>, of: number, on: string): string =>
    signRoot(
      { origin: 'standing.avalon.example/log', size: of, hash: rootOf(of, supply), on: day(on) },
      keys,
    )
  const hex = (hashes: readonly Buffer[]): string[] => hashes.map((one) => one.toString('hex'))
  const proof = {
    entry,
    salt: salt.toString('base64url'),
    index,
    root: rootAt(now, size, '2026-11-20'),
    path: hex(inclusionProof(index, size, now)),
    ...(older === undefined
      ? {}
      : {
          older: {
            root: rootAt(build(false), older, '2026-10-20'),
            path: hex(consistencyProof(older, size, now)),
          },
        }),
  }
  return { proof, text: canonical(proof) }
}
