import { drawBlock } from './blocks-pdf.js'
import type { Language } from '../language.js'
import type { Certificate } from './certificate.js'
import { asWritten } from './characters.js'
import { page } from './design.js'
import type { Design } from './design-files.js'
import { beginDocument, locales, useFaces } from './document-pdf.js'
import type { Sheet } from './sheet-pdf.js'
import { valuesOf, wordsOf } from './wording.js'
import type { About } from './xmp.js'

/** The signed credential, carried inside the PDF as its data. */
export interface Attachment {
  name: string
  bytes: Uint8Array
}

/**
 * Draws a certificate: A4 landscape, tagged (PDF/UA-1) and for the archive (PDF/A-3a), in the language of
 * the certificate, with the credential attached. Nothing but the fields, the design and the attachment
 * goes into it, neither the machine's clock nor chance, so the same ones always give the same bytes.
 * Unsigned; `signPdf` comes next.
 *
 * @param options.masked leaves the name out, for showing how the certificate looks to others
 */
export async function drawCertificate(
  certificate: Certificate,
  design: Design,
  options: { attachment?: Attachment; masked?: boolean } = {},
): Promise<Buffer> {
  const { language } = certificate
  const masked = options.masked ?? false
  const words = wordsOf(certificate, design.file, masked)
  const values = valuesOf(certificate, design.file, masked)
  const about: About = {
    ...aboutBy(certificate),
    title: [words('title'), values.course, values.holder].filter(Boolean).join(' · '),
  }
  const { doc, bytes } = beginDocument(about, language, design)
  useFaces(doc, design)
  const root = doc.struct('Document')
  doc.addStructure(root)
  drawSheet(doc, root, { certificate, design }, masked)
  root.end()
  if (options.attachment) {
    const created = new Date(about.created)
    const described = {
      name: options.attachment.name,
      type: 'application/vc+ld+json',
      description: `${about.title} (Open Badges 3.0)`,
      creationDate: created,
      modifiedDate: created,
      relationship: 'Data',
    }
    doc.file(Buffer.from(options.attachment.bytes), described)
  }
  doc.end()
  return await bytes
}

/**
 * Draws many certificates into one document, a page each, for printing. Each page shows what the
 * certificate shows; the document is neither signed nor does it carry credentials.
 *
 * @param title what the document is called
 */
export async function drawBook(
  drawings: readonly Drawing[],
  title: string,
  language: Language,
): Promise<Buffer> {
  const [first] = drawings
  if (!first) throw new RangeError('a book has at least one page')
  const about: About = { ...aboutBy(first.certificate), title, keywords: '' }
  const { doc, bytes } = beginDocument(about, language, first.design)
  for (const design of new Set(drawings.map((drawing) => drawing.design))) useFaces(doc, design)
  const root = doc.struct('Document')
  doc.addStructure(root)
  drawings.forEach((drawing, index) => {
    if (index > 0) doc.addPage({ size: [page.width, page.height], margin: 0 })
    const part = doc.struct('Sect', { lang: locales[drawing.certificate.language] })
    root.add(part)
    drawSheet(doc, part, drawing, false)
    part.end()
  })
  root.end()
  doc.end()
  return await bytes
}

/** A certificate, and the design it is drawn in. */
export interface Drawing {
  certificate: Certificate
  design: Design
}

const aboutBy = ({ institution, language, issuedOn, serial }: Certificate) => ({
  author: asWritten(institution.name[language]),
  created: `${issuedOn}T00:00:00Z`,
  tool: 'Good Standing',
  producer: 'PDFKit',
  keywords: serial as string,
})

function drawSheet(
  doc: PDFKit.PDFDocument,
  root: PDFKit.PDFStructureElement,
  { certificate, design }: Drawing,
  masked: boolean,
): void {
  const { language } = certificate
  const words = wordsOf(certificate, design.file, masked)
  const sheet: Sheet = {
    doc,
    root,
    design,
    words: (text) => officeOf(design, language, text) ?? words(text),
    alternative: design.file.crest.alternative[language],
    address: certificate.address,
  }
  for (const block of design.file.layout) drawBlock(sheet, block, page)
}

/** The office of a signatory, asked for as `signatory-0`. */
function officeOf(design: Design, language: 'en' | 'cy', text: string): string | undefined {
  const index = /^signatory-(\d)$/.exec(text)?.[1]
  return index === undefined ? undefined : design.file.signatories[Number(index)]?.office[language]
}
