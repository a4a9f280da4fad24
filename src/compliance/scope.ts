import { hasRole, type Actor } from '../actor.js'
import type { Day } from '../clock.js'
import { covers, type Care, type People } from '../people/people.js'

/**
 * Whom an actor may know of. What no scope admits is left out before anything is filtered, counted,
 * sorted or paged (domain, section 3).
 */
export type Scope =
  | { sees: 'everybody' }
  /** A manager, employer or delegate: staff of these offices on these days, and never themselves. */
  | { sees: 'offices'; offices: Care['offices']; but: readonly string[] }
  /** A party's officer: its Members, and never that one of them is excused or away. */
  | { sees: 'party'; party: string }
  | { sees: 'person'; person: string }

const wholeInstitution = ['coordinator', 'auditor', 'decision-maker'] as const

/** What an actor may see of other people, worked out anew for each request. */
export async function scopesOf(
  actor: Actor,
  { delegates }: Pick<People, 'delegates'>,
): Promise<Scope[]> {
  if (actor.kind === 'system') return [{ sees: 'everybody' }]
  if (actor.kind === 'key')
    return actor.scopes.includes('compliance') ? [{ sees: 'everybody' }] : []
  if (actor.kind !== 'person') return []
  if (wholeInstitution.some((role) => hasRole(actor, role))) return [{ sees: 'everybody' }]
  const parties = actor.roles.flatMap((role): Scope[] =>
    role.name === 'party-officer' ? [{ sees: 'party', party: role.party }] : [],
  )
  const { person } = actor
  if (person === undefined) return parties
  const care = await delegates.careOf(person)
  return [
    ...parties,
    // A delegate sees what the manager sees: not the manager, and not themselves.
    ...care.map(({ manager, offices }): Scope => ({
      sees: 'offices',
      offices,
      but: [person, manager],
    })),
  ]
}

/** The offices whose staff a scope shows as at a date. */
export const officesOn = (offices: Care['offices'], asAt: Day): Set<string> =>
  new Set(
    [...offices].flatMap(([office, days]) =>
      days.some((stretch) => covers(stretch, asAt)) ? [office] : [],
    ),
  )
