import { groupBy, uniq } from 'es-toolkit'
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
    terms: readonly Term[],
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
    const byEmployer = groupBy([...sitting], (term) => term.person)
    return terms.map((term) => {
      if (term.kind !== 'staff') return term
      const office = officeVersionOn(offices.get(term.office ?? '') ?? [], term.from)
      const employer = office?.employer ? (byEmployer[office.employer] ?? []) : []
      return { ...term, employedBy: employmentOf(term, office, employer) }
    })
  }

  return async (people, knownAt) => {
    const [terms, absences] = people
      ? await Promise.all([store.termsOf(people), store.absencesOf(people)])
      : await Promise.all([store.allTerms(), store.allAbsences()])
    const employed = await withEmployment(
      known(terms, termOf, knownAt),
      people === undefined,
      knownAt,
    )
    const termsBy = groupBy(employed, (term) => term.person)
    const absencesBy = groupBy(known(absences, absenceOf, knownAt), (absence) => absence.person)
    return new Map(
      Object.entries(termsBy).map(([person, own]) => [
        person,
        { person, terms: own, absences: absencesBy[person] ?? [] },
      ]),
    )
  }
}
