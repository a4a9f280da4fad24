import { sign, type KeyObject } from 'node:crypto'
import { endOfDay, type Day } from '../clock.js'
import { asWritten } from './characters.js'
import type { Certificate } from './certificate.js'
import { credentialContext, loadOffline } from './contexts.js'
import { purposes, type Place } from './status-list.js'

/** What signs credentials: an Ed25519 key and the address under which its public half is found. */
export interface CredentialSigner {
  /** `did:web:…#<key id>`, as the institution's DID document lists it. */
  verificationMethod: string
  secret: KeyObject
}

/** What a badge says to other systems besides the certificate's own fields, in its language. */
export interface BadgeWords {
  description: string
  criteria: string
}

/** Midnight UTC at the start of a day: how credentials write a calendar date. */
const instant = (day: string): string => `${day}T00:00:00Z`

/**
 * The certificate as an Open Badges 3.0 credential (W3C Verifiable Credentials 2.0), unsigned. It holds
 * every field that stands on the page, in the language of the certificate.
 *
 * @param place its place in the status list; none for a certificate whose list is not published
 */
function credentialOf(
  certificate: Certificate,
  words: BadgeWords,
  place: Place | undefined,
): object {
  const { course, institution, language } = certificate
  const lastMoment =
    certificate.validUntil && new Date(endOfDay(certificate.validUntil).getTime() - 1000)
  return {
    '@context': [...credentialContext],
    id: certificate.address,
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    issuer: { id: institution.did, type: ['Profile'], name: asWritten(institution.name[language]) },
    validFrom: instant(certificate.issuedOn),
    ...(lastMoment ? { validUntil: lastMoment.toISOString().replace('.000Z', 'Z') } : {}),
    name: asWritten(course.title[language]),
    credentialSubject: {
      type: ['AchievementSubject'],
      identifier: [
        {
          type: 'IdentityObject',
          hashed: false,
          identityHash: asWritten(certificate.holder),
          identityType: 'name',
        },
      ],
      activityEndDate: instant(certificate.completedOn),
      licenseNumber: certificate.serial,
      achievement: {
        id: `${institution.did}/courses/${course.id}/${course.version.hash}`,
        type: ['Achievement'],
        achievementType: 'CertificateOfCompletion',
        name: asWritten(course.title[language]),
        humanCode: course.id,
        version: asWritten(course.version.label),
        inLanguage: language,
        description: words.description,
        criteria: { narrative: words.criteria },
      },
    },
    evidence: [{ type: ['Evidence'], name: words.description, genre: certificate.delivery }],
    ...(place ? { credentialStatus: purposes.map((purpose) => entryOf(place, purpose)) } : {}),
  }
}

const entryOf = (place: Place, statusPurpose: (typeof purposes)[number]): object => ({
  id: `${place.list}/${statusPurpose}#${place.index}`,
  type: 'BitstringStatusListEntry',
  statusPurpose,
  statusListIndex: String(place.index),
  statusListCredential: `${place.list}/${statusPurpose}`,
})

/**
 * Signs a credential with eddsa-rdfc-2022. The same credential, key and moment give the same proof.
 *
 * @param at the moment the proof claims, ISO 8601 in UTC
 * @returns the credential with its proof, as JSON text
 */
export async function signCredential(
  credential: object,
  signer: CredentialSigner,
  at: string,
): Promise<string> {
  // Half a second of reading that a server's start need not wait for: the first signature does.
  const [{ DataIntegrityProof }, { cryptosuite }, { issue }] = await Promise.all([
    import('@digitalbazaar/data-integrity'),
    import('@digitalbazaar/eddsa-rdfc-2022-cryptosuite'),
    import('@digitalbazaar/vc'),
  ])
  const suite = new DataIntegrityProof({
    cryptosuite,
    date: at,
    signer: {
      id: signer.verificationMethod,
      algorithm: 'Ed25519',
      sign: ({ data }) => Promise.resolve(sign(null, data, signer.secret)),
    },
  })
  const now = new Date(at)
  const signed = await issue({ credential, suite, documentLoader: loadOffline, now })
  return JSON.stringify(signed)
}

/** The certificate's signed credential, as JSON text. `on` is the day that the signature bears. */
export const issueCredential = (
  certificate: Certificate,
  words: BadgeWords,
  place: Place | undefined,
  signer: CredentialSigner,
  on: Day = certificate.issuedOn,
): Promise<string> => signCredential(credentialOf(certificate, words, place), signer, instant(on))
