import { uniq } from 'es-toolkit'
import type { Audit } from '../audit/audit.js'
import type { Clock, Day } from '../clock.js'
import type { Database } from '../database/database.js'
import { notFound } from '../errors.js'
import type { Random } from '../random.js'
import { officeOf, personOf } from './directory-facts.js'
import { createDirectory, type Directory } from './directory.js'
import { createDelegates, type Delegates } from './delegates.js'
import { delegationCollections } from './delegations-store.js'
import { createLines } from './lines.js'
import type { DatedName } from './names.js'
import { createNameFinder } from './name-finder.js'
import type { Likely } from './name-index.js'
import { createPeopleStore, peopleCollections as own, type PeopleStore } from './people-store.js'
import { covers, type Office, type Person, type Tenure } from './person.js'
import { createTenures } from './tenures.js'

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
export { absenceKinds, calledName, covers, foldName, houses, termKinds } from './person.js'
export { conflictOf, type Conflict } from './conflict.js'
export { nameOn } from './names.js'
export { directoryFiles, type DirectoryFile } from './directory-rows.js'
export type { PlannedChange } from './directory-plan.js'
export type { DirectoryUpload, Rehearsal } from './directory.js'
export type { Likely } from './name-index.js'
export { directoryCollections } from './directory-store.js'
export type { Care } from './scope.js'

export const peopleCollections = [...own, ...delegationCollections]

/** Who there is, in what capacity, away when, working where and for whom (domain, section 2). */
export interface People {
  directory: Directory
  /** Who sees in a manager's stead, and whom somebody may see. */
  delegates: Delegates
  /** The person of an id, or nothing. */
  find(id: string): Promise<Person | undefined>
  /** Throws not-found. */
  get(id: string): Promise<Person>
  /** Those of some people that the directory knows, by id. */
  byId(ids: readonly string[]): Promise<Map<string, Person>>
  /** Every name that the directory has had for each person, oldest first. */
  names(ids: readonly string[]): Promise<Map<string, readonly DatedName[]>>
  /** The names to show, by person; everybody's when no people are named. */
  called(people?: readonly string[]): Promise<Map<string, string>>
  /** Everybody whom the directory has ever had and not taken back. */
  everybody(): Promise<Person[]>
  /** The person of an e-mail address, or nothing. */
  byEmail(email: string): Promise<Person | undefined>
  /**
   * People in one of whose names, present or former, every word of `text` begins some word; the
   * likest first, at most `limit`. They come with the name that they bear now.
   */
  search(text: string, limit: number): Promise<Person[]>
  /** The ids of all whom `search` would find. */
  named(text: string): Promise<string[]>
  /** For each name as somebody wrote it: whose it may be, and how like theirs it is; at most `limit`. */
  likely(names: readonly string[], limit: number): Promise<(Likely | undefined)[]>
  /** People by their e-mail addresses, in lower case. */
  byEmails(emails: readonly string[]): Promise<Map<string, Person>>
  /**
   * Terms and absences, by person, as known now or at an instant. Everybody's when no people are
   * named. People of whom the directory says nothing are left out.
   */
  tenures(people?: readonly string[], knownAt?: Date): Promise<Map<string, Tenure>>
  /** Offices by id; all of them when none are named. */
  offices(ids?: readonly string[]): Promise<Map<string, Office>>
  /** An office and every office below it. */
  officesBelow(office: string): Promise<Set<string>>
  /** The offices whose staff a person may see as at a date, by what they manage today. */
  officesSeenBy(person: string, asAt: Day): Promise<Set<string>>
  /** Who manages or employs a person on a date, in any of their posts. */
  managersOf(person: string, on: Day): Promise<Set<string>>
  /** Whether one person manages or employs, or is managed or employed by, the other on a date. */
  inLine(one: string, other: string, on: Day): Promise<boolean>
  /** Everybody who manages or employs a person on a date, or whom they manage or employ. */
  lineOf(person: string, on: Day): Promise<Set<string>>
}

