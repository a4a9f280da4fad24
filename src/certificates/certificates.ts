import type { Actor } from '../actor.js'
import type { Audit } from '../audit/audit.js'
import type { Clock, Day } from '../clock.js'
import type { CollectionPlan, Database } from '../database/database.js'
import { notFound, refused } from '../errors.js'
import type { Bilingual, Sentence } from '../language.js'
import type { Log } from '../log.js'
import type { People } from '../people/people.js'
import type { Random } from '../random.js'
import { createBodyCertificates, type BodyCertificates } from './bodies.js'
import { createBundles, type Bundles } from './bundles.js'
import { bundleCollection, createBundlesStore } from './bundles-store.js'
import type { Institution } from './certificate.js'
import { certificateCollection, createCertificatesStore } from './certificates-store.js'
import { createChecker } from './checker.js'
import { createDrawing } from './drawing.js'
import { bound, createFollowing, type BoundCertificate, type Told } from './following.js'
import { createHolding, type Holding } from './holding.js'
import { isCurrent, type CertifiedCompletion, type Issued } from './issued.js'
import { createIssuing } from './issuing.js'
import { signersOf, type IssuerKeys } from './keys.js'
import { createLibrary } from './library.js'
import { createStatusLists } from './lists.js'
import { createListsStore, listCollection } from './lists-store.js'
import { createPress } from './press.js'
import { createPublicDesk, type PublicDesk } from './public-desk.js'
import { createReplacing } from './replacing.js'
import type { RevocationReason } from './revocation.js'
import { createSamples, type Samples } from './samples.js'
import { parseSerial } from './serial.js'
import { createWaitingStore, waitingCollection } from './waiting-store.js'

export type { BundleRequest } from './bundles.js'
export { bundleForms } from './bundles-store.js'
export { checkDesign } from './design-check.js'
export type { ShownFields } from './credential-fields.js'
export type { Finding } from './finding.js'
export type { BoundCertificate } from './following.js'
export type { OwnCertificate } from './holding.js'
export { openInstitutionKeys } from './institution-keys.js'
export type { CertifiedCompletion } from './issued.js'
export { createKeys, openIssuerKeys, publishedKeysOf, rootKeysOf, type IssuerKeys } from './keys.js'
export type { PublicCertificate } from './lookup.js'
export { verifyOffline, type OfflineCheck } from './offline.js'
export { didWeb } from './published-keys.js'
export { revocationReasonOf, revocationReasons, type RevocationReason } from './revocation.js'
export { sampleNames, type SampleName } from './samples.js'
export { parseSerial } from './serial.js'
export { purposes } from './status-list.js'

export const certificateCollections: readonly CollectionPlan[] = [
  certificateCollection,
  waitingCollection,
  listCollection,
  bundleCollection,
]

/** Proofs of completions: issued once, drawn once, checked by anybody, for ever (domain, section 2). */
export interface Certificates {
  /**
   * Issues certificates for completions that have none: the fields are frozen now, the bytes are drawn
   * after. What cannot be issued (a key is lost, a name has letters that cannot be written) waits and is
   * issued when it can. Answers the certificates there are, new or not.
   */
  issueMany(completions: readonly CertifiedCompletion[]): Promise<BoundCertificate[]>
  /** Revokes every certificate of these completions, for a reason that whoever checks them is told in our words. */
  revokeMany(completions: readonly { id: string }[], reason: RevocationReason): Promise<void>
  /** The certificates of completions, where they have been issued. */
  ofCompletions(completions: readonly string[]): Promise<BoundCertificate[]>
  /**
   * Puts a certificate right: another takes its place, with what is known now. For whoever decides
   * corrections. Throws `refused` where it is their own or concerns their own line, `conflict` where it
   * was revoked or nothing would be different.
   */
  correct(actor: Actor, serial: string): Promise<BoundCertificate>
  /**
   * Draws what waits, issues what could not be issued before, finishes what a crash left, makes bundles.
   * To be called every second or two; answers how many things it did.
   */
  press(): Promise<number>
  /** What waits now, and why: for whoever must act. */
  waiting(): Promise<{
    trouble?: Sentence
    toDraw: number
    toIssue: { why: Sentence; count: number }[]
  }>
  own: Holding
  open: PublicDesk
  bundles: Bundles
  samples: Samples
  bodies: BodyCertificates
  /** Ends the processes that draw and check. */
  close(): Promise<void>
}

