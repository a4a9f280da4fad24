import { finding } from './finding.js'
import type { Verification } from './verification.js'

/**
 * A check of a file against a record whose name the public is not told. Whoever holds the genuine file has
 * the name already; anybody else learns nothing of it, not even whether they guessed right.
 */
export function withoutName(verification: Verification): Verification {
  const { verdict, findings } = verification
  if (verdict !== 'altered' && verdict !== 'unknown') return verification
  // A line that was taken off the page may be the one that bore the name.
  const told = findings.filter((one) => one.field !== 'holder' && one.finding !== 'page.removed')
  return { ...verification, findings: [...told, finding('note', 'name-not-compared')] }
}
