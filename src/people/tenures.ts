import { uniq } from 'es-toolkit'
import {
  absenceOf,
  employmentOf,
  known,
  officeVersionOn,
  officeVersionsOf,
  termOf,
} from './directory-facts.js'
import type { PeopleStore } from './people-store.js'
import type { Tenure, Term } from './person.js'

/** Terms and absences by person: what standing is worked out from. */
export type ReadTenures = (
  people?: readonly string[],
  knownAt?: Date,
) => Promise<Map<string, Tenure>>

export function createTenures(store: PeopleStore): ReadTenures {
  /** Terms with whose staff each makes its person. */
  async function withEmployment(
    terms: Term[],
    everybody: boolean,
    knownAt: Date | undefined,
  ): Promise<Term[]> {
    const staff = terms.filter((term) => term.kind === 'staff')
    const ids = uniq(staff.flatMap((term) => term.office ?? []))
    const documents = everybody ? await store.allOffices() : await store.offices(ids)
    const offices = new Map(
      documents.map((document) => [document._id, officeVersionsOf(document, knownAt)]),
    )
    const employers = uniq(
      [...offices.values()].flatMap((versions) => versions.flatMap((one) => one.employer ?? [])),
    )
    const sitting = everybody ? terms : known(await store.termsOf(employers), termOf, knownAt)
    const employing = new Set(employers)
    const byEmployer = byPerson(sitting.filter(({ person }) => employing.has(person)))
    for (const term of staff) {
      const office = officeVersionOn(offices.get(term.office ?? '') ?? [], term.from)
      const employer = office?.employer ? (byEmployer.get(office.employer) ?? []) : []
      term.employedBy = employmentOf(term, office, employer)
    }
    return terms
  }

  return async (people, knownAt) => {
    const wholly = knownAt !== undefined
    const [terms, absences] = people
      ? await Promise.all([store.termsOf(people), store.absencesOf(people)])
      : await Promise.all([store.allTerms(wholly), store.allAbsences(wholly)])
    const employed = await withEmployment(
      known(terms, termOf, knownAt),
      people === undefined,
      knownAt,
    )
    const absencesBy = byPerson(known(absences, absenceOf, knownAt))
    const tenures = new Map<string, Tenure>()
    for (const [person, own] of byPerson(employed)) {
      tenures.set(person, { person, terms: own, absences: absencesBy.get(person) ?? [] })
    }
    return tenures
  }
}

function byPerson<Thing extends { person: string }>(things: readonly Thing[]) {
  const found = new Map<string, Thing[]>()
  for (const thing of things) {
    const own = found.get(thing.person)
    if (own) own.push(thing)
    else found.set(thing.person, [thing])
  }
  return found
}
