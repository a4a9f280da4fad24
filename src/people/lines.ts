import type { Day } from '../clock.js'
import { known, managerOf, officeHistoryOf, termOf } from './directory-facts.js'
import type { DirectoryDocument, PeopleStore } from './people-store.js'
import { covers } from './person.js'
import { managersOf, officesSeenBy, type Chain } from './scope.js'

/** The lines of management: who is responsible for whom, up and down. */
export interface Lines {
  /** The part of the chain that lies below some people. */
  below(people: readonly string[]): Promise<Chain>
  /** An office and every office below it. */
  officesBelow(office: string): Promise<Set<string>>
  /** Who manages or employs a person on a date, in any of their posts. */
  managersOf(person: string, on: Day): Promise<Set<string>>
  /** The staff of the offices that a person manages or employs for on a date. */
  peopleBelow(person: string, on: Day): Promise<Set<string>>
}

export function createLines(store: PeopleStore): Lines {
  /** Offices and everything below them, each once. */
  async function descend(tops: readonly DirectoryDocument[]): Promise<DirectoryDocument[]> {
    const offices = new Map<string, DirectoryDocument>()
    let next = tops
    while (next.length > 0) {
      for (const office of next) offices.set(office._id, office)
      const inside = await store.officesBelow(next.map((office) => office._id))
      next = inside.filter((office) => !offices.has(office._id))
    }
    return [...offices.values()]
  }

  async function below(people: readonly string[]): Promise<Chain> {
    const managers = (await store.managing(people)).map(managerOf)
    const offices = await descend([
      ...(await store.officesOf(people)),
      ...(await store.offices(managers.map((edge) => edge.office))),
    ])
    return { managers, offices: offices.map(officeHistoryOf), delegations: [] }
  }

  /** The part of the chain that lies above some offices. */
  async function chainAbove(from: readonly string[]): Promise<Chain> {
    const offices = new Map<string, DirectoryDocument>()
    let next = await store.offices(from)
    while (next.length > 0) {
      for (const office of next) offices.set(office._id, office)
      const above = await store.offices(next.flatMap((office) => office.parent ?? []))
      next = above.filter((office) => !offices.has(office._id))
    }
    const managers = (await store.managersAt([...offices.keys()])).map(managerOf)
    return { managers, offices: [...offices.values()].map(officeHistoryOf), delegations: [] }
  }

  async function managers(person: string, on: Day): Promise<Set<string>> {
    const terms = known(await store.termsOf([person]), termOf)
    const offices = terms
      .filter((term) => term.kind === 'staff' && covers(term, on))
      .flatMap((term) => term.office ?? [])
    const chain = await chainAbove(offices)
    return new Set(offices.flatMap((office) => [...managersOf(chain, office, on)]))
  }

  return {
    below,
    managersOf: managers,
    async peopleBelow(person, on) {
      const offices = officesSeenBy(await below([person]), person, on, on)
      const terms = known(await store.termsAt([...offices]), termOf)
      const staff = terms.filter((term) => term.kind === 'staff' && covers(term, on))
      return new Set(staff.map((term) => term.person).filter((one) => one !== person))
    },
    async officesBelow(office) {
      const offices = await descend(await store.offices([office]))
      return new Set(offices.map(({ _id }) => _id))
    },
  }
}
