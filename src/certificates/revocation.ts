/**
 * Why a certificate was revoked, as everybody may know it. The list is closed: whoever takes a completion
 * back chooses one of these, each a sentence in both languages (`certificates.revoked.…`), and what they
 * write about it stays in the record. Free words about a person could tell the public of a case.
 */
export const revocationReasons = [
  'issued-in-error',
  'wrong-person',
  'wrong-details',
  'recorded-twice',
  'register-corrected',
  'withdrawn',
] as const
export type RevocationReason = (typeof revocationReasons)[number]

/**
 * What may be said of a reason that was stored: one of ours, or that the completion was withdrawn. Earlier
 * on officers wrote it in their own words, which nobody outside may read.
 */
export const revocationReasonOf = (stored: unknown): RevocationReason =>
  revocationReasons.find((reason) => reason === stored) ?? 'withdrawn'
