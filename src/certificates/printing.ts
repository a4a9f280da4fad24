import { drawCertificate } from './certificate-pdf.js'
import type { Certificate } from './certificate.js'
import { issueCredential } from './credential.js'
import type { Design } from './design-files.js'
import { documentSigner, type Signers } from './keys.js'
import { signPdf } from './signing.js'
import type { Place } from './status-list.js'
import { wordsOf } from './wording.js'

/** One certificate to be drawn and signed: frozen fields, its place in the status list, the keys. */
export interface PrintOrder {
  certificate: Certificate
  /** None for a certificate whose status list is not published. */
  place?: Place
  signers: Signers
}

/** A finished certificate. Both are kept for ever as they are. */
export interface Printed {
  pdf: Uint8Array
  /** The signed credential, JSON text; the same one is attached inside the PDF. */
  credential: string
}

/** How the credential is called inside the PDF. */
const attachmentName = 'credential.json'

/**
 * Draws and signs one certificate. Nothing but the order and the design goes into it, so that an order
 * that is carried out again after a crash gives the same bytes.
 */
export async function printCertificate(order: PrintOrder, design: Design): Promise<Printed> {
  const { certificate, signers } = order
  const words = wordsOf(certificate, design.file)
  const badge = {
    description: words('badge-description') ?? '',
    criteria: words('badge-criteria') ?? '',
  }
  const credential = await issueCredential(certificate, badge, order.place, signers.credential)
  const attachment = { name: attachmentName, bytes: Buffer.from(credential) }
  const drawn = await drawCertificate(certificate, design, { attachment })
  const at = new Date(`${certificate.issuedOn}T00:00:00Z`)
  const pdf = await signPdf(drawn, documentSigner(signers.document), at)
  return { pdf, credential }
}