export interface CertificatesParts {
  database: Database
  audit: Audit
  people: People
  rings: IssuerKeys
  institution: Institution
  keysDir: string
  /** Whether a conduct body's absent rings are begun with new keys. */
  makeKeys: boolean
  designsDir: string
  publicUrl: string
  courseTitles: () => readonly { id: string; title: Bilingual }[]
  /** What stands in a course's place on a certificate of training made for one person. */
  bespokeTitle: (body: Bilingual) => Bilingual
  lastDays: (completions: readonly CertifiedCompletion[]) => Promise<ReadonlyMap<string, Day>>
  told: Told
  clock: Clock
  random: Random
  log: Log
}

/** A certificate is spoken of to others while it stands and no other has taken its place. */
const speaksFor = (issued: Issued): boolean => isCurrent(issued) && !issued.afterlife.revoked

export function createCertificates(given: CertificatesParts): Certificates {
  const { database, people, rings, institution, clock, random, publicUrl } = given
  const { connection, files, leases } = database
  const verifyAddress = `${publicUrl}/verify`
  const store = createCertificatesStore(connection)
  const waiting = createWaitingStore(connection)
  const signers = () => signersOf(rings, institution)
  const shared = {
    ...given,
    store,
    waiting,
    files,
    leases,
    verifyAddress,
    signers,
    checkKeys: () => void signers(),
    titleOf: (course: string) =>
      given.courseTitles().find(({ id }) => id === course)?.title ?? { en: course, cy: course },
    press: createPress(given),
    checker: createChecker(given),
    library: createLibrary({ designsDir: given.designsDir, files }),
    lists: createStatusLists({
      certificates: store,
      lists: createListsStore(connection),
      address: `${publicUrl}/status`,
      issuer: institution.did,
      signer: () => signers().credential,
      clock,
      random,
    }),
  }
  const following = createFollowing(shared)
  const issuing = createIssuing({ ...shared, following })
  const drawing = createDrawing(shared)
  const replacing = createReplacing({ ...shared, following, issuing })
  const bundles = createBundles({
    ...shared,
    store: createBundlesStore(connection),
    certificates: store,
    drawing,
  })

  return {
    async issueMany(completions) {
      return (await issuing.issue(completions, false)).filter(speaksFor).map(bound)
    },
    async revokeMany(completions, reason) {
      const ids = completions.map(({ id }) => id)
      const revoked = { on: clock.today(), reason }
      // First for what is being issued at this moment, then what has been.
      await waiting.annul(ids, revoked)
      await store.revoke(await store.ofCompletions(ids), revoked, random.id())
      const changed = await store.ofCompletions(ids)
      await following.follow(
        changed.filter(({ follows }) => follows !== undefined),
        true,
      )
    },
    async ofCompletions(completions) {
      return (await store.ofCompletions(completions)).filter(speaksFor).map(bound)
    },
    async correct(actor, text) {
      const serial = parseSerial(text)
      const issued = serial && (await store.find(serial))
      if (!issued) throw notFound()
      const person = actor.kind === 'person' ? actor.person : undefined
      const tied =
        person !== undefined &&
        (person === issued.person || (await people.inLine(person, issued.person, clock.today())))
      if (tied) throw refused('certificates.replace.own-line')
      return bound(await replacing.replace(actor, issued, 'correction'))
    },
    async press() {
      // Design and keys are read before anybody waits for them, and whoever must act hears in time.
      issuing.trouble()
      const issued = await issuing.retry()
      const finished = await following.finish()
      return issued + finished + (await drawing.work()) + (await bundles.work())
    },
    async waiting() {
      const trouble = issuing.trouble()
      const [toDraw, toIssue] = await Promise.all([store.countToDraw(), waiting.counts()])
      return { ...(trouble ? { trouble } : {}), toDraw, toIssue }
    },
    own: createHolding({ ...shared, drawing, replacing }),
    open: createPublicDesk(shared),
    bundles,
    samples: createSamples({ ...shared, today: () => clock.today() }),
    bodies: createBodyCertificates({
      ...shared,
      make: given.makeKeys,
      address: `${verifyAddress}/private`,
      titleOf: given.bespokeTitle,
    }),
    async close() {
      await Promise.all([shared.press.close(), shared.checker.close()])
    },
  }
}
