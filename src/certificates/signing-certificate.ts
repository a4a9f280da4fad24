import { createHash, createPublicKey, sign, X509Certificate, type KeyObject } from 'node:crypto'
import type { BaseBlock } from 'asn1js'
import type { Extension, RelativeDistinguishedNames, Time } from 'pkijs'
import type { Day } from '../clock.js'
import { asn1js as asn1, pkijs } from './on-demand.js'

const oid = {
  commonName: '2.5.4.3',
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
  subjectKeyIdentifier: '2.5.29.14',
  sha256WithRsa: '1.2.840.113549.1.1.11',
} as const

/** Certificates are kept for a working life, and no reader should call one too old to check. */
const years = 60

const named = (commonName: string): RelativeDistinguishedNames =>
  new (pkijs().RelativeDistinguishedNames)({
    typesAndValues: [
      new (pkijs().AttributeTypeAndValue)({
        type: oid.commonName,
        value: new (asn1().Utf8String)({ value: commonName }),
      }),
    ],
  })

const extension = (extnID: string, critical: boolean, value: BaseBlock): Extension =>
  new (pkijs().Extension)({ extnID, critical, extnValue: value.toBER(false) })

/** A copy in an ArrayBuffer of its own, as the ASN.1 library wants it. */
const own = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer

/**
 * The institution's own X.509 certificate for a document key (RSA): what readers of a PDF show as the
 * signer, and what they may put among those they trust. Made from key, name and day alone, so that it
 * comes out the same each time.
 *
 * @returns PEM
 */
export function makeSigningCertificate(secret: KeyObject, institution: string, from: Day): string {
  const open = createPublicKey(secret)
  const spki = open.export({ type: 'spki', format: 'der' })
  const mark = createHash('sha256').update(spki).update(institution).update(from).digest()
  const subject = named(institution)
  const until = new Date(`${from}T00:00:00Z`)
  until.setUTCFullYear(until.getUTCFullYear() + years)
  const certificate = new (pkijs().Certificate)({
    version: 2,
    // Sixteen bytes of the hash, its first bit cleared: serial numbers are positive.
    serialNumber: new (asn1().Integer)({
      valueHex: own(
        Uint8Array.from(mark.subarray(0, 16), (byte, at) =>
          at === 0 ? (byte & 0x7f) | 0x40 : byte,
        ),
      ),
    }),
    issuer: subject,
    subject,
    notBefore: time(new Date(`${from}T00:00:00Z`)),
    notAfter: time(until),
    extensions: [
      extension(
        oid.basicConstraints,
        true,
        new (pkijs().BasicConstraints)({ cA: true, pathLenConstraint: 0 }).toSchema(),
      ),
      // Bits 0, 1 and 5: digital signature, content commitment, and certificate signing. It signs no other
      // certificate, but readers let only such a one be its own root.
      extension(
        oid.keyUsage,
        true,
        new (asn1().BitString)({ valueHex: own(Buffer.of(0xc4)), unusedBits: 2 }),
      ),
      extension(
        oid.subjectKeyIdentifier,
        false,
        new (asn1().OctetString)({ valueHex: own(createHash('sha1').update(spki).digest()) }),
      ),
    ],
  })
  certificate.subjectPublicKeyInfo = pkijs().PublicKeyInfo.fromBER(own(spki))
  const algorithm = new (pkijs().AlgorithmIdentifier)({
    algorithmId: oid.sha256WithRsa,
    algorithmParams: new (asn1().Null)(),
  })
  certificate.signature = algorithm
  certificate.signatureAlgorithm = algorithm
  const body = certificate.encodeTBS().toBER(false)
  certificate.tbsView = new Uint8Array(body)
  certificate.signatureValue = new (asn1().BitString)({
    valueHex: own(sign('sha256', Buffer.from(body), secret)),
  })
  const der = Buffer.from(certificate.toSchema(true).toBER(false))
  return new X509Certificate(der).toString()
}

/** RFC 5280: two-digit years until 2049, then four. */
const time = (value: Date): Time =>
  new (pkijs().Time)({
    type:
      value.getUTCFullYear() < 2050 ? pkijs().TimeType.UTCTime : pkijs().TimeType.GeneralizedTime,
    value,
  })

/** The certificates in a PEM file: the signer's own first, then its chain, if it was given one. */
export const certificatesIn = (pem: string): X509Certificate[] =>
  (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
    (text) => new X509Certificate(text),
  )
