import { hasRole, type Actor } from '../actor.js'
import type { Day } from '../clock.js'
import type { People } from '../people/people.js'

/**
 * Whom an actor may know of. What no scope admits is left out before anything is filtered, counted,
 * sorted or paged (domain, section 3).
 */
export type Scope =
  | { sees: 'everybody' }
  /** A manager, employer or delegate: staff of these offices, and never themselves. */
  | { sees: 'offices'; offices: ReadonlySet<string>; but: string }
  /** A party's officer: its Members, and never that one of them is excused or away. */
  | { sees: 'party'; party: string }
  | { sees: 'person'; person: string }

const wholeInstitution = ['coordinator', 'auditor', 'decision-maker'] as const

/** What an actor may see of other people as at a date, worked out anew for each request. */
export async function scopesOf(
  actor: Actor,
  asAt: Day,
  people: Pick<People, 'officesSeenBy'>,
): Promise<Scope[]> {
  if (actor.kind === 'system') return [{ sees: 'everybody' }]
  if (actor.kind === 'key')
    return actor.scopes.includes('compliance') ? [{ sees: 'everybody' }] : []
  if (actor.kind !== 'person') return []
  if (wholeInstitution.some((role) => hasRole(actor, role))) return [{ sees: 'everybody' }]
  const parties = actor.roles.flatMap((role): Scope[] =>
    role.name === 'party-officer' ? [{ sees: 'party', party: role.party }] : [],
  )
  if (actor.person === undefined) return parties
  const offices = await people.officesSeenBy(actor.person, asAt)
  return offices.size === 0
    ? parties
    : [...parties, { sees: 'offices', offices, but: actor.person }]
}
