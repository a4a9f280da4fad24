import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { verifyCredential } from '@digitalcredentials/verifier-core'
import { expect } from 'chai'
import fc from 'fast-check'
import { bakePng, bakeSvg, unbakePng, unbakeSvg } from '../../../src/certificates/badge.js'
import { checkCredential } from '../../../src/certificates/credential-check.js'
import { fieldsOf, shownFieldsOf } from '../../../src/certificates/credential-fields.js'
import { issueCredential, signCredential } from '../../../src/certificates/credential.js'
import { didDocument, didWeb } from '../../../src/certificates/published-keys.js'
import {
  decodeList,
  drawPlace,
  emptyList,
  encodeList,
  hasBit,
  listCredential,
  listSize,
  withBit,
} from '../../../src/certificates/status-list.js'
import { day } from '../../../src/clock.js'
import { seededRandom, systemRandom } from '../../../src/random.js'
import { aCertificate, avalon, designsDir, parliament, place } from '../../support/certificates.js'
import { property } from '../../support/property.js'

const words = { description: 'Completed the course.', criteria: 'Every module passed.' }
const issue = (certificate = aCertificate()) =>
  issueCredential(certificate, words, place, parliament().signers.credential)

type Json = Record<string, unknown>
const parse = (text: string): Json => JSON.parse(text) as Json

describe('a credential', () => {
  it('is an Open Badge with the proof of the institution, and the same each time', async () => {
    const text = await issue()
    expect(await issue()).to.equal(text)
    const credential = parse(text)
    expect(credential['type']).to.deep.equal(['VerifiableCredential', 'OpenBadgeCredential'])
    expect(credential['proof']).to.include({
      cryptosuite: 'eddsa-rdfc-2022',
      created: '2026-10-14T00:00:00Z',
    })
    const checked = await checkCredential(credential, parliament().published)
    expect(checked.state).to.equal('sound')
  })

  it('tells every field of the certificate, in either language', async () => {
    for (const language of ['en', 'cy'] as const) {
      const certificate = aCertificate({
        language,
        validUntil: day('2029-03-31'),
        delivery: 'remote',
      })
      const told = fieldsOf(parse(await issue(certificate)))
      expect(told?.fields).to.deep.equal(shownFieldsOf(certificate))
      expect(told?.places).to.deep.equal([
        { purpose: 'revocation', list: `${place.list}/revocation`, index: 4711 },
        { purpose: 'refresh', list: `${place.list}/refresh`, index: 4711 },
      ])
    }
  })

  it('of a bespoke completion names no published list', async () => {
    const { signers } = parliament()
    const text = await issueCredential(aCertificate(), words, undefined, signers.credential)
    expect(text).not.to.contain('Status')
    expect((await checkCredential(parse(text), parliament().published)).state).to.equal('sound')
  })

  it('is refused with anything in it changed, added or taken away', async () => {
    const credential = parse(await issue())
    const subject = credential['credentialSubject'] as Json
    const proof = credential['proof'] as Json
    const changed: Json[] = [
      { ...credential, name: 'Another course' },
      { ...credential, validFrom: '2026-10-13T00:00:00Z' },
      { ...credential, credentialSubject: { ...subject, licenseNumber: 'GS-0' } },
      { ...credential, credentialStatus: undefined },
      { ...credential, honours: 'first class' },
      {
        ...credential,
        '@context': [...(credential['@context'] as string[]), 'https://elsewhere.example/context'],
      },
      { ...credential, '@context': [...(credential['@context'] as string[])].reverse() },
      { ...credential, proof: { ...proof, created: '2026-10-15T00:00:00Z' } },
      { ...credential, proof: { ...proof, proofValue: `z${'3'.repeat(87)}` } },
    ]
    for (const one of changed) {
      const { state } = await checkCredential(parse(JSON.stringify(one)), parliament().published)
      expect(state, JSON.stringify(one).slice(-300)).to.equal('altered')
    }
  })

  it('is a stranger when another institution issued it', async () => {
    const credential = parse(await issue())
    const others = {
      ...parliament().published,
      institution: { ...avalon, did: 'did:web:other.example' },
    }
    expect((await checkCredential(credential, others)).state).to.equal('stranger')
    expect(
      (
        await checkCredential(
          { ...credential, issuer: 'did:web:other.example' },
          parliament().published,
        )
      ).state,
    ).to.equal('stranger')
    for (const nothing of [undefined, 1, 'text', [], {}, { proof: {} }]) {
      expect((await checkCredential(nothing, parliament().published)).state).to.equal('not-one')
    }
  })

  describe('as an independent verifier sees it', () => {
    const fetched = globalThis.fetch
    const pages = new Map<string, object>()
    beforeEach(() => {
      pages.set(
        'https://standing.avalon.example/.well-known/did.json',
        didDocument(parliament().published),
      )
      globalThis.fetch = (input) => {
        const address = input instanceof Request ? input.url : String(input)
        // It also asks for the schema of badges, which is not at hand here; the proof is what matters.
        const page =
          pages.get(address) ?? (address.includes('schema') ? { type: 'object' } : undefined)
        return Promise.resolve(page ? Response.json(page) : new Response('', { status: 404 }))
      }
    })
    afterEach(() => {
      globalThis.fetch = fetched
    })

    const publish = async (revoked: boolean) => {
      for (const purpose of ['revocation', 'refresh'] as const) {
        const list =
          revoked && purpose === 'revocation' ? withBit(emptyList(), place.index) : emptyList()
        const body = listCredential({
          place: place.list,
          purpose,
          list,
          issuer: avalon.did,
          validFrom: '2026-11-01T00:00:00Z',
        })
        pages.set(
          `${place.list}/${purpose}`,
          parse(
            await signCredential(body, parliament().signers.credential, '2026-11-01T00:00:00Z'),
          ),
        )
      }
    }
    const verdict = async (credential: Json) => {
      const { log, errors } = await verifyCredential({
        credential: credential as never,
        knownDIDRegistries: [],
      })
      return {
        errors: errors?.length ?? 0,
        steps: Object.fromEntries((log ?? []).map((step) => [step.id, step.valid])),
      }
    }

    it('is signed and not revoked', async () => {
      await publish(false)
      const { steps } = await verdict(parse(await issue()))
      expect(steps).to.include({ valid_signature: true, expiration: true, revocation_status: true })
    })

    it('is revoked once its bit is set', async () => {
      await publish(true)
      const { steps } = await verdict(parse(await issue()))
      expect(steps).to.include({ valid_signature: true, revocation_status: false })
    })

    it('is not signed when a word was changed', async () => {
      await publish(false)
      const { errors, steps } = await verdict({ ...parse(await issue()), name: 'Another course' })
      expect(errors > 0 || steps['valid_signature'] === false).to.equal(true)
    })
  })
})

