import type { Day } from '../clock.js'
import type { Language } from '../language.js'

export const houses = ['commons', 'lords', 'both'] as const
export type House = (typeof houses)[number]

export const termKinds = ['mp', 'peer', 'staff'] as const
export type TermKind = (typeof termKinds)[number]

export const absenceKinds = [
  'leave-of-absence',
  'suspended',
  'disqualified',
  'not-sworn',
  'abstentionist',
  'away',
] as const
export type AbsenceKind = (typeof absenceKinds)[number]

/** Whose staff somebody is: a Member's, a peer's, the House's, or a sponsor's such as a contractor. */
export type Employment = 'mp' | 'peer' | 'house' | 'sponsor'

/** One record for life (domain, section 2). `id` is the institution's own and permanent. */
export interface Person {
  id: string
  /** The name as the institution writes it, which certificates bear. */
  name: string
  /** What they like to be called on pages; the name where absent. */
  preferredName?: string
  email?: string
  language: Language
}

/** A dated stretch of days; `to` is the last day, inclusive, and absent while it runs on. */
export interface Stretch {
  from: Day
  to?: Day
}

/** A dated stretch in a capacity. Several can run at once. */
export interface Term extends Stretch {
  id: string
  person: string
  kind: TermKind
  house: House
  /** Recorded for Members only. */
  party?: string
  office?: string
  /** A Member's constituency or title, a member of staff's post. */
  title?: string
  /** For staff: who employs them, worked out from their office. */
  employedBy?: Employment
}

/** A dated stretch away. Which kind stays in this record: lists and reasons say only "absent". */
export interface Absence extends Stretch {
  id: string
  person: string
  kind: AbsenceKind
}

/** A Member's office, a department, a party group. `employer` is a person: a Member employs their own staff. */
export interface Office {
  id: string
  name: string
  house: House
  /** The institution's own word for what sort of office it is. */
  kind: string
  parent?: string
  employer?: string
}

/** Who manages an office, and when. */
export interface Manager extends Stretch {
  id: string
  office: string
  person: string
}

/** Everything the directory says of one person: what standing is worked out from (domain, section 3). */
export interface Tenure {
  person: string
  terms: readonly Term[]
  absences: readonly Absence[]
}

/** Whether a stretch covers a day; both ends belong to it. */
export const covers = (stretch: Stretch, on: Day): boolean =>
  stretch.from <= on && (stretch.to === undefined || on <= stretch.to)

/** Whether two stretches share a day. */
export const overlap = (one: Stretch, other: Stretch): boolean =>
  (other.to === undefined || one.from <= other.to) && (one.to === undefined || other.from <= one.to)

/** The name to show on pages. */
export const calledName = (person: Pick<Person, 'name' | 'preferredName'>): string =>
  person.preferredName ?? person.name

/** A name as it is searched and compared: without accents, case or punctuation. */
export const foldName = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
