import PDFDocument from 'pdfkit'
import { drawBlock } from './blocks-pdf.js'
import type { Certificate } from './certificate.js'
import { page } from './design.js'
import type { Design } from './design-files.js'
import type { Sheet } from './sheet-pdf.js'
import { valuesOf, wordsOf } from './wording.js'
import { xmpOf, type About } from './xmp.js'

/** The signed credential, carried inside the PDF as its data. */
export interface Attachment {
  name: string
  bytes: Uint8Array
}

const locales = { en: 'en-GB', cy: 'cy-GB' } as const

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
  const created = new Date(`${certificate.issuedOn}T00:00:00Z`)
  const about: About = {
    title: [words('title'), values.course, values.holder].filter(Boolean).join(' · '),
    author: values.institution ?? '',
    created: `${certificate.issuedOn}T00:00:00Z`,
    tool: 'Good Standing',
    producer: 'PDFKit',
    keywords: certificate.serial,
  }

  const doc = new PDFDocument({
    size: [page.width, page.height],
    margin: 0,
    pdfVersion: '1.7',
    subset: 'PDF/A-3a',
    tagged: true,
    lang: locales[language],
    displayTitle: true,
    font: anyFace(design),
    info: {
      Title: about.title,
      Author: about.author,
      Creator: about.tool,
      Producer: about.producer,
      Keywords: about.keywords,
      CreationDate: created,
      ModDate: created,
    },
  })
  // PDFKit writes names into the XMP as they are; `<` in one would break it. Ours takes its place.
  Object.assign(doc, { _addInfo: () => doc.appendXML(xmpOf(about, locales[language])) })
  writeLettersTight(doc)
  const bytes = collect(doc)

  for (const [name, face] of design.faces) {
    // A parsed face remembers for which letter it first gave out a glyph, and a letter met inside
    // another certificate would lose its meaning in this one: it could no longer be read out.
    Object.assign(face, { _glyphs: {} })
    doc.registerFont(name, parsed(face))
  }
  const root = doc.struct('Document')
  doc.addStructure(root)
  const sheet: Sheet = {
    doc,
    root,
    design,
    words: (text) => officeOf(design, language, text) ?? words(text),
    alternative: design.file.crest.alternative[language],
    address: certificate.address,
  }
  for (const block of design.file.layout) drawBlock(sheet, block, page)
  root.end()
  if (options.attachment) {
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
 * PDFKit writes what a ligature stands for as `<0066 0069>`, which the standard allows and some readers
 * misread, so that every letter after it comes out as another. Written without the space all agree.
 */
function writeLettersTight(doc: PDFKit.PDFDocument): void {
  const make = doc.ref.bind(doc)
  Object.assign(doc, {
    ref(data: object) {
      const reference = make(data)
      const end = reference.end.bind(reference)
      reference.end = (chunk?: Buffer | string) =>
        end(
          typeof chunk === 'string' && chunk.includes('beginbfrange')
            ? chunk.replaceAll(/<[0-9a-f ]+>/g, (hex) => hex.replaceAll(' ', ''))
            : chunk,
        )
      return reference
    },
  })
}

/** The office of a signatory, asked for as `signatory-0`. */
function officeOf(design: Design, language: 'en' | 'cy', text: string): string | undefined {
  const index = /^signatory-(\d)$/.exec(text)?.[1]
  return index === undefined ? undefined : design.file.signatories[Number(index)]?.office[language]
}

/**
 * PDFKit draws with a face that was parsed before just as with the bytes of one, ten times as fast; its
 * types do not say so yet.
 */
const parsed = (face: object): Buffer => face as unknown as Buffer

function anyFace(design: Design): string {
  const [face] = design.faces.values()
  if (!face) throw new RangeError('a design has at least one font')
  return parsed(face) as unknown as string
}

function collect(doc: PDFKit.PDFDocument): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    doc.on('data', (chunk: Buffer) => chunks.push(chunk))
    doc.on('end', () => resolve(Buffer.concat(chunks)))
    doc.on('error', reject)
  })
}
