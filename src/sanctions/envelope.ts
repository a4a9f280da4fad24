import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
} from 'node:crypto'
import type { Random } from '../random.js'

/** Two keys that always go together: one encrypts, the other makes nonces. */
export interface SealingKey {
  cipher: KeyObject
  nonce: KeyObject
}

const version = 1
const nonceSize = 12
const tagSize = 16
const overhead = 1 + nonceSize + tagSize

const pairOf = (bytes: Buffer): SealingKey => ({
  cipher: createSecretKey(bytes.subarray(0, 32)),
  nonce: createSecretKey(bytes.subarray(32, 64)),
})

/** A key for one purpose, drawn from a secret of a ring (HKDF, RFC 5869). */
export const derive = (secret: KeyObject, purpose: string): SealingKey =>
  pairOf(Buffer.from(hkdfSync('sha256', secret, '', purpose, 64)))

/**
 * A new data key. The wrapping key goes in beside chance, so that not even a known or repeated seed
 * (the demo, a test) would tell the key to somebody who does not hold the body's.
 */
export const newDataKey = (wrapping: SealingKey, random: Random): SealingKey =>
  pairOf(Buffer.from(hkdfSync('sha256', wrapping.nonce, random.bytes(32), 'data key', 64)))

const bytesOf = (key: SealingKey): Buffer =>
  Buffer.concat([key.cipher.export(), key.nonce.export()])

/**
 * Encrypts with AES-256-GCM. `context` (such as the record's id) is bound in: moved elsewhere, the
 * sealed bytes do not open. The nonce is made from chance, context and content together, so that two
 * different contents never share one, even where chance fails (NIST SP 800-38D, 8.2, asks for that).
 */
export function seal(key: SealingKey, content: Buffer, context: string, random: Random): Buffer {
  const nonce = createHmac('sha256', key.nonce)
    .update(random.bytes(16))
    .update(`${context.length}:${context}`)
    .update(content)
    .digest()
    .subarray(0, nonceSize)
  const cipher = createCipheriv('aes-256-gcm', key.cipher, nonce)
  cipher.setAAD(Buffer.from(context))
  const body = cipher.update(content)
  cipher.final()
  return Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), body])
}

/** The content; nothing where the key does not fit, the context is another, or a bit was changed. */
export function open(key: SealingKey, sealed: Uint8Array, context: string): Buffer | undefined {
  if (sealed.length < overhead || sealed[0] !== version) return undefined
  const nonce = sealed.subarray(1, 1 + nonceSize)
  const decipher = createDecipheriv('aes-256-gcm', key.cipher, nonce, { authTagLength: tagSize })
  decipher.setAAD(Buffer.from(context))
  decipher.setAuthTag(sealed.subarray(1 + nonceSize, overhead))
  const body = decipher.update(sealed.subarray(overhead))
  try {
    decipher.final()
    return body
  } catch {
    return undefined
  }
}

export const wrap = (wrapping: SealingKey, key: SealingKey, id: string, random: Random): Buffer =>
  seal(wrapping, bytesOf(key), `key/${id}`, random)

export function unwrap(
  wrapping: SealingKey,
  wrapped: Uint8Array,
  id: string,
): SealingKey | undefined {
  const bytes = open(wrapping, wrapped, `key/${id}`)
  return bytes?.length === 64 ? pairOf(bytes) : undefined
}

/**
 * Fills content up to a size class, so that its length tells little: at least `least` bytes, then
 * twice as many, and so on. The first four bytes say how much of it is content.
 */
export function pad(content: Buffer, least: number): Buffer {
  let size = least
  while (size < content.length + 4) size *= 2
  const padded = Buffer.alloc(size)
  padded.writeUInt32BE(content.length)
  content.copy(padded, 4)
  return padded
}

export const unpad = (padded: Buffer): Buffer =>
  padded.subarray(4, 4 + Math.min(padded.readUInt32BE(), padded.length - 4))
