import type { Role, Scope } from '../actor.js'

/**
 * Every kind of act that the ordinary plane records, with what is said of it. A closed table: an act
 * that is not here does not compile. Nothing that belongs to an outcome is ever among them (domain,
 * section 4): those acts go to their conduct body's own sealed log.
 */
interface Acts {
  'directory.imported': {
    import: string
    source: string
    added: number
    changed: number
    ended: number
    retracted: number
  }
  'account.invited': { account: string }
  'account.opened': { account: string }
  'account.closed': { account: string }
  'account.signed-in': { account: string }
  'role.granted': { account: string; role: Role; from: string; to?: string }
  'role.ended': { account: string; grant: string; to: string }
  'key.created': { key: string; scopes: readonly Scope[] }
  'key.revoked': { key: string }
  'completion.recorded': {
    completion: string
    course: string
    version: string
    delivery: string
    on: string
  }
  /** `why` is what everybody may know, `note` what somebody wrote for the record. */
  'completion.annulled': { completion: string; why: string; note?: string }
  'certificate.issued': { serial: string; digest: string; completion: string }
  'certificate.revoked': { serial: string; on: string; reason: string }
  'certificate.superseded': { serial: string; on: string; why: string; by: string }
  'certificate.masked': { serial: string; masked: boolean }
  'certificates.gathered': { bundle: string; certificates: number }
  'programme.proposed': { proposal: string; from: string }
  'programme.approved': { proposal: string; from: string }
  'programme.withdrawn': { proposal: string; from: string }
  'reminder.sent': { on: string }
  'escalation.told': { duty: string; on: string }
  'edition.prepared': { edition: string; asAt: string; publishOn: string }
  'edition.withdrawn': { edition: string }
  'edition.published': { edition: string; asAt: string }
  'list.exported': { format: string; asAt: string; lines: number; filter: string }
  'claim.made': { claim: string; course: string }
  'claim.reviewed': { claim: string; recommends: boolean }
  'claim.decided': { claim: string; granted: boolean }
  'contest.made': { contest: string }
  'contest.answered': { contest: string; upheld: boolean }
  /** Somebody was too near to what they would have decided. */
  'conflict.refused': { own: boolean }
  /** What was decided about somebody, and why, was looked at. */
  'decisions.read': object
  'relief.proposed': { decision: string; duty: string; kind: string }
  'relief.granted': { decision: string; duty: string; kind: string }
  'relief.refused': { decision: string; duty: string; kind: string }
  'relief.ended': { decision: string; duty: string; kind: string }
  'training-session.planned': { session: string; course: string; on: string }
  'training-session.changed': { session: string; changed: readonly string[] }
  'training-session.cancelled': { session: string; reason: string }
  'accreditation.granted': { accreditation: string; of: string; from: string; to?: string }
  'accreditation.ended': { accreditation: string; to: string }
  /** Never with the answer: whether there was a place may hang on what is nobody's business. */
  'place.asked': { session: string }
  'place.accepted': { session: string }
  'place.given-up': { session: string }
  'register.marked': { session: string; attendance: string }
  'register.countersigned': { session: string }
  'register.signed': { session: string }
  'register.verified': { session: string }
  'register.locked': { session: string; sha256: string }
  'register.amended': { session: string; attendance: string; before?: string; reason: string }
  'register.uploaded': { upload: string; sha256: string; rows: number }
  'register.committed': { upload: string; which: string; rows: number }
  'register.undone': { upload: string; reason: string }
  'text.acknowledged': { course: string; text: string; hash: string; language: string }
  /** Another way through the training: neither whose nor which (issue *Courses*, part 4). */
  'route.decided': { route: string; agreed: boolean }
  'delegate.named': { delegation: string; from: string; to?: string }
  'delegate.ended': { delegation: string; to: string }
}

export type ActName = keyof Acts

/** One act: its name, the people it concerns, and its particulars. */
export type Act = {
  [Name in ActName]: { act: Name; people?: readonly string[] } & Acts[Name]
}[ActName]
