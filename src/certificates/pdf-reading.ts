import { inflateSync } from 'node:zlib'
import { PDF } from '@libpdf/core'

/** A line of text on the page, and how far up its baseline stands, in points. */
export interface PageLine {
  text: string
  baseline: number
}

/** What a PDF shows and carries, or why it cannot be read. */
export type PdfReading =
  | { state: 'read'; lines: readonly PageLine[]; attached: readonly Buffer[] }
  | { state: 'encrypted' | 'damaged' | 'swollen' }

/** What all streams of a file may unpack to together; a certificate's take a twentieth of it. */
const roomiest = 8 * 1024 * 1024

/**
 * Whether the file unpacks to more than it may, or hides how it is packed. Looked at before any reader
 * opens it: a small file can be made to fill the memory.
 */
function isSwollen(bytes: Buffer): boolean {
  const text = bytes.toString('latin1')
  // Filters in a chain, behind a reference, or spelt with escapes are never in a certificate.
  if (
    /\/Filter\s*(\[\s*\/[^\]/]+\/|\d)|\/F#|\/Fi#|\/#|\/[A-Za-z]*#[0-9a-fA-F]{2}[A-Za-z]*Decode/.test(
      text,
    )
  ) {
    return true
  }
  let room = roomiest
  for (const { index } of text.matchAll(/stream\r?\n/g)) {
    const start = text.indexOf('\n', index) + 1
    if ((bytes[start] ?? 0) % 16 !== 8) continue
    const end = text.indexOf('endstream', start)
    try {
      const packed = bytes.subarray(start, end < 0 ? undefined : end)
      room -= inflateSync(packed, { maxOutputLength: room + 1 }).length
    } catch (error) {
      if (error instanceof RangeError) return true
    }
    if (room < 0) return true
  }
  return false
}

/** Reads the text of a PDF's first page and the files attached to it. */
export async function readPdf(bytes: Buffer): Promise<PdfReading> {
  if (isSwollen(bytes)) return { state: 'swollen' }
  try {
    const pdf = await PDF.load(bytes, { lenient: true })
    if (pdf.isEncrypted) return { state: 'encrypted' }
    const page = pdf.getPage(0)
    const lines = (page?.extractText({ includeChars: false }).lines ?? []).map((line) => ({
      text: line.text,
      baseline: line.baseline,
    }))
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
