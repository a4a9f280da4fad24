import type { Bilingual } from '../language.js'
import { wasInUse, withdrawalReasonOf } from '../keys/keys.js'
import type { CredentialState } from './credential-check.js'
import { finding, type Finding } from './finding.js'
import type { SignatureState, SignedBy } from './pdf-signature.js'
import { publicKeyOf, type PublishedKey, type PublishedKeys } from './published-keys.js'

/** What a signature or proof amounts to, once it is known whose key made it. */
export interface Trust {
  /** `ours`: the institution vouches. `doubtful`: only a withdrawn key does. */
  by: 'ours' | 'doubtful' | 'stranger' | 'nobody'
  findings: Finding[]
}

/** The published key a PDF was signed with, found by the key itself: certificates may be renewed. */
const keyOf = ({ certificate }: SignedBy, published: PublishedKeys): PublishedKey | undefined =>
  published.keys.find(
    (key) => key.use === 'documents' && publicKeyOf(key).equals(certificate.publicKey),
  )

const nameOf = ({ certificate }: SignedBy): string =>
  /^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? certificate.subject.replaceAll('\n', ', ')

/** Whether the institution's key vouches for what it signed on a day. */
function judge(key: PublishedKey, on: SignedBy['on'], institution: Bilingual): Trust {
  if (key.withdrawn) {
    // Whoever has a stolen key can write any date with it. Only the log can tell what is older.
    const { on: withdrawnOn, reason } = key.withdrawn
    const told = { institution, on: withdrawnOn, reason: withdrawalReasonOf(reason) }
    return { by: 'doubtful', findings: [finding('bad', 'key.withdrawn', told)] }
  }
  if (on === undefined || !wasInUse(key, on)) {
    const told = { institution, ...(on ? { on } : {}) }
    return { by: 'nobody', findings: [finding('bad', on ? 'key.not-then' : 'key.undated', told)] }
  }
  return { by: 'ours', findings: [] }
}

/** Whose signature a PDF bears, and whether it is whole. */
export function signatureTrust(signature: SignatureState, published: PublishedKeys): Trust {
  const institution = published.institution.name
  if (signature.state === 'none') {
    return { by: 'nobody', findings: [finding('bad', 'signature.none')] }
  }
  if (signature.state === 'broken') {
    return { by: 'nobody', findings: [finding('bad', `signature.${signature.why}`)] }
  }
  const key = keyOf(signature.by, published)
  if (!key) {
    const told = { institution, name: nameOf(signature.by) }
    return { by: 'stranger', findings: [finding('bad', 'signature.stranger', told)] }
  }
  const judged = judge(key, signature.by.on, institution)
  if (judged.by !== 'ours') return judged
  const on = signature.by.on ?? key.from
  return signature.state === 'whole'
    ? { by: 'ours', findings: [finding('good', 'signature.whole', { institution, on })] }
    : { by: 'nobody', findings: [finding('bad', 'signature.added', { institution, on })] }
}

/** Whose proof a credential bears, and whether it holds. */
export function credentialTrust(
  credential: CredentialState,
  issuedOn: SignedBy['on'],
  published: PublishedKeys,
): Trust {
  const institution = published.institution.name
  if (credential.state === 'not-one') {
    return { by: 'nobody', findings: [finding('bad', 'credential.not-one')] }
  }
  if (credential.state === 'stranger') {
    const told = { institution, issuer: credential.issuer }
    return { by: 'stranger', findings: [finding('bad', 'credential.stranger', told)] }
  }
  if (credential.state === 'altered') {
    return { by: 'nobody', findings: [finding('bad', 'credential.altered')] }
  }
  const judged = judge(credential.key, credential.on ?? issuedOn, institution)
  return judged.by === 'ours'
    ? { by: 'ours', findings: [finding('good', 'credential.sound', { institution })] }
    : judged
}
