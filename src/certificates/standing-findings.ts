import type { Day } from '../clock.js'
import { statusOn, type Afterlife, type Status } from './certificate.js'
import type { ShownFields } from './credential-fields.js'
import { finding, type Finding } from './finding.js'
import type { Listed } from './status-check.js'

/** What a certificate that is as it was issued counts for today, and the sentence that says why. */
export interface StandingNow {
  now: Status
  findings: Finding[]
}

function untilNow({ validUntil }: ShownFields, now: 'valid' | 'expired'): Finding {
  if (validUntil === undefined) return finding('good', 'now.valid')
  return now === 'valid'
    ? finding('good', 'now.valid-until', { on: validUntil })
    : finding('note', 'now.expired', { on: validUntil })
}

/** The standing by the institution's own record: when, why, and what took its place. */
export function standingOnRecord(
  fields: ShownFields,
  afterlife: Afterlife,
  today: Day,
): StandingNow {
  const now = statusOn(fields, afterlife, today)
  const { revoked, superseded } = afterlife
  if (now === 'revoked' && revoked) {
    return { now, findings: [finding('bad', 'now.revoked', { ...revoked })] }
  }
  if (now === 'superseded' && superseded) {
    const { on, by, why } = superseded
    return { now, findings: [finding('note', `now.superseded.${why}`, { on, by })] }
  }
  const held = now === 'expired' ? now : 'valid'
  return { now: held, findings: [untilNow(fields, held)] }
}

/** The standing by published lists: they tell that something happened, not when or why. */
export function standingOnLists(fields: ShownFields, listed: Listed, today: Day): StandingNow {
  const { findings, revoked, superseded } = listed
  if (revoked) {
    return { now: 'revoked', findings: [...findings, finding('bad', 'now.revoked-listed')] }
  }
  if (superseded) {
    return { now: 'superseded', findings: [...findings, finding('note', 'now.superseded.listed')] }
  }
  const now = statusOn(fields, {}, today) === 'expired' ? 'expired' : 'valid'
  return { now, findings: [...findings, untilNow(fields, now)] }
}
