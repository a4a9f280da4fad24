import PDFDocument from 'pdfkit'
import type { Language } from '../language.js'
import { page } from './design.js'
import type { Design } from './design-files.js'
import { faceName } from './sheet-pdf.js'
import { xmpOf, type About } from './xmp.js'

export const locales = { en: 'en-GB', cy: 'cy-GB' } as const

/** Begins a document, tagged (PDF/UA-1) and for the archive (PDF/A-3a), with a first empty page. */
export function beginDocument(
  about: About,
  language: Language,
  design: Design,
): { doc: PDFKit.PDFDocument; bytes: Promise<Buffer> } {
  const created = new Date(about.created)
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
  return { doc, bytes: collect(doc) }
}

/** Makes a design's faces known to a document. */
export function useFaces(doc: PDFKit.PDFDocument, design: Design): void {
  for (const [name, face] of design.faces) {
    // A parsed face remembers for which letter it first gave out a glyph, and a letter met inside
    // another certificate would lose its meaning in this one: it could no longer be read out.
    Object.assign(face, { _glyphs: {} })
    doc.registerFont(faceName(design, name), parsed(face))
  }
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
