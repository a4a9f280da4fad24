import type { Proof } from '../audit/audit.js'
import type { Day } from '../clock.js'
import {
  statusAtIssueAndNow,
  type Certificate,
  type Status,
  type ToldAfterlife,
} from './certificate.js'
import { shownFieldsOf } from './credential-fields.js'
import type { Finding } from './finding.js'
import { showsName, type Issued } from './issued.js'
import { checkLogProof, logFinding } from './log-proof.js'
import type { PublishedKeys } from './published-keys.js'
import { standingOnRecord } from './standing-findings.js'

/** What anybody who knows a serial is told: the certificate at issue and now, every field of it. */
export interface PublicCertificate extends Omit<Certificate, 'holder' | 'design'> {
  /** Absent where the holder chose so, or bears another name now. */
  holder?: string
  hidden?: 'masked' | 'former-name'
  /** The status now; `altered` where the log shows that the record is not what was issued. */
  verdict: Status | 'altered'
  status: { atIssue: Status; now: Status }
  revoked?: NonNullable<ToldAfterlife['revoked']>
  /** What took its place; another serial only where that does not tell of another name. */
  superseded?: NonNullable<ToldAfterlife['superseded']>
  findings: readonly Finding[]
}

/** The log vouches for what was issued, and this is something else. */
const contradicts = new Set(['log.other', 'log.broken', 'log.rewritten'])

/**
 * @param proof what shows that its issue stands in the log, where that can be had
 */
export function publicCertificate(
  issued: Issued,
  today: Day,
  log: { proof: Proof; keys: PublishedKeys } | undefined,
): PublicCertificate {
  const { certificate } = issued
  const afterlife = publicAfterlife(issued)
  const { holder, serial, course, delivery, completedOn, issuedOn, validUntil } = certificate
  const { revoked, superseded } = afterlife
  const fields = shownFieldsOf(certificate)
  const status = statusAtIssueAndNow(certificate, afterlife, today)
  const inLog = log && logFinding(checkLogProof(JSON.stringify(log.proof), fields, log.keys))
  const altered = inLog !== undefined && contradicts.has(inLog.finding)
  return {
    serial,
    ...(showsName(issued)
      ? { holder }
      : { hidden: issued.nameless ? ('former-name' as const) : ('masked' as const) }),
    course,
    delivery,
    completedOn,
    issuedOn,
    ...(validUntil ? { validUntil } : {}),
    language: certificate.language,
    institution: certificate.institution,
    address: certificate.address,
    verdict: altered ? 'altered' : status.now,
    status,
    ...(revoked ? { revoked } : {}),
    ...(superseded ? { superseded } : {}),
    findings: [
      // What a record that was changed says of itself is worth nothing.
      ...(altered ? [] : standingOnRecord(fields, afterlife, today).findings),
      ...(inLog ? [inLog] : []),
    ],
  }
}

/** What became of a certificate, without the serial of one in another name. */
export function publicAfterlife({ afterlife, nameless }: Issued): ToldAfterlife {
  const { superseded, ...rest } = afterlife
  if (!superseded) return rest
  const { by, ...told } = superseded
  // Nobody is to come from one name to the other, not by way of a correction either.
  const links = superseded.why === 'correction' && !nameless
  return { ...rest, superseded: { ...told, ...(links ? { by } : {}) } }
}
