import { inForce, type Entry } from './entry.js'
import { claimSources, type Claim, type ClaimSource, type Mark } from './mark.js'
import { sameActor } from './scope.js'

/**
 * Something that must be looked at before a register locks: another source says otherwise than the
 * register, or two marks for the same person contradict each other.
 */
export interface Disagreement {
  person: string
  /** What the register says now; nothing where it does not have the person. */
  register?: Mark
  source: ClaimSource | 'marks'
  /** What the other source says: present, for how long, or not there. */
  present: boolean
  minutes?: number
}

/** By how much two counts of minutes may differ before somebody has to look, and what counts as part. */
export interface Tolerance {
  minutes: number
}

const cameBy = (mark: Mark | undefined): boolean =>
  mark?.attendance === 'attended' || mark?.attendance === 'part'

const lastClaim = (entry: Entry, source: ClaimSource): Claim | undefined =>
  entry.claims.findLast((claim) => claim.source === source)

function minutesDiffer(
  mark: Mark,
  claim: Claim,
  length: number,
  { minutes: tolerance }: Tolerance,
): boolean {
  if (claim.minutes === undefined) return false
  const marked = mark.minutes ?? (mark.attendance === 'attended' ? length : 0)
  return Math.abs(marked - claim.minutes) > tolerance
}

/** Two people's marks that contradict each other, with nothing said since to settle it. */
function marksDiffer(entry: Entry): boolean {
  const standing = entry.statements.filter(({ withdrawn }) => withdrawn === undefined)
  const last = standing.at(-1)
  if (!last || last.source === 'amendment') return false
  const other = standing.findLast(({ by }) => !sameActor(by, last.by))
  return other !== undefined && cameBy(other) !== cameBy(last)
}

/**
 * Compares a register with every other source there is for it: a paper list, check-in by code, a
 * video call's log, and screen marks with uploads. A source speaks for everybody once it has spoken
 * of anybody: who is not in the log was not in the call. An amendment made after a claim settles it.
 */
export function disagreementsOf(
  entries: readonly Entry[],
  length: number,
  tolerance: Tolerance,
): Disagreement[] {
  const spoke = claimSources.filter((source) =>
    entries.some((entry) => entry.claims.some((claim) => claim.source === source)),
  )
  const lastSpoke = new Map(
    spoke.map((source) => [
      source,
      Math.max(...entries.map((entry) => lastClaim(entry, source)?.at.getTime() ?? 0)),
    ]),
  )
  return entries.flatMap((entry) => {
    const mark = inForce(entry)
    const { person } = entry
    const register = mark ? { register: mark } : {}
    const found: Disagreement[] = []
    if (marksDiffer(entry))
      found.push({ person, ...register, source: 'marks', present: !cameBy(mark) })
    for (const source of spoke) {
      const settled =
        mark?.source === 'amendment' && mark.at.getTime() >= (lastSpoke.get(source) ?? 0)
      if (settled) continue
      const claim = lastClaim(entry, source)
      const present = claim?.present ?? false
      const differs = present !== cameBy(mark)
      if (differs || (claim && mark && present && minutesDiffer(mark, claim, length, tolerance))) {
        const minutes = claim?.minutes === undefined ? {} : { minutes: claim.minutes }
        found.push({ person, ...register, source, present, ...minutes })
      }
    }
    return found
  })
}
