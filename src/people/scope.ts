import { addDays, type Day } from '../clock.js'
import { covers, type Manager, type Office, type Stretch } from './person.js'

/** An office with the stretches in which each person employed its staff. */
export interface OfficeHistory extends Office {
  employers: readonly (Stretch & { person: string })[]
}

/** A manager's standing permission for somebody else to see what they see. */
export interface Delegation extends Stretch {
  id: string
  manager: string
  delegate: string
}

/** The directory's answer to "who manages what, and when", from which scope is computed per request. */
export interface Chain {
  offices: readonly OfficeHistory[]
  managers: readonly Manager[]
  delegations: readonly Delegation[]
}

/**
 * What somebody looks after today, by their own right or in a manager's stead: the offices, and the
 * stretches in which each of them was in that manager's care.
 */
export interface Care {
  manager: string
  offices: ReadonlyMap<string, readonly Stretch[]>
}

function withOfficesBelow(chain: Chain, tops: ReadonlySet<string>): Set<string> {
  const found = new Set(tops)
  for (let grown = -1; grown !== found.size;) {
    grown = found.size
    for (const office of chain.offices) {
      if (office.parent !== undefined && found.has(office.parent)) found.add(office.id)
    }
  }
  return found
}

function managedBy(chain: Chain, person: string, on: Day): Set<string> {
  const tops = new Set<string>()
  for (const edge of chain.managers) {
    if (edge.person === person && covers(edge, on)) tops.add(edge.office)
  }
  for (const office of chain.offices) {
    if (office.employers.some((edge) => edge.person === person && covers(edge, on))) {
      tops.add(office.id)
    }
  }
  return withOfficesBelow(chain, tops)
}

/** The days on which what a person looks after may have changed, in order. */
function turnsOf(chain: Chain, person: string): Day[] {
  const edges = [...chain.managers, ...chain.offices.flatMap(({ employers }) => employers)]
  const days = edges
    .filter((edge) => edge.person === person)
    .flatMap(({ from, to }) => [from, ...(to ? [addDays(to, 1)] : [])])
  return [...new Set(days)].toSorted()
}

function careOfManager(chain: Chain, manager: string, today: Day): Care {
  const stretches = new Map<string, Stretch[]>(
    [...managedBy(chain, manager, today)].map((office) => [office, []]),
  )
  const turns = turnsOf(chain, manager).filter((turn) => turn <= today)
  for (const [at, from] of turns.entries()) {
    const next = turns[at + 1]
    const stretch = { from, ...(next ? { to: addDays(next, -1) } : {}) }
    for (const office of managedBy(chain, manager, from)) stretches.get(office)?.push(stretch)
  }
  return { manager, offices: stretches }
}

/**
 * Whose staff a person may see today, and from which days: of the offices that they manage, employ
 * for, or stand in for as a delegate *today*, the days on which whoever they act for was already
 * responsible (domain, section 3: a manager sees only the dates inside their own scope).
 */
export function careOf(chain: Chain, person: string, today: Day): Care[] {
  const others = chain.delegations
    .filter(({ delegate, ...stretch }) => delegate === person && covers(stretch, today))
    .map(({ manager }) => manager)
  return [...new Set([person, ...others])]
    .map((manager) => careOfManager(chain, manager, today))
    .filter(({ offices }) => offices.size > 0)
}

/** The offices whose staff a person may see as at a date, by what they look after today. */
export const officesSeenBy = (chain: Chain, person: string, asAt: Day, today: Day): Set<string> =>
  new Set(
    careOf(chain, person, today).flatMap(({ offices }) =>
      [...offices].flatMap(([office, days]) =>
        days.some((stretch) => covers(stretch, asAt)) ? [office] : [],
      ),
    ),
  )

/** Whoever manages or employs for an office on a date, or for an office above it where it has nobody. */
export function managersOf(chain: Chain, office: string, on: Day): Set<string> {
  const seen = new Set<string>()
  for (let at: string | undefined = office; at !== undefined && !seen.has(at);) {
    seen.add(at)
    const place = chain.offices.find((candidate) => candidate.id === at)
    const people = new Set([
      ...chain.managers
        .filter((edge) => edge.office === at && covers(edge, on))
        .map((e) => e.person),
      ...(place?.employers ?? []).filter((edge) => covers(edge, on)).map((edge) => edge.person),
    ])
    if (people.size > 0) return people
    at = place?.parent
  }
  return new Set()
}
