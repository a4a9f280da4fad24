import { createHash, sign, verify, type KeyObject } from 'node:crypto'
import { parseDay, type Day } from '../clock.js'

/**
 * The state of a log at the end of a day: how many entries and the hash over all of them. Whoever holds
 * an old one (printed, or lodged elsewhere) can tell whether the history was rewritten since.
 */
export interface Root {
  /** The log's name, such as `standing.example/log`; each conduct body's log has its own. */
  origin: string
  size: number
  hash: Buffer
  on: Day
}

// The text is a checkpoint as transparency logs exchange it (c2sp.org/tlog-checkpoint, signed by
// c2sp.org/signed-note): lines that can be printed, typed in again and checked by other tools.
const dash = '\u2014'

const bodyOf = (root: Root): string =>
  `${root.origin}\n${root.size}\n${root.hash.toString('base64')}\non ${root.on}\n`

/** The raw 32 bytes of an Ed25519 public key. */
const rawKey = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' }).subarray(-32)

const keyTag = (origin: string, key: KeyObject): Buffer =>
  createHash('sha256')
    .update(`${origin}\n`)
    .update(Buffer.of(1))
    .update(rawKey(key))
    .digest()
    .subarray(0, 4)

/** The verifier key of a log, one line, as tools for signed notes read it. */
export const verifierKey = (origin: string, key: KeyObject): string =>
  `${origin}+${keyTag(origin, key).toString('hex')}+${Buffer.concat([Buffer.of(1), rawKey(key)]).toString('base64')}`

/**
 * Signs a root. The same root and key give the same text.
 *
 * @param keys the log's Ed25519 key in both halves
 */
export function signRoot(root: Root, keys: { secret: KeyObject; open: KeyObject }): string {
  if (/[\s+]/.test(root.origin)) throw new RangeError('an origin has neither spaces nor +')
  const body = bodyOf(root)
  const signature = sign(null, Buffer.from(body), keys.secret)
  const line = Buffer.concat([keyTag(root.origin, keys.open), signature]).toString('base64')
  return `${body}\n${dash} ${root.origin} ${line}\n`
}

/** Reads the text of a signed root without judging its signature; nothing where it is not one. */
export function readRoot(text: string): Root | undefined {
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  const [origin = '', size = '', hash = '', dated = ''] = lines
  const on = parseDay(dated.replace(/^on /, ''))
  if (!/^\S+$/.test(origin) || !/^(0|[1-9]\d{0,15})$/.test(size) || !on) return undefined
  const bytes = Buffer.from(hash, 'base64')
  if (bytes.length !== 32 || bytes.toString('base64') !== hash) return undefined
  return { origin, size: Number(size), hash: bytes, on }
}

/** Whether one of the log's keys signed this text. Printed line ends and a lost last one do no harm. */
export function rootIsSigned(text: string, keys: readonly KeyObject[]): boolean {
  const root = readRoot(text)
  if (!root) return false
  const [body = '', signatures = ''] = text.replaceAll('\r\n', '\n').split('\n\n')
  if (`${body}\n` !== bodyOf(root)) return false
  return signatures.split('\n').some((line) => {
    const [mark, name, value = ''] = line.split(' ')
    const bytes = Buffer.from(value, 'base64')
    if (mark !== dash || name !== root.origin || bytes.length !== 68) return false
    return keys.some(
      (key) =>
        keyTag(root.origin, key).equals(bytes.subarray(0, 4)) &&
        verify(null, Buffer.from(bodyOf(root)), key, bytes.subarray(4)),
    )
  })
}

/**
 * Why a new root may not follow an old one: a log never shrinks, never changes its name, and a root
 * dated before its forerunner means that the clock was set back.
 */
export function rootFault(
  older: Root,
  newer: Root,
): 'other-log' | 'shrunk' | 'clock-back' | undefined {
  if (older.origin !== newer.origin) return 'other-log'
  if (newer.size < older.size) return 'shrunk'
  return newer.on < older.on ? 'clock-back' : undefined
}
