import { addDays, day, dayOf, type Day } from '../clock.js'
import { asKnownAt } from '../database/database.js'
import type { DirectoryDocument } from './people-store.js'
import type { Absence, Employment, Manager, Office, Person, Term } from './person.js'
import type { OfficeHistory } from './scope.js'

// The directory's rows as the field's things. Rows are checked when they are imported, so what is
// needed is there; a retracted version is no fact at all.

type Fields = Omit<DirectoryDocument, 'earlier' | 'source' | 'key' | '_id'>

/** Rows as the system knew them at an instant, or knows them now, each made into its thing. */
export function known<Thing>(
  documents: readonly DirectoryDocument[],
  as: (id: string, fields: Fields) => Thing,
  instant?: Date,
): Thing[] {
  const things: Thing[] = []
  for (const document of documents) {
    const fields = instant ? asKnownAt<Omit<Fields, 'recordedAt'>>(document, instant) : document
    if (fields && !fields.retracted) things.push(as(document._id, fields))
  }
  return things
}

const text = (value: string | null | undefined): string => value ?? ''
const optional = <Name extends string>(
  name: Name,
  value: string | null | undefined,
): Partial<Record<Name, string>> => (value ? ({ [name]: value } as Record<Name, string>) : {})

const stretch = (fields: Fields): { from: Day; to?: Day } => ({
  from: text(fields.from) as Day,
  ...(fields.to ? { to: fields.to as Day } : {}),
})

export const personOf = (document: DirectoryDocument): Person => ({
  id: document._id,
  name: text(document.name),
  language: document.language === 'cy' ? 'cy' : 'en',
  ...optional('preferredName', document.preferredName),
  ...optional('email', document.email),
})

export function termOf(id: string, fields: Fields): Term {
  const { person, kind, house, from, to, party, office, title } = fields
  const term: Term = {
    id,
    person: text(person),
    kind: kind as Term['kind'],
    house: house as Term['house'],
    from: text(from) as Day,
  }
  if (to) term.to = to as Day
  if (party) term.party = party
  if (office) term.office = office
  if (title) term.title = title
  return term
}

export const absenceOf = (id: string, fields: Fields): Absence => ({
  id,
  person: text(fields.person),
  kind: fields.kind as Absence['kind'],
  ...stretch(fields),
})

export const managerOf = (document: DirectoryDocument): Manager => ({
  id: document._id,
  office: text(document.office),
  person: text(document.person),
  ...stretch(document),
})

export const officeOf = (document: DirectoryDocument): Office => ({
  id: document._id,
  name: text(document.name),
  house: document.house as Office['house'],
  kind: text(document.kind),
  ...optional('parent', document.parent),
  ...optional('employer', document.employer),
})

const forEver = day('1900-01-01')

/** Whose staff an office's people are, as one version of it says. */
export type OfficeVersion = Pick<Office, 'kind' | 'employer'> & { from: Day }

/**
 * An office's versions with the day from which each holds, as known now or at an instant: what it is
 * made into later changes nothing for those who were there before.
 */
export function officeVersionsOf(document: DirectoryDocument, instant?: Date): OfficeVersion[] {
  const versions = [...document.earlier, document]
  return versions
    .filter(({ recordedAt }) => instant === undefined || recordedAt <= instant)
    .map(({ kind, employer, recordedAt }, at) => ({
      kind: text(kind),
      ...optional('employer', employer),
      from: at === 0 ? forEver : dayOf(recordedAt),
    }))
}

/**
 * The version that says whose staff somebody was from a day on. One that names no employer is taken
 * for unfinished where a later one does.
 */
export const officeVersionOn = (
  versions: readonly OfficeVersion[],
  on: Day,
): OfficeVersion | undefined => {
  const found = versions.findLast(({ from }) => from <= on)
  return found?.employer
    ? found
    : (versions.find(({ from, employer }) => from > on && employer !== undefined) ?? found)
}

/** An office with who employed its staff when, read off the versions that imports have recorded. */
export function officeHistoryOf(document: DirectoryDocument): OfficeHistory {
  const versions = [...document.earlier, document]
  const employers = versions.flatMap((version, at) => {
    const next = versions[at + 1]
    const from = at === 0 ? forEver : dayOf(version.recordedAt)
    const to = next ? { to: addDays(dayOf(next.recordedAt), -1) } : {}
    return version.employer ? [{ person: version.employer, from, ...to }] : []
  })
  return { ...officeOf(document), employers }
}

const sponsorKinds = new Set(['contractor', 'contractors', 'sponsor', 'pass-holder', 'external'])

/**
 * Whose staff a term makes somebody: the employer's, by what the employer was when the term began
 * (an MP may have become a peer since), else the House's, or a sponsor's.
 */
export function employmentOf(
  term: Term,
  office: Pick<Office, 'kind'> | undefined,
  employerTerms: readonly Term[],
): Employment {
  const sitting = employerTerms
    .filter(({ kind }) => kind !== 'staff')
    .toSorted((a, b) => (a.from < b.from ? -1 : 1))
  const capacity = sitting.findLast(({ from }) => from <= term.from) ?? sitting[0]
  if (capacity?.kind === 'mp' || capacity?.kind === 'peer') return capacity.kind
  return office && sponsorKinds.has(office.kind) ? 'sponsor' : 'house'
}
