import { sign, type KeyObject, type X509Certificate } from 'node:crypto'
import { PDF, type Signer } from '@libpdf/core'

/** What signs PDFs: the institution's document key and its certificate, with the chain it was given. */
export interface DocumentSigner {
  secret: KeyObject
  certificate: X509Certificate
  chain: readonly X509Certificate[]
}

/** What a signature takes besides certificates: attributes, names, the signature itself. */
const overhead = 2048

const signerOf = ({ secret, certificate, chain }: DocumentSigner): Signer => ({
  certificate: certificate.raw,
  certificateChain: chain.map((one) => one.raw),
  keyType: 'RSA',
  signatureAlgorithm: 'RSASSA-PKCS1-v1_5',
  sign: (data) => Promise.resolve(sign('sha256', data, secret)),
})

/**
 * Signs a PDF (PAdES B-B, ETSI EN 319 142-1): any byte changed afterwards, or added, shows in Acrobat,
 * `pdfsig` and `checkPdfSignature`. RSA with PKCS 1 padding, so that the same PDF, key and moment give
 * the same bytes again.
 *
 * @param at the moment the signature claims; it is the certificate's own, not the machine's
 */
export async function signPdf(
  bytes: Uint8Array,
  signer: DocumentSigner,
  at: Date,
): Promise<Buffer> {
  const pdf = await PDF.load(bytes)
  const certificates = [signer.certificate, ...signer.chain]
  const size = certificates.reduce((sum, { raw }) => sum + raw.length, overhead)
  const { bytes: signed } = await pdf.sign({
    signer: signerOf(signer),
    signingTime: at,
    level: 'B-B',
    fieldName: 'Institution',
    estimatedSize: size,
  })
  return Buffer.from(signed)
}
