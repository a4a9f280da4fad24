import type { SheetRow } from '../tables/tables.js'

/** What a column of a register can say (interface, *Files*). First and last name stand for `name`. */
export const registerFields = [
  'session',
  'course',
  'date',
  'start',
  'end',
  'venue',
  'trainer',
  'delivery',
  'person',
  'name',
  'first-name',
  'last-name',
  'email',
  'attendance',
  'minutes',
] as const
export type RegisterField = (typeof registerFields)[number]

/** Which column of the sheet, counted from 0, says what. */
export type Mapping = Readonly<Partial<Record<RegisterField, number>>>

const words = (text: string): string[] => text.split('|').map((word) => word.trim())

/** What people call these columns, in English and Welsh; compared without case, blanks and signs. */
const names: Record<RegisterField, readonly string[]> = {
  session: words('session|session id|training session|session ref|session reference|sesiwn'),
  course: words('course|course id|course name|training|module|cwrs'),
  date: words('date|session date|training date|day|on|dyddiad'),
  start: words('start|start time|from|begins|time|starts|dechrau|amser dechrau|amser'),
  end: words('end|end time|to|finish|ends|until|diwedd|amser gorffen'),
  venue: words('venue|room|place|location|lleoliad|ystafell|man'),
  trainer: words(
    'trainer|tutor|facilitator|instructor|presenter|delivered by|hyfforddwr|hwylusydd',
  ),
  delivery: words('delivery|mode|format|method|delivery mode|dull|cyflwyno'),
  person: words(
    'person|person id|id|staff id|staff number|payroll|employee id|member id|rhif staff',
  ),
  name: words(
    'name|full name|attendee|participant|delegate|learner|attendee name|participant name|staff name|enw|enw llawn',
  ),
  'first-name': words('first name|forename|given name|firstname|enw cyntaf'),
  'last-name': words('last name|surname|family name|lastname|cyfenw'),
  email: words('email|e mail|email address|mail|work email|e bost|ebost|cyfeiriad e bost'),
  attendance: words(
    'attendance|attended|status|attendance status|present|outcome|result|presenoldeb|statws',
  ),
  minutes: words('minutes|mins|duration|minutes attended|time attended|minutes present|munudau'),
}

// Columns that invite disclosures. They are dropped before anything is stored, and cannot be mapped.
const notes =
  /(^|[^\p{L}])(notes?|comments?|remarks?|reasons?|details?|observations?|feedback|health|sick\w*|medical|adjustments?|needs|dietary|disabilit\w+|nodiadau|nodyn|sylwadau|rheswm|iechyd|manylion)([^\p{L}]|$)/iu

/** Whether a column is one for notes, by what it is called. */
export const isNoteColumn = (heading: string): boolean => notes.test(heading)

const plain = (heading: string): string =>
  heading
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

const fieldBy = new Map(
  registerFields.flatMap((field) => names[field].map((name) => [plain(name), field] as const)),
)

/** What a heading says a column is. */
export const fieldOf = (heading: string): RegisterField | undefined =>
  isNoteColumn(heading) ? undefined : fieldBy.get(plain(heading))

/** The columns that headings map to; the first of two that say the same. */
export function mappingOf(headings: readonly string[]): Mapping {
  const mapping: Partial<Record<RegisterField, number>> = {}
  for (const [column, heading] of headings.entries()) {
    const field = fieldOf(heading)
    if (field !== undefined) mapping[field] ??= column
  }
  return mapping
}

/** How far down titles may reach before the headings. */
const titles = 20

/** The place of the row of headings: of the first rows, the one with most of them. Nothing where no row has two. */
export function findHeadings(rows: readonly SheetRow[]): number | undefined {
  const known = rows.slice(0, titles).map(({ cells }) => Object.keys(mappingOf(cells)).length)
  const most = Math.max(0, ...known)
  return most < 2 ? undefined : known.indexOf(most)
}

/**
 * What is missing from a mapping for any row to be read: attendance, a name or an e-mail address or
 * a person's id, and which training session it was, unless one has been chosen for the whole file.
 */
export function missingFrom(mapping: Mapping, sessionChosen: boolean): RegisterField[] {
  const has = (field: RegisterField) => mapping[field] !== undefined
  const missing: RegisterField[] = []
  if (!has('attendance')) missing.push('attendance')
  if (!has('name') && !has('last-name') && !has('email') && !has('person')) missing.push('name')
  if (!sessionChosen && !has('session')) {
    missing.push(...(['course', 'date', 'start'] as const).filter((field) => !has(field)))
  }
  return missing
}
