import { createPublicKey } from 'node:crypto'
import { join } from 'node:path'
import type { RootKeys } from '../audit/audit.js'
import type { Clock } from '../clock.js'
import { openKeyRing, withdrawalReasonOf, type KeyRing } from '../keys/keys.js'
import type { Institution } from './certificate.js'
import type { CredentialSigner } from './credential.js'
import {
  keyUses,
  publicKeyOf,
  type KeyUse,
  type PublishedKey,
  type PublishedKeys,
} from './published-keys.js'
import { certificatesIn, makeSigningCertificate } from './signing-certificate.js'
import type { DocumentSigner } from './signing.js'

/** The rings that one issuer signs with. The institution and every conduct body have their own. */
export type IssuerKeys = Readonly<Record<KeyUse, KeyRing>>

/** Who holds keys: the institution, or one conduct body (domain, section 4). */
export type Issuer = 'institution' | { body: string }

const folderOf = (issuer: Issuer): string =>
  issuer === 'institution' ? 'institution' : join('bodies', issuer.body)

/** A body's roots are signed by whoever keeps its sealed log, who calls that ring so. */
const ringOf = (issuer: Issuer, use: KeyUse): string =>
  use === 'roots' && issuer !== 'institution' ? 'signing' : use

/**
 * Opens an issuer's rings in `KEYS_DIR`: `institution/` or `bodies/<body>/`, and in it `credentials`
 * (Ed25519), `documents` (RSA) and `roots` (Ed25519; a body's is called `signing`), each as
 * `openKeyRing` lays it out.
 *
 * @param options.make whether absent rings are begun with new keys
 */
export function openIssuerKeys(options: {
  keysDir: string
  issuer: Issuer
  make: boolean
  clock: Pick<Clock, 'today'>
}): IssuerKeys {
  const folder = folderOf(options.issuer)
  if (!/^[A-Za-z0-9][A-Za-z0-9/\\_-]*$/.test(folder))
    throw new RangeError(`not a folder: ${folder}`)
  const open = (use: KeyUse): KeyRing =>
    openKeyRing({
      name: join(folder, use).replaceAll('\\', '/'),
      directory: join(options.keysDir, folder, ringOf(options.issuer, use)),
      kind: use === 'documents' ? 'rsa' : 'ed25519',
      make: options.make,
      clock: options.clock,
    })
  return Object.fromEntries(keyUses.map((use) => [use, open(use)])) as Record<KeyUse, KeyRing>
}

/** What draws and signs one certificate: plain data and key objects, fit to be handed to a worker. */
export interface Signers {
  credential: CredentialSigner
  document: Pick<DocumentSigner, 'secret'> & { certificates: string }
}

/**
 * The signers of today. Throws `unavailable` (`keys.<trouble>`) while a key cannot be had: issuing waits,
 * and what waits is drawn when the key is back.
 */
export function signersOf(keys: IssuerKeys, institution: Institution): Signers {
  const credential = keys.credentials.current()
  const document = keys.documents.current()
  return {
    credential: {
      verificationMethod: `${institution.did}#${credential.id}`,
      secret: credential.secret,
    },
    document: { secret: document.secret, certificates: certificateOf(keys, institution) },
  }
}

/** The X.509 certificate of the current document key: the one given beside it, else a self-made one. */
function certificateOf(keys: IssuerKeys, institution: Institution): string {
  const { id, secret, from } = keys.documents.current()
  const given = keys.documents.beside(id)
  if (given !== undefined) return given
  const made = makeSigningCertificate(secret, institution.name.en, from)
  keys.documents.keepBeside(id, made)
  return made
}

/** A signer as `signPdf` wants it. */
export function documentSigner({ secret, certificates }: Signers['document']): DocumentSigner {
  const [certificate, ...chain] = certificatesIn(certificates)
  if (!certificate) throw new RangeError('the document key has no certificate')
  return { secret, certificate, chain }
}

/** The keys that sign an issuer's log. */
export const rootKeysOf = ({ roots }: IssuerKeys): RootKeys => ({
  current() {
    const { secret } = roots.current()
    return { secret, open: createPublicKey(secret) }
  },
  all: () => roots.history().map(({ publicKey = '' }) => publicKeyOf({ publicKey })),
})

/** Makes whatever keys an institution and its conduct bodies sign with and have not got yet. */
export function createKeys(options: {
  keysDir: string
  bodies: readonly string[]
  clock: Pick<Clock, 'today'>
}): readonly KeyRing[] {
  const issuers: Issuer[] = ['institution', ...options.bodies.map((body) => ({ body }))]
  return issuers.flatMap((issuer) =>
    Object.values(openIssuerKeys({ ...options, issuer, make: true })),
  )
}

/** What the issuer publishes: every key it ever had, with dates, and no secret. */
export function publishedKeysOf(keys: IssuerKeys, institution: Institution): PublishedKeys {
  const published = keyUses.flatMap((use) =>
    keys[use].history().map((key): PublishedKey => {
      const certificate = use === 'documents' ? keys[use].beside(key.id) : undefined
      const withdrawn = key.withdrawn && {
        on: key.withdrawn.on,
        reason: withdrawalReasonOf(key.withdrawn.reason),
      }
      return {
        id: key.id,
        use,
        publicKey: key.publicKey ?? '',
        from: key.from,
        ...(key.until ? { until: key.until } : {}),
        ...(withdrawn ? { withdrawn } : {}),
        ...(certificate === undefined ? {} : { certificate }),
      }
    }),
  )
  return { institution, keys: published }
}
