import type { Day } from '../clock.js'
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

function managedBy(chain: Chain, people: ReadonlySet<string>, on: Day): Set<string> {
  const tops = new Set<string>()
  for (const edge of chain.managers) {
    if (people.has(edge.person) && covers(edge, on)) tops.add(edge.office)
  }
  for (const office of chain.offices) {
    if (office.employers.some((edge) => people.has(edge.person) && covers(edge, on))) {
      tops.add(office.id)
    }
  }
  return withOfficesBelow(chain, tops)
}

/**
 * The offices whose staff a person may see as at a date: those they manage, employ for, or stand in
 * for as a delegate *today*, as far as whoever they act for was already responsible on that date
 * (domain, section 3: a manager sees only the dates inside their own scope).
 */
export function officesSeenBy(chain: Chain, person: string, asAt: Day, today: Day): Set<string> {
  const actsFor = new Set([person])
  for (const delegation of chain.delegations) {
    if (delegation.delegate === person && covers(delegation, today)) actsFor.add(delegation.manager)
  }
  const now = managedBy(chain, actsFor, today)
  if (asAt === today) return now
  const then = managedBy(chain, actsFor, asAt)
  return new Set([...now].filter((office) => then.has(office)))
}

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
