import { z } from 'zod'
import type { Day } from '../../../clock.js'
import { standings, type ListQuery, type Listing } from '../../../compliance/compliance.js'
import { invalid } from '../../../errors.js'
import type { Sentence } from '../../../language.js'
import { termKinds } from '../../../people/people.js'
import { dayField, optional } from '../../fields.js'

const states = [...standings, 'absent'] as const

/** Which date is shown, and by the knowledge of which moment. */
export const whenFields = {
  asAt: optional(dayField()),
  known: optional(z.enum(['now', 'then'])),
}
const filterFields = {
  ...whenFields,
  standing: optional(z.enum(states)),
  kind: optional(z.enum(termKinds)),
  house: optional(z.enum(['commons', 'lords'])),
  party: optional(z.string().max(100)),
  office: optional(z.string().max(64)),
  course: optional(z.string().max(64)),
  q: optional(z.string().max(100)),
  sort: optional(z.enum(['name', 'due', 'standing'])),
}
/** What is not a filter is refused, and not passed over: somebody meant something by it. */
const strict = {
  error: (issue: { code?: string | undefined }) =>
    issue.code === 'unrecognized_keys' ? 'say:list.unknown-filter' : undefined,
}

/** The filters that a list has in its address (interface, *Web*). */
export const listInput = z.strictObject(
  { ...filterFields, page: optional(z.coerce.number().int().min(1).max(100_000)) },
  strict,
)
/** The same for an export, which has no pages; `bom=no` leaves out the byte-order mark of a CSV. */
export const exportInput = z.strictObject(
  { ...filterFields, bom: optional(z.enum(['yes', 'no'])) },
  strict,
)
export type ListInput = z.output<typeof listInput>
type Filters = Omit<ListInput, 'page'>

/** Refuses a day to come, where the day itself is not needed and yet somebody meant it. */
export function notAhead({ asAt }: Pick<ListInput, 'asAt'>, today: Day): void {
  if (asAt !== undefined && asAt > today) throw invalid('list.future', { asAt })
}

/** An address with those of its parameters that are there. */
export function addressOf(
  path: string,
  parameters: Readonly<Record<string, string | number | undefined>>,
): string {
  const query = new URLSearchParams(
    Object.entries(parameters).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  ).toString()
  return query ? `${path}?${query}` : path
}

/** The same list again with something changed: filters live in the address. */
export const listAddress = (
  path: string,
  input: ListInput,
  change: Partial<ListInput> = {},
): string => addressOf(path, { ...input, page: undefined, ...change })

export const queryOf = ({ known, ...input }: Filters): ListQuery => {
  const given = Object.entries(input).filter(([, value]) => value !== undefined)
  return { ...(Object.fromEntries(given) as ListQuery), asKnownThen: known === 'then' }
}

/** What a list was narrowed to, a sentence for each: for whoever reads it on paper. */
export function filterSentences(input: Filters, office: string | undefined): Sentence[] {
  const { standing, kind, house, party, course, q } = input
  const sentences: Sentence[] = []
  const add = (name: string, value: string | undefined) => {
    if (value) sentences.push({ key: `list.filtered.${name}`, with: { value } })
  }
  if (standing) sentences.push({ key: `standing.name.${standing}` })
  if (kind) sentences.push({ key: `standing.kind.${kind}` })
  if (house) sentences.push({ key: `standing.house.${house}` })
  add('party', party)
  add('office', office)
  add('course', course)
  add('name', q)
  return sentences
}

/** Of whom a list's counts speak, and who among them is excused or absent (domain, section 3). */
export function denominatorOf({
  asAt,
  people,
  counts,
  tellsAbsence,
}: Pick<Listing, 'asAt' | 'people' | 'counts' | 'tellsAbsence'>): Sentence {
  const lines = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const told = { asAt, people, lines, count: people }
  return tellsAbsence
    ? {
        key: 'list.counted',
        with: { ...told, excused: counts.excused, absent: counts.absent },
      }
    : { key: 'list.counted-sitting', with: told }
}
