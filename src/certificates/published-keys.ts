import { createPublicKey, type KeyObject } from 'node:crypto'
import { base58 } from '@scure/base'
import { z } from 'zod'
import { parseDay, type Day } from '../clock.js'

const day = z.string().transform((text, context): Day => {
  const parsed = parseDay(text)
  if (!parsed) context.addIssue({ code: 'custom', message: `not a date: ${text}` })
  return parsed ?? (text as Day)
})

export const keyUses = ['credentials', 'documents', 'roots'] as const
export type KeyUse = (typeof keyUses)[number]

const keySchema = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9._-]{1,60}$/),
  use: z.enum(keyUses),
  /** Subject public key info, base64. */
  publicKey: z.string(),
  from: day,
  until: day.exactOptional(),
  withdrawn: z.strictObject({ on: day, reason: z.string() }).exactOptional(),
  /** The X.509 certificate that documents carry, PEM. */
  certificate: z.string().exactOptional(),
})

const schema = z.strictObject({
  institution: z.strictObject({
    name: z.strictObject({ en: z.string(), cy: z.string() }),
    did: z.string().startsWith('did:web:'),
  }),
  keys: z.array(keySchema),
})

/** A public key with its dates. Past ones stay for ever: what they signed must stay checkable. */
export type PublishedKey = z.output<typeof keySchema>

/** Everything that anybody needs to check an institution's certificates without asking it. */
export type PublishedKeys = z.output<typeof schema>

/** Reads a published key document; nothing when it is not one. */
export function readPublishedKeys(text: string): PublishedKeys | undefined {
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

export const publicKeyOf = (key: Pick<PublishedKey, 'publicKey'>): KeyObject =>
  createPublicKey({ key: Buffer.from(key.publicKey, 'base64'), format: 'der', type: 'spki' })

/** The identifier of an institution on the web: `https://a.example:8443/b` is `did:web:a.example%3A8443:b`. */
export function didWeb(publicUrl: string): string {
  const { host, pathname } = new URL(publicUrl)
  const path = pathname.split('/').filter((part) => part !== '')
  return ['did:web', encodeURIComponent(host), ...path.map(encodeURIComponent)].join(':')
}

/** An Ed25519 key as DID documents write it: base58 of the codec's two bytes and the key. */
const multikey = (key: PublishedKey): string => {
  const raw = Buffer.from(key.publicKey, 'base64').subarray(-32)
  return `z${base58.encode(Buffer.concat([Buffer.of(0xed, 0x01), raw]))}`
}

/**
 * The institution's DID document, for programs that check credentials. Retired keys still assert what they
 * signed in their time; a withdrawn one is listed with the day and asserts nothing any more.
 */
export function didDocument({ institution, keys }: PublishedKeys): object {
  const credentials = keys.filter((key) => key.use === 'credentials')
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: institution.did,
    verificationMethod: credentials.map((key) => ({
      id: `${institution.did}#${key.id}`,
      type: 'Multikey',
      controller: institution.did,
      publicKeyMultibase: multikey(key),
      ...(key.withdrawn ? { revoked: `${key.withdrawn.on}T00:00:00Z` } : {}),
    })),
    assertionMethod: credentials
      .filter((key) => !key.withdrawn)
      .map((key) => `${institution.did}#${key.id}`),
  }
}
