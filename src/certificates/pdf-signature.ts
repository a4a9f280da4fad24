import { createHash, verify, X509Certificate } from 'node:crypto'
import * as asn1 from 'asn1js'
import * as pkijs from 'pkijs'
import { parseDay, type Day } from '../clock.js'

/** Who signed a PDF, as the signature itself tells it. */
export interface SignedBy {
  certificate: X509Certificate
  /** The day the signature claims. */
  on: Day | undefined
}

/**
 * What a PDF's signature proves. `whole`: every byte but those of the signature's own hole is as it was
 * signed. `added`: the first `size` bytes are, and more was put behind them. `broken`: something in
 * the signed bytes was changed, or the signature itself was.
 */
export type SignatureState =
  | { state: 'none' }
  | { state: 'broken'; why: 'bytes' | 'signature' }
  | { state: 'added'; by: SignedBy; size: number }
  | { state: 'whole'; by: SignedBy }

interface Hole {
  /** Where the hole begins and ends: `<…>`, both brackets included. */
  start: number
  end: number
  /** Where the signed bytes end. */
  size: number
}

const oid = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificate: '1.2.840.113549.1.9.16.2.47',
  sha256: '2.16.840.1.101.3.4.2.1',
} as const

/** A file may name any number of holes, each of which would be hashed: a few are looked at. */
const mostHoles = 8
const widestHole = 128 * 1024

/** Every hole that a signature of this file names, the one that covers most first. */
function holesOf(text: string): Hole[] {
  const pattern = /\/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]/g
  return [...text.matchAll(pattern)]
    .map(([, first, before, after, length]) => ({
      first: Number(first),
      start: Number(before),
      end: Number(after),
      size: Number(after) + Number(length),
    }))
    .filter(({ first, start, end, size }) => first === 0 && start < end && size <= text.length)
    .filter(({ start, end }) => end - start <= widestHole)
    .sort((a, b) => b.size - a.size)
    .slice(0, mostHoles)
}

/**
 * The signature in a hole: hexadecimal digits and nothing else, the structure first and then zeros only.
 * Whatever else could hide there would be bytes that nobody signed.
 */
function signatureIn(text: string, { start, end }: Hole): Buffer | undefined {
  const hole = text.slice(start, end)
  if (!/^<(?:[0-9a-fA-F]{2})+>$/.test(hole)) return undefined
  const bytes = Buffer.from(hole.slice(1, -1), 'hex')
  const parsed = asn1.fromBER(own(bytes))
  if (parsed.offset === -1) return undefined
  return bytes.subarray(parsed.offset).every((byte) => byte === 0)
    ? bytes.subarray(0, parsed.offset)
    : undefined
}

const own = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer

const valueOf = (signer: pkijs.SignerInfo, type: string): asn1.BaseBlock | undefined =>
  signer.signedAttrs?.attributes.find((attribute) => attribute.type === type)?.values[0] as
    asn1.BaseBlock | undefined

const octets = (block: asn1.BaseBlock | undefined): Buffer | undefined =>
  block instanceof asn1.OctetString ? Buffer.from(block.valueBlock.valueHexView) : undefined

/** The certificate of the signature, when signature, attributes and digest all hold; else nothing. */
function signerOf(cms: Buffer, digest: Buffer): X509Certificate | undefined {
  const content = pkijs.ContentInfo.fromBER(own(cms))
  if (content.contentType !== oid.signedData) return undefined
  const signed = new pkijs.SignedData({ schema: content.content })
  const [signer, ...others] = signed.signerInfos
  if (!signer || others.length > 0 || signer.digestAlgorithm.algorithmId !== oid.sha256)
    return undefined
  const attributes = signer.signedAttrs
  const kind = valueOf(signer, oid.contentType)
  if (!attributes || !(kind instanceof asn1.ObjectIdentifier) || kind.getValue() !== oid.data) {
    return undefined
  }
  if (!octets(valueOf(signer, oid.messageDigest))?.equals(digest)) return undefined

  const certificates = (signed.certificates ?? [])
    .filter((one) => one instanceof pkijs.Certificate)
    .map((one) => new X509Certificate(Buffer.from(one.toSchema().toBER(false))))
  const named = Buffer.from(
    valueOf(signer, oid.signingCertificate)?.toBER(false) ?? new ArrayBuffer(0),
  )
  return certificates.find((certificate) => {
    // PAdES binds the certificate itself, by its hash, so that none with the same key can be put in.
    const hash = createHash('sha256').update(certificate.raw).digest()
    if (!named.includes(hash)) return false
    const bytes = Buffer.from(attributes.encodedValue)
    const signature = Buffer.from(signer.signature.valueBlock.valueHexView)
    return verify('sha256', bytes, certificate.publicKey, signature)
  })
}

/** The day in the signature dictionary nearest before or behind the hole: `/M (D:20261014…)`. */
function dayOf(text: string, { start, end }: Hole): Day | undefined {
  const around = text.slice(Math.max(0, start - 600), start) + text.slice(end, end + 600)
  const [, year, month, day] = /\/M\s*\(D:(\d{4})(\d\d)(\d\d)/.exec(around) ?? []
  return parseDay(`${year}-${month}-${day}`)
}

/**
 * Checks the signature of a PDF by itself: with what key it was signed, and whether anything changed
 * since. Whether the key is anybody's is for `verifyFile` to say. Reads bytes only, never the drawing,
 * so that a malformed PDF can do nothing here.
 */
export function checkPdfSignature(bytes: Uint8Array): SignatureState {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = buffer.toString('latin1')
  const holes = holesOf(text)
  if (holes.length === 0) {
    return text.includes('/ByteRange') ? { state: 'broken', why: 'signature' } : { state: 'none' }
  }
  let why: 'bytes' | 'signature' = 'signature'
  for (const hole of holes) {
    const digest = createHash('sha256')
      .update(buffer.subarray(0, hole.start))
      .update(buffer.subarray(hole.end, hole.size))
      .digest()
    try {
      const cms = signatureIn(text, hole)
      if (!cms) continue
      why = 'bytes'
      const certificate = signerOf(cms, digest)
      if (!certificate) continue
      const by = { certificate, on: dayOf(text, hole) }
      return hole.size === buffer.length
        ? { state: 'whole', by }
        : { state: 'added', by, size: hole.size }
    } catch {
      continue
    }
  }
  return { state: 'broken', why }
}
