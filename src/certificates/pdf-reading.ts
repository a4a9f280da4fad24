import { inflateSync } from 'node:zlib'
import { PDF, type PDFPage } from '@libpdf/core'

/** A line of text on the page, how far up its baseline stands, and from where to where it goes, in points. */
export interface PageLine {
  text: string
  baseline: number
  from: number
  to: number
}

/** What a PDF shows and carries, or why it cannot be read. */
export type PdfReading =
  | { state: 'read'; lines: readonly PageLine[]; attached: readonly Buffer[] }
  | { state: 'encrypted' | 'damaged' | 'swollen' }

/** What all streams of a file may unpack to together; a certificate's take a twentieth of it. */
const roomiest = 8 * 1024 * 1024

/** A certificate has about fifty streams. */
const mostStreams = 500

/** Filters in a chain, behind a reference, or spelt with escapes: never in a certificate. */
const hidden =
  /\/Filter\s*(\[\s*\/[^\]/]+\/|\d)|\/F(i(l(t(er?)?)?)?)?#|\/[A-Za-z]*#[0-9a-fA-F]{2}[A-Za-z]*Decode/

/**
 * Whether the file unpacks to more than it may, or hides how it is packed. Looked at before any reader
 * opens it: a small file can be made to fill the memory.
 */
function isSwollen(bytes: Buffer): boolean {
  const text = bytes.toString('latin1')
  let room = roomiest
  let at = 0
  for (let streams = 0; streams <= mostStreams; streams += 1) {
    const start = nextStream(text, at)
    if (hidden.test(text.slice(at, start))) return true
    if (start === undefined) return false
    try {
      // To wherever the packed data itself ends: a length, or an end put inside it, may lie.
      room -= inflateSync(bytes.subarray(start), { maxOutputLength: room + 1 }).length
    } catch (error) {
      if (error instanceof RangeError) return true
    }
    if (room < 0) return true
    const end = text.indexOf('endstream', start)
    if (end < 0) return false
    at = end + 'endstream'.length
  }
  return true
}

/** Where the data of the next stream begins. */
function nextStream(text: string, from: number): number | undefined {
  const word = /(?<!end)stream\r?\n/g
  word.lastIndex = from
  return word.exec(text) ? word.lastIndex : undefined
}

type PageText = ReturnType<PDFPage['extractText']>

/**
 * The lines of a page in the order in which they were drawn, not as they lie: what was written over
 * something else must not be read mixed up with it.
 */
function linesOf(page: PageText): PageLine[] {
  const letters = page.lines
    .flatMap((line) => line.spans.flatMap((span) => span.chars))
    .sort((a, b) => (a.sequenceIndex ?? 0) - (b.sequenceIndex ?? 0))
  const lines: PageLine[] = []
  let last: (typeof letters)[number] | undefined
  for (const letter of letters) {
    const line = lines.at(-1)
    const gap = last ? letter.bbox.x - (last.bbox.x + last.bbox.width) : 0
    const goesOn =
      line &&
      last &&
      Math.abs(letter.baseline - last.baseline) < 1 &&
      gap > -letter.fontSize &&
      gap < 2 * letter.fontSize
    const { x: from, width } = letter.bbox
    if (goesOn) {
      line.text += (gap > letter.fontSize / 4 ? ' ' : '') + letter.char
      line.to = from + width
    } else {
      lines.push({ text: letter.char, baseline: letter.baseline, from, to: from + width })
    }
    last = letter
  }
  return lines
    .map((line) => ({ ...line, text: line.text.trim() }))
    .filter(({ text }) => text !== '')
}

/** Reads the text of a PDF's first page and the files attached to it. */
export async function readPdf(bytes: Buffer): Promise<PdfReading> {
  if (isSwollen(bytes)) return { state: 'swollen' }
  try {
    const pdf = await PDF.load(bytes, { lenient: true })
    if (pdf.isEncrypted) return { state: 'encrypted' }
    const page = pdf.getPage(0)
    const lines = page ? linesOf(page.extractText()) : []
    const attached = [...pdf.getAttachments().keys()].flatMap((name) => {
      const file = pdf.getAttachment(name)
      return file ? [Buffer.from(file)] : []
    })
    return { state: 'read', lines, attached }
  } catch (error) {
    const encrypted = error instanceof Error && /encrypt|password|credential/i.test(error.message)
    return { state: encrypted ? 'encrypted' : 'damaged' }
  }
}
