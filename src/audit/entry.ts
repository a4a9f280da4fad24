import { commitment } from './leaf.js'
import { leafHash } from './merkle.js'
import type { Act, ActName } from './acts.js'

/**
 * The ordinary plane's two logs. `certificates` is shown to the world: who holds a certificate is given
 * the proof that it stands there. `record` holds every other act; its roots are for auditors, so that
 * not even the number of sign-ins is anybody else's to see.
 */
export const logNames = ['certificates', 'record'] as const
export type LogName = (typeof logNames)[number]

export interface AuditDocument {
  _id: string
  log: LogName
  at: Date
  actor: { kind: string; id?: string; person?: string }
  act: string
  people: string[]
  particulars: Record<string, unknown>
  /** Random bytes that keep the entry's commitment from being guessed; gone once the entry is erased. */
  salt?: string
  /** The same for the half of an entry that a proof does not show. */
  cover?: string
  /** Present until the sealer has given the entry its place. */
  waiting?: true
  /** Contiguous from 0 in its log, in the order of sealing. */
  place?: number
}

/** The acts of the certificates' log, and what of each a proof shows. The rest is committed to, unseen. */
const shown: Partial<Record<ActName, readonly string[]>> = {
  'completion.recorded': [],
  'completion.annulled': [],
  'certificate.issued': ['serial', 'digest'],
  'certificate.revoked': ['serial', 'on', 'reason'],
  'certificate.superseded': ['serial', 'on', 'why'],
}

export const logOf = ({ act }: Pick<Act, 'act'>): LogName =>
  act in shown ? 'certificates' : 'record'

const bytes = (salt: string): Buffer => Buffer.from(salt, 'base64url')

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown

type Sealed = Pick<AuditDocument, '_id' | 'log' | 'at' | 'actor' | 'act' | 'people'> &
  Pick<AuditDocument, 'particulars' | 'salt' | 'cover'>

/**
 * What the leaf of an entry commits to, and the salt that hides it. An entry of the certificates' log
 * shows its act and a few particulars; the hash `rest` stands for who did it, to whom, and everything
 * else, so that the proof of a certificate tells nobody whose it is.
 */
export function leafContent(
  document: Sealed,
): { entry: Record<string, unknown>; salt: Buffer } | undefined {
  const { _id: id, log, at, actor, act, people, particulars, salt, cover } = document
  if (salt === undefined) return undefined
  const whole = { id, at: at.toISOString(), actor, people, particulars: plain(particulars) }
  if (log === 'record') return { entry: { act, ...whole }, salt: bytes(salt) }
  if (cover === undefined) return undefined
  const rest = commitment(bytes(cover), whole).toString('hex')
  const open: Record<string, unknown> = {}
  for (const name of shown[act as ActName] ?? []) {
    if (name in particulars) open[name] = plain(particulars[name])
  }
  return { entry: { act, ...open, rest }, salt: bytes(salt) }
}

/** The leaf of an entry; nothing once its salt was destroyed. */
export function leafOf(document: Sealed): Buffer | undefined {
  const content = leafContent(document)
  return content && leafHash(commitment(content.salt, content.entry))
}
