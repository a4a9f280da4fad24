import { createHash } from 'node:crypto'
import { z } from 'zod'
import {
  canonical,
  commitment,
  leafHash,
  provesConsistency,
  provesInclusion,
  readRoot,
  rootIsSigned,
} from '../audit/audit.js'
import type { Day } from '../clock.js'
import type { Certificate } from './certificate.js'
import { shownFieldsOf, type ShownFields } from './credential-fields.js'
import { publicKeyOf, type PublishedKeys } from './published-keys.js'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const path = z.array(hash).max(64)

/** The file offered with a certificate: its entry in the log, and the way from there to a signed root. */
const schema = z.strictObject({
  entry: z.looseObject({ serial: z.string(), digest: hash }),
  /** base64url */
  salt: z.string(),
  index: z.int().min(0),
  root: z.string(),
  path,
  /** A root somebody kept from before, and the way from it to the newer one. */
  older: z.strictObject({ root: z.string(), path }).exactOptional(),
})
type LogProof = z.output<typeof schema>

/** What the log's entry of an issue says of the certificate: anybody who holds one can compute it. */
const entryDigest = (fields: ShownFields): string =>
  createHash('sha256').update(canonical(fields)).digest('hex')

/** The certificate's part of its log entry. */
export const issueEntry = (certificate: Certificate): { serial: string; digest: string } => ({
  serial: certificate.serial,
  digest: entryDigest(shownFieldsOf(certificate)),
})

/**
 * What a proof from the log shows. `in-log`: the certificate stood there under a root that the institution
 * signed, and that root continues `older`, if one was given. `rewritten`: it does not continue it.
 */
export type LogState =
  | { state: 'in-log'; origin: string; index: number; size: number; on: Day; since?: Day }
  | { state: 'not-one' | 'other' | 'stranger' | 'broken' | 'rewritten' }

const bytes = (hashes: readonly string[]): Buffer[] => hashes.map((one) => Buffer.from(one, 'hex'))

/** Checks a proof from the log against a certificate's fields and the published keys, offline. */
export function checkLogProof(
  text: string,
  fields: ShownFields,
  published: PublishedKeys,
): LogState {
  const proof = readProof(text)
  const root = proof && readRoot(proof.root)
  if (!proof || !root) return { state: 'not-one' }
  const { entry, index, older } = proof
  if (entry.serial !== fields.serial || entry.digest !== entryDigest(fields))
    return { state: 'other' }

  const keys = published.keys
    .filter((key) => key.use === 'roots' && !key.withdrawn)
    .map(publicKeyOf)
  if (!rootIsSigned(proof.root, keys)) return { state: 'stranger' }
  const leaf = leafHash(commitment(Buffer.from(proof.salt, 'base64url'), entry))
  const way = bytes(proof.path)
  if (!provesInclusion({ leaf, index, size: root.size, path: way, root: root.hash })) {
    return { state: 'broken' }
  }
  const found = {
    state: 'in-log',
    origin: root.origin,
    index,
    size: root.size,
    on: root.on,
  } as const
  if (!older) return found

  const before = readRoot(older.root)
  if (!before || !rootIsSigned(older.root, keys)) return { state: 'stranger' }
  const continues =
    before.origin === root.origin &&
    provesConsistency({
      older: { size: before.size, root: before.hash },
      newer: { size: root.size, root: root.hash },
      path: bytes(older.path),
    })
  return continues ? { ...found, since: before.on } : { state: 'rewritten' }
}

function readProof(text: string): LogProof | undefined {
  try {
    const proof = schema.parse(JSON.parse(text))
    return Buffer.from(proof.salt, 'base64url').length >= 16 ? proof : undefined
  } catch {
    return undefined
  }
}
