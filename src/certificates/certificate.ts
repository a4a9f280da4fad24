import type { Day } from '../clock.js'
import type { Bilingual, Language } from '../language.js'
import type { RevocationReason } from './revocation.js'
import type { Serial } from './serial.js'

export const deliveries = ['online', 'remote', 'face-to-face'] as const
export type Delivery = (typeof deliveries)[number]

/** Who issues: the name people read, and the identifier programs resolve (`did:web:…`). */
export interface Institution {
  name: Bilingual
  did: string
}

/**
 * The proof issued for one completion (domain, section 2). Every field is frozen at issue and never
 * changes; what happens to the certificate afterwards is a `Standing` beside it. It says that a course
 * was completed, never that somebody is in good standing.
 */
export interface Certificate {
  serial: Serial
  /** The holder's name as it was on the day of the completion. */
  holder: string
  course: {
    id: string
    title: Bilingual
    /** What people call the version, and the hash over the course's files. */
    version: { label: string; hash: string }
  }
  delivery: Delivery
  /** The day of attendance or of the last module, not the day it became known. */
  completedOn: Day
  issuedOn: Day
  /** Last day on which the completion satisfies by itself; absent when it does for good. */
  validUntil?: Day
  language: Language
  institution: Institution
  /** The design it was drawn in, and the hash over all of the design's files. */
  design: { id: string; hash: string }
  /** Where anybody can check it: `<public url>/verify/<serial>`. */
  address: string
}

/** What happened to a certificate since it was issued; added to, never taken back. */
export interface Afterlife {
  revoked?: { on: Day; reason: RevocationReason }
  /** A correction, or a change of name, put another certificate in its place. */
  superseded?: { on: Day; by: Serial; why: 'correction' | 'change-of-name' }
}

/** The same as whoever asks is told it: the serial of a certificate in another name is left out. */
export type ToldAfterlife = Pick<Afterlife, 'revoked'> & {
  superseded?: Omit<NonNullable<Afterlife['superseded']>, 'by'> & { by?: Serial }
}

export type Status = 'valid' | 'expired' | 'superseded' | 'revoked'

/**
 * The status of a certificate on a day. Revoked weighs more than superseded, and that more than
 * expired: the graver thing is what somebody who relies on it must hear. A change of name takes
 * nothing away from what was completed, yet the newer certificate is the one to show.
 */
export function statusOn(
  certificate: Pick<Certificate, 'validUntil'>,
  afterlife: ToldAfterlife,
  on: Day,
): Status {
  if (afterlife.revoked && afterlife.revoked.on <= on) return 'revoked'
  if (afterlife.superseded && afterlife.superseded.on <= on) return 'superseded'
  if (certificate.validUntil !== undefined && certificate.validUntil < on) return 'expired'
  return 'valid'
}

/**
 * The status when it was issued and now: people must be told both (issue 7, part 4). What became of it
 * later on the day of issue had not become of it yet.
 */
export const statusAtIssueAndNow = (
  certificate: Pick<Certificate, 'validUntil' | 'issuedOn'>,
  afterlife: ToldAfterlife,
  today: Day,
): { atIssue: Status; now: Status } => ({
  atIssue: statusOn(certificate, {}, certificate.issuedOn),
  now: statusOn(certificate, afterlife, today),
})

/** Why these fields cannot be a certificate. The clock set back shows here: nothing is issued before it happened. */
export type Impossible = 'issued-before-completed' | 'expired-before-completed' | 'no-name'

export function impossibility(
  fields: Pick<Certificate, 'holder' | 'completedOn' | 'issuedOn' | 'validUntil'>,
): Impossible | undefined {
  if (fields.holder.trim() === '') return 'no-name'
  if (fields.issuedOn < fields.completedOn) return 'issued-before-completed'
  if (fields.validUntil !== undefined && fields.validUntil < fields.completedOn) {
    return 'expired-before-completed'
  }
  return undefined
}
