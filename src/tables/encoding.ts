import type { Fault } from '../errors.js'

/** The text of a file, or the one sentence that says why it cannot be read as text. */
export type Decoded = { text: string } | { fault: Fault }

/** The same, with a remark where the text was not stored as UTF-8 and was read nevertheless. */
export type Read = { text: string; note?: Fault } | { fault: Fault }

export const startsWith = (bytes: Uint8Array, ...signature: number[]): boolean =>
  signature.every((byte, at) => bytes[at] === byte)

function lineOfFirstBadByte(bytes: Uint8Array): number {
  const text = new TextDecoder('utf-8').decode(bytes)
  return text.slice(0, text.indexOf('\ufffd')).split(/\r\n|\r|\n/).length
}

/** What a file is that is no text at all, by the bytes it begins with, whatever it is called. */
function notText(bytes: Uint8Array): string | undefined {
  if (startsWith(bytes, 0x25, 0x50, 0x44, 0x46)) return 'table.is-pdf'
  if (startsWith(bytes, 0x50, 0x4b, 0x03, 0x04)) return 'table.is-zip'
  if (startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0)) return 'table.is-old-or-locked'
  return undefined
}

const isUtf16 = (bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined =>
  startsWith(bytes, 0xff, 0xfe)
    ? 'utf-16le'
    : startsWith(bytes, 0xfe, 0xff)
      ? 'utf-16be'
      : undefined

/**
 * Reads bytes as UTF-8 text, with or without a byte-order mark. What is not UTF-8 is said, never
 * guessed at: a name mangled in silence would stand on a certificate.
 */
export function decodeText(bytes: Uint8Array, file: string): Decoded {
  const other = notText(bytes)
  if (other) return { fault: { file, say: { key: other } } }
  if (isUtf16(bytes)) return { fault: { file, say: { key: 'table.utf-16' } } }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text.includes('\0') ? { fault: { file, say: { key: 'table.binary' } } } : { text }
  } catch {
    const line = lineOfFirstBadByte(bytes)
    return { fault: { file, line, say: { key: 'table.not-utf-8', with: { line } } } }
  }
}

// Characters that no sheet of text has: everything below the space but tab and line endings.
const control = /[^\P{Cc}\t\n\r\u0080-\u009f]/u

/**
 * Reads bytes as text where names are only compared, never taken over: UTF-16 by its mark, and what
 * is neither that nor UTF-8 as Windows-1252, which is how Excel stores CSV on British machines. A
 * remark says so, because the person who looks at the rows is the one who sees a mangled name.
 */
export function readText(bytes: Uint8Array, file: string): Read {
  const utf16 = isUtf16(bytes)
  if (utf16) {
    const text = new TextDecoder(utf16).decode(bytes)
    return control.test(text)
      ? { fault: { file, say: { key: 'table.binary' } } }
      : { text, note: { file, say: { key: 'table.read-utf-16' } } }
  }
  const strict = decodeText(bytes, file)
  if ('text' in strict || strict.fault.say.key !== 'table.not-utf-8') {
    return 'text' in strict && /^\s*<(!doctype|html|table|\?xml)/i.test(strict.text)
      ? { fault: { file, say: { key: 'table.is-web-page' } } }
      : strict
  }
  const text = new TextDecoder('windows-1252').decode(bytes)
  if (control.test(text)) return { fault: { file, say: { key: 'table.binary' } } }
  const { line = 1 } = strict.fault
  return { text, note: { file, line, say: { key: 'table.read-windows-1252', with: { line } } } }
}
