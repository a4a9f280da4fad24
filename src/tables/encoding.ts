import type { Fault } from '../errors.js'

/** The text of a file, or the one sentence that says why it cannot be read as text. */
export type Decoded = { text: string } | { fault: Fault }

const startsWith = (bytes: Uint8Array, ...signature: number[]): boolean =>
  signature.every((byte, at) => bytes[at] === byte)

function lineOfFirstBadByte(bytes: Uint8Array): number {
  const text = new TextDecoder('utf-8').decode(bytes)
  return text.slice(0, text.indexOf('\ufffd')).split(/\r\n|\r|\n/).length
}

/**
 * Reads bytes as UTF-8 text, with or without a byte-order mark. What is not UTF-8 is said, never
 * guessed at: a name mangled in silence would stand on a certificate.
 */
export function decodeText(bytes: Uint8Array, file: string): Decoded {
  if (startsWith(bytes, 0x25, 0x50, 0x44, 0x46))
    return { fault: { file, say: { key: 'table.is-pdf' } } }
  if (startsWith(bytes, 0x50, 0x4b, 0x03, 0x04))
    return { fault: { file, say: { key: 'table.is-zip' } } }
  if (startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff)) {
    return { fault: { file, say: { key: 'table.utf-16' } } }
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text.includes('\0') ? { fault: { file, say: { key: 'table.binary' } } } : { text }
  } catch {
    const line = lineOfFirstBadByte(bytes)
    return { fault: { file, line, say: { key: 'table.not-utf-8', with: { line } } } }
  }
}
