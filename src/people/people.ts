import { groupBy, keyBy, uniq } from 'es-toolkit'
import type { Audit } from '../audit/audit.js'
import type { Clock, Day } from '../clock.js'
import type { Database } from '../database/database.js'
import { notFound } from '../errors.js'
import type { Random } from '../random.js'
import {
  absenceOf,
  employmentOf,
  known,
  managerOf,
  officeHistoryOf,
  officeOf,
  personOf,
  termOf,
} from './directory-facts.js'
import { createDirectory, type Directory } from './directory.js'
import { createPeopleStore, type DirectoryDocument } from './people-store.js'
import { foldName, type Office, type Person, type Tenure, type Term } from './person.js'
import { managersOf, officesSeenBy, type Chain } from './scope.js'

export type {
  Absence,
  AbsenceKind,
  Employment,
  House,
  Office,
  Person,
  Stretch,
  Tenure,
  Term,
  TermKind,
} from './person.js'
export { absenceKinds, calledName, covers, foldName, houses, overlap, termKinds } from './person.js'
export { conflictOf, type Conflict, type Ties } from './conflict.js'
export { directoryFiles, type DirectoryFile } from './directory-rows.js'
export type { DirectoryUpload, Rehearsal } from './directory.js'
export { directoryCollections } from './directory-store.js'
export { peopleCollections } from './people-store.js'

/** Who there is, in what capacity, away when, working where and for whom (domain, section 2). */
export interface People {
  directory: Directory
  find(id: string): Promise<Person | undefined>
  /** Throws not-found. */
  get(id: string): Promise<Person>
  byId(ids: readonly string[]): Promise<Map<string, Person>>
  everybody(): Promise<Person[]>
  byEmail(email: string): Promise<Person | undefined>
  /** People whose name has every word of `text`, the last one perhaps only begun; at most `limit`. */
  search(text: string, limit: number): Promise<Person[]>
  /**
   * Terms and absences, by person, as known now or at an instant. Everybody's when no people are
   * named. People of whom the directory says nothing are left out.
   */
  tenures(people?: readonly string[], knownAt?: Date): Promise<Map<string, Tenure>>
  offices(ids?: readonly string[]): Promise<Map<string, Office>>
  /** The offices whose staff a person may see as at a date, by what they manage today. */
  officesSeenBy(person: string, asAt: Day): Promise<Set<string>>
  /** Who manages or employs a person on a date, in any of their posts. */
  managersOf(person: string, on: Day): Promise<Set<string>>
  /** Whether one person manages or employs, or is managed or employed by, the other on a date. */
  inLine(one: string, other: string, on: Day): Promise<boolean>
}

export interface PeopleParts {
  database: Database
  audit: Audit
  clock: Clock
  random: Random
  endingLimit: number
  changing: (people: readonly string[]) => Promise<void>
}

export function createPeople(parts: PeopleParts): People {
  const store = createPeopleStore(parts.database.connection, parts.random)

  /** Terms with whose staff each makes its person. */
  async function withEmployment(terms: readonly Term[], everybody: boolean): Promise<Term[]> {
    const staff = terms.filter((term) => term.kind === 'staff')
    const ids = uniq(staff.flatMap((term) => term.office ?? []))
    const offices = keyBy(
      (everybody ? await store.allOffices() : await store.offices(ids)).map(officeOf),
      (o) => o.id,
    )
    const employers = uniq(Object.values(offices).flatMap((office) => office.employer ?? []))
    const sitting = everybody ? terms : known(await store.termsOf(employers), termOf)
    const byEmployer = groupBy([...sitting], (term) => term.person)
    return terms.map((term) => {
      if (term.kind !== 'staff') return term
      const office = offices[term.office ?? '']
      const employer = office?.employer ? (byEmployer[office.employer] ?? []) : []
      return { ...term, employedBy: employmentOf(term, office, employer) }
    })
  }

  /** The part of the directory's chain of management that concerns these people, downwards. */
  async function chainBelow(people: readonly string[]): Promise<Chain> {
    const managers = (await store.managing(people)).map(managerOf)
    const offices = new Map<string, DirectoryDocument>()
    let next = [
      ...(await store.officesOf(people)),
      ...(await store.offices(managers.map((edge) => edge.office))),
    ]
    while (next.length > 0) {
      for (const office of next) offices.set(office._id, office)
      const below = await store.officesBelow(next.map((office) => office._id))
      next = below.filter((office) => !offices.has(office._id))
    }
    return { managers, offices: [...offices.values()].map(officeHistoryOf), delegations: [] }
  }

  /** The same, upwards from some offices. */
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
      .filter((term) => term.kind === 'staff' && term.from <= on && (!term.to || on <= term.to))
      .flatMap((term) => term.office ?? [])
    const chain = await chainAbove(offices)
    return new Set(offices.flatMap((office) => [...managersOf(chain, office, on)]))
  }

  return {
    directory: createDirectory({ ...parts, store }),
    async find(id) {
      const [document] = await store.people([id])
      return document && personOf(document)
    },
    async get(id) {
      const [document] = await store.people([id])
      if (!document) throw notFound()
      return personOf(document)
    },
    async byId(ids) {
      const documents = await store.people(uniq([...ids]))
      return new Map(documents.map((document) => [document._id, personOf(document)]))
    },
    everybody: async () => (await store.everybody()).map(personOf),
    async byEmail(email) {
      const [document] = await store.peopleByEmail([email.trim().toLowerCase()])
      return document && personOf(document)
    },
    async search(text, limit) {
      const words = foldName(text).split(' ').filter(Boolean)
      return words.length === 0 ? [] : (await store.peopleNamed(words, limit)).map(personOf)
    },
    async tenures(people, knownAt) {
      const [terms, absences] = people
        ? await Promise.all([store.termsOf(people), store.absencesOf(people)])
        : await Promise.all([store.allTerms(), store.allAbsences()])
      const employed = await withEmployment(known(terms, termOf, knownAt), people === undefined)
      const termsBy = groupBy(employed, (term) => term.person)
      const absencesBy = groupBy(known(absences, absenceOf, knownAt), (absence) => absence.person)
      return new Map(
        Object.entries(termsBy).map(([person, own]) => [
          person,
          { person, terms: own, absences: absencesBy[person] ?? [] },
        ]),
      )
    },
    async offices(ids) {
      const documents = ids ? await store.offices(uniq([...ids])) : await store.allOffices()
      return new Map(documents.map((document) => [document._id, officeOf(document)]))
    },
    async officesSeenBy(person, asAt) {
      return officesSeenBy(await chainBelow([person]), person, asAt, parts.clock.today())
    },
    managersOf: managers,
    async inLine(one, other, on) {
      const [above, below] = await Promise.all([managers(one, on), managers(other, on)])
      return above.has(other) || below.has(one)
    },
  }
}