describe('a status list', () => {
  it('hides who is in it, and packs to little', () => {
    const list = withBit(withBit(emptyList(), 0), 131_071)
    expect(list.length * 8).to.equal(listSize)
    expect(list[0]).to.equal(0b1000_0000)
    const text = encodeList(list)
    expect(text.length).to.be.lessThan(200)
    expect(gunzipSync(Buffer.from(text.slice(1), 'base64url')).equals(list)).to.equal(true)
    expect(decodeList(text)?.equals(list)).to.equal(true)
  })

  it('holds what was set and nothing else', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat({ max: listSize - 1 }), { maxLength: 30 }),
        fc.nat({ max: listSize - 1 }),
        (set, other) => {
          const list = set.reduce<Buffer>((held, index) => withBit(held, index), emptyList())
          expect(set.every((index) => hasBit(list, index))).to.equal(true)
          expect(hasBit(list, other)).to.equal(set.includes(other))
        },
      ),
      property(40, 1000),
    )
    expect(() => hasBit(emptyList(), listSize)).to.throw(RangeError)
  })

  it('gives places by chance, never in order, and none twice', () => {
    const taken = new Set<number>()
    for (let at = 0; at < 500; at += 1) {
      const index = drawPlace(systemRandom, (one) => taken.has(one))
      expect(index).to.not.equal(undefined)
      taken.add(index ?? -1)
    }
    const drawn = [...taken]
    expect(drawn).to.have.length(500)
    expect(drawn).to.not.deep.equal([...drawn].sort((a, b) => a - b))
    expect(drawPlace(seededRandom('full'), () => true)).to.equal(undefined)
  })

  it('is not read from anything else, nor from what unpacks to a flood', () => {
    for (const text of [
      '',
      'u',
      'zabc',
      'uAAAA',
      encodeList(Buffer.alloc(100)),
      encodeList(Buffer.alloc(20 * 1024 * 1024)),
    ]) {
      expect(decodeList(text), text.slice(0, 20)).to.equal(undefined)
    }
  })
})

describe('the keys that an institution publishes', () => {
  it('are its DID document, where retired keys still assert and withdrawn ones do not', () => {
    const [key] = parliament().published.keys.filter((one) => one.use === 'credentials')
    if (!key) throw new Error('no key')
    const keys = [
      { ...key, id: 'old', until: day('2026-06-01') },
      { ...key, id: 'stolen', withdrawn: { on: day('2026-07-01'), reason: 'stolen' } },
      key,
    ]
    const document = didDocument({ institution: avalon, keys }) as Json
    expect(document['assertionMethod']).to.deep.equal([
      `${avalon.did}#old`,
      `${avalon.did}#${key.id}`,
    ])
    expect(document['verificationMethod']).to.have.length(3)
  })

  it('stand under a name made from the public address', () => {
    expect(didWeb('https://standing.example')).to.equal('did:web:standing.example')
    expect(didWeb('http://127.0.0.1:3000')).to.equal('did:web:127.0.0.1%3A3000')
    expect(didWeb('https://a.example/training/')).to.equal('did:web:a.example:training')
  })
})

describe('a badge', () => {
  const png = readFileSync(join(designsDir, 'classic/badge.png'))
  const svg = readFileSync(join(designsDir, 'classic/badge.svg'), 'utf8')

  it('carries the credential in the picture and gives it back unchanged', () => {
    fc.assert(
      fc.property(fc.json(), (credential) => {
        expect(unbakePng(bakePng(png, credential))).to.equal(credential)
        expect(JSON.parse(unbakeSvg(bakeSvg(svg, credential)) ?? '')).to.deep.equal(
          JSON.parse(credential),
        )
      }),
      property(30, 500),
    )
    expect(unbakeSvg(bakeSvg(svg, '{"a":"]]>"}'))).to.equal('{"a":"]]\\u003e"}')
  })

  it('has one credential, the last that was baked', () => {
    expect(unbakePng(bakePng(bakePng(png, '{"a":1}'), '{"b":2}'))).to.equal('{"b":2}')
    expect(bakeSvg(bakeSvg(svg, '{"a":1}'), '{"b":2}').match(/<openbadges/g)).to.have.length(1)
  })

  it('is not read from a picture without one', () => {
    expect(unbakePng(png)).to.equal(undefined)
    expect(unbakeSvg(svg)).to.equal(undefined)
    expect(unbakePng(bakePng(png, '{}').subarray(0, 300))).to.equal(undefined)
    expect(() => bakePng(Buffer.from('GIF89a'), '{}')).to.throw(RangeError)
    expect(() => bakeSvg('<html>', '{}')).to.throw(RangeError)
  })
})
