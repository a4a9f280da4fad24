import {
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { parseDay, type Day } from '../clock.js'
import { fingerprintOf, keyUnavailable, type KeyKind, type KeyRecord } from './key-ring.js'

/** What a key's id, and so its file, may be called: it also stands in addresses. */
const idPattern = /^[A-Za-z0-9._-]{1,60}$/

const dayText = z.string().transform((text, context): Day => {
  const parsed = parseDay(text)
  if (!parsed) context.addIssue({ code: 'custom', message: `not a date: ${text}` })
  return parsed ?? (text as Day)
})

const recordSchema = z
  .strictObject({
    id: z.string().regex(idPattern),
    kind: z.enum(['ed25519', 'rsa', 'secret']),
    from: dayText,
    until: dayText.exactOptional(),
    withdrawn: z.strictObject({ on: dayText, reason: z.string() }).exactOptional(),
    publicKey: z.string().exactOptional(),
    fingerprint: z.string(),
  })
  .readonly()

const ringSchema = z.strictObject({ version: z.literal(1), keys: z.array(recordSchema) })

const historyFile = (directory: string): string => join(directory, 'ring.json')
const secretFile = (directory: string, id: string): string => join(directory, `${id}.key`)

/** The history of a ring, oldest first; nothing where the ring was never begun. */
export function readHistory(directory: string, ring: string): KeyRecord[] | undefined {
  const file = historyFile(directory)
  if (!existsSync(file)) return undefined
  try {
    return ringSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).keys
  } catch (error) {
    throw keyUnavailable('damaged', ring, { file, why: reasonOf(error) })
  }
}

/** Replaces the history in one step: a crash leaves the old one or the new one. */
export function writeHistory(directory: string, keys: readonly KeyRecord[]): void {
  const file = historyFile(directory)
  const draft = `${file}.${process.pid}.new`
  writeDurably(draft, `${JSON.stringify({ version: 1, keys }, null, 2)}\n`, 0o644, 'w')
  renameSync(draft, file)
  syncDirectory(directory)
}

/** Key files that stand in the folder without being in its history: given by hand, or left by a crash. */
export const strayKeys = (directory: string, history: readonly KeyRecord[]): string[] =>
  existsSync(directory)
    ? readdirSync(directory)
        .filter((name) => name.endsWith('.key'))
        .filter((name) => !history.some((key) => `${key.id}.key` === name))
        .sort()
        .map((name) => join(directory, name))
    : []

/** Makes the folder (0700) and a new key in it (0600). The key never comes from a seeded `Random`. */
export function makeKeyFile(directory: string, kind: KeyKind, from: Day): KeyRecord {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const secret = newSecret(kind)
  const record = recordOf(secret, kind, from)
  writeDurably(secretFile(directory, record.id), textOf(secret), 0o600, 'wx')
  syncDirectory(directory)
  return record
}

/** What the history says of a key that was given as a file. */
export const recordOf = (secret: KeyObject, kind: KeyKind, from: Day): KeyRecord => {
  const open = kind === 'secret' ? undefined : createPublicKey(secret)
  const fingerprint = fingerprintOf(open ?? secret)
  return {
    id: fingerprint.slice(0, 16),
    kind,
    from,
    fingerprint,
    ...(open ? { publicKey: open.export({ type: 'spki', format: 'der' }).toString('base64') } : {}),
  }
}

/** Reads the secret half of a key from the ring's folder, and makes sure that it is the one meant. */
export function readSecret(directory: string, ring: string, record: KeyRecord): KeyObject {
  const file = secretFile(directory, record.id)
  if (!existsSync(file)) throw keyUnavailable('lost', ring, { file })
  const secret = readKeyFile(file, ring, record.kind)
  if (recordOf(secret, record.kind, record.from).fingerprint !== record.fingerprint) {
    throw keyUnavailable('damaged', ring, { file, why: 'fingerprint' })
  }
  return secret
}

/** The id of a key that was put there by hand: its file's name, where that can stand in an address. */
export function idOfFile(file: string, ring: string): string {
  const id = basename(file, '.key')
  if (!idPattern.test(id)) throw keyUnavailable('damaged', ring, { file, why: 'file name' })
  return id
}

/** Reads one key file: PEM (PKCS 8) for signing keys, 64 hexadecimal digits for a secret. */
export function readKeyFile(file: string, ring: string, kind: KeyKind): KeyObject {
  let text: string
  try {
    // Others on the machine who can read it could issue certificates; Windows has no such bits.
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
      throw keyUnavailable('too-open', ring, { file })
    }
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error) {
      throw keyUnavailable('unreadable', ring, { file, why: String(error.code) })
    }
    throw error
  }
  try {
    return secretFrom(text, kind)
  } catch (error) {
    throw keyUnavailable('damaged', ring, { file, why: reasonOf(error) })
  }
}

const besideFile = (directory: string, id: string): string => join(directory, `${id}.pem`)

export function readBeside(directory: string, id: string): string | undefined {
  const file = besideFile(directory, id)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

export function keepBeside(directory: string, id: string, text: string): void {
  const file = besideFile(directory, id)
  if (!existsSync(file)) writeDurably(file, text, 0o644, 'wx')
}

function newSecret(kind: KeyKind): KeyObject {
  if (kind === 'ed25519') return generateKeyPairSync('ed25519').privateKey
  if (kind === 'rsa') return generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey
  return createSecretKey(randomBytes(32))
}

function secretFrom(text: string, kind: KeyKind): KeyObject {
  if (kind === 'secret') {
    if (!/^[0-9a-f]{64}\s*$/i.test(text)) throw new RangeError('not 64 hexadecimal digits')
    return createSecretKey(Buffer.from(text.trim(), 'hex'))
  }
  const key = createPrivateKey(text)
  if (key.asymmetricKeyType !== kind) throw new RangeError(`not an ${kind} key`)
  if (kind === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) {
    throw new RangeError('shorter than 2048 bits')
  }
  return key
}

const textOf = (secret: KeyObject): string =>
  secret.type === 'secret'
    ? `${secret.export().toString('hex')}\n`
    : secret.export({ type: 'pkcs8', format: 'pem' }).toString()

function writeDurably(file: string, text: string, mode: number, flag: 'w' | 'wx'): void {
  const handle = openSync(file, flag, mode)
  try {
    writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(directory, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? (error.message.split('\n')[0] ?? error.name).slice(0, 80) : 'unknown'