export interface PeopleParts {
  database: Database
  audit: Audit
  clock: Clock
  random: Random
  endingLimit: number
  /** Does a write of facts that may change these people's standing, marked so that no crash hides it. */
  changing: <Result>(people: readonly string[], write: () => Promise<Result>) => Promise<Result>
}

/** What standing is worked out from, for a thread that only reads. */
export type PeopleFacts = Pick<People, 'tenures' | 'called'>

export const readPeople = (parts: Pick<PeopleParts, 'database' | 'random'>): PeopleFacts =>
  factsOf(createPeopleStore(parts.database.connection, parts.random))

const factsOf = (store: PeopleStore): PeopleFacts => ({
  tenures: createTenures(store),
  async called(people) {
    const documents = people ? await store.people(uniq([...people])) : await store.everybodyCalled()
    return new Map(
      documents.map(({ _id, name, preferredName }) => [_id, preferredName ?? name ?? '']),
    )
  },
})

export function createPeople(parts: PeopleParts): People {
  const store = createPeopleStore(parts.database.connection, parts.random)
  const lines = createLines(store)
  const names = createNameFinder(store)
  const delegates = createDelegates({ ...parts, lines })

  return {
    ...factsOf(store),
    async byId(ids) {
      const documents = await store.people(uniq([...ids]))
      return new Map(documents.map((document) => [document._id, personOf(document)]))
    },
    everybody: async () => (await store.everybody()).map(personOf),
    directory: createDirectory({ ...parts, store }),
    delegates,
    async find(id) {
      const [document] = await store.people([id])
      return document && personOf(document)
    },
    async get(id) {
      const [document] = await store.people([id])
      if (!document) throw notFound()
      return personOf(document)
    },
    async names(ids) {
      const documents = await store.people(uniq([...ids]))
      return new Map(
        documents.map((document) => [
          document._id,
          [...document.earlier, document].flatMap(({ name, recordedAt }) =>
            name ? [{ name, recordedAt }] : [],
          ),
        ]),
      )
    },
    async byEmail(email) {
      const [document] = await store.peopleByEmail([email.trim().toLowerCase()])
      return document && personOf(document)
    },
    async byEmails(emails) {
      const documents = await store.peopleByEmail(uniq([...emails]))
      return new Map(documents.map((document) => [document.email ?? '', personOf(document)]))
    },
    async search(text, limit) {
      const ids = await names.search(text, limit)
      const found = new Map((await store.people(ids)).map((document) => [document._id, document]))
      return ids.flatMap((id) => {
        const document = found.get(id)
        return document ? [personOf(document)] : []
      })
    },
    named: (text) => names.search(text, Number.MAX_SAFE_INTEGER),
    likely: (written, limit) => names.likely(written, limit),
    async offices(ids) {
      const documents = ids ? await store.offices(uniq([...ids])) : await store.allOffices()
      return new Map(documents.map((document) => [document._id, officeOf(document)]))
    },
    officesBelow: (office) => lines.officesBelow(office),
    async officesSeenBy(person, asAt) {
      const care = await delegates.careOf(person)
      return new Set(
        care.flatMap(({ offices }) =>
          [...offices].flatMap(([office, days]) =>
            days.some((stretch) => covers(stretch, asAt)) ? [office] : [],
          ),
        ),
      )
    },
    managersOf: (person, on) => lines.managersOf(person, on),
    async inLine(one, other, on) {
      const [above, below] = await Promise.all([
        lines.managersOf(one, on),
        lines.managersOf(other, on),
      ])
      return above.has(other) || below.has(one)
    },
    async lineOf(person, on) {
      const [above, below] = await Promise.all([
        lines.managersOf(person, on),
        lines.peopleBelow(person, on),
      ])
      return new Set([...above, ...below])
    },
  }
}
