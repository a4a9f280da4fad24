import { createHash, verify } from 'node:crypto'
import { base58 } from '@scure/base'
import jsonld from 'jsonld'
import { z } from 'zod'
import { parseDay, type Day } from '../clock.js'
import { credentialContext, listContext, loadOffline } from './contexts.js'
import { publicKeyOf, type PublishedKey, type PublishedKeys } from './published-keys.js'

/**
 * What a credential's proof tells. `sound`: this key signed it and nothing changed since. `altered`: the
 * key is known and the text is not what it signed. `stranger`: none of these keys made the proof.
 */
export type CredentialState =
  | { state: 'not-one' }
  | { state: 'stranger'; issuer: string; method: string }
  | { state: 'altered'; key: PublishedKey }
  | { state: 'sound'; key: PublishedKey; on: Day | undefined }

const proofSchema = z.strictObject({
  '@context': z.unknown().optional(),
  id: z.string().optional(),
  type: z.literal('DataIntegrityProof'),
  cryptosuite: z.literal('eddsa-rdfc-2022'),
  created: z.iso.datetime().optional(),
  verificationMethod: z.string(),
  proofPurpose: z.literal('assertionMethod'),
  proofValue: z.string().regex(/^z[1-9A-HJ-NP-Za-km-z]{80,90}$/),
})

const schema = z.looseObject({
  '@context': z.array(z.string()),
  issuer: z.union([z.string(), z.looseObject({ id: z.string() })]),
  proof: proofSchema,
})

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()

/** RDF canonicalisation (RDFC-1.0). `safe` refuses what no vocabulary defines and nobody would sign. */
const canonical = (document: object): Promise<string> =>
  jsonld.canonize(document, {
    algorithm: 'RDFC-1.0',
    format: 'application/n-quads',
    documentLoader: loadOffline,
    safe: true,
    rdfDirection: null,
  })

const sameContext = (found: readonly string[]): boolean =>
  [credentialContext, listContext].some(
    (context) =>
      context.length === found.length && context.every((url, index) => url === found[index]),
  )

/**
 * Checks the proof of a credential (Data Integrity, eddsa-rdfc-2022) against published keys, offline. Written
 * after the standard with a canonicaliser and Node's own Ed25519, apart from the library that signs, so
 * that one mistake cannot hide another.
 */
export async function checkCredential(
  credential: unknown,
  published: PublishedKeys,
): Promise<CredentialState> {
  const parsed = schema.safeParse(credential)
  if (!parsed.success) return { state: 'not-one' }
  const { proof, ...body } = parsed.data
  const issuer = typeof body.issuer === 'string' ? body.issuer : body.issuer.id
  const method = proof.verificationMethod
  const { did } = published.institution
  const key = published.keys.find(
    (one) => one.use === 'credentials' && `${did}#${one.id}` === method,
  )
  if (!key || issuer !== did) return { state: 'stranger', issuer, method }
  // With other vocabularies the same words could mean something else.
  if (!sameContext(body['@context'])) return { state: 'altered', key }

  const { proofValue, ...options } = proof
  try {
    const hashes = [
      sha256(await canonical({ ...options, '@context': body['@context'] })),
      sha256(await canonical(body)),
    ]
    const signature = base58.decode(proofValue.slice(1))
    return verify(null, Buffer.concat(hashes), publicKeyOf(key), signature)
      ? { state: 'sound', key, on: parseDay(proof.created?.slice(0, 10) ?? '') }
      : { state: 'altered', key }
  } catch {
    return { state: 'altered', key }
  }
}
