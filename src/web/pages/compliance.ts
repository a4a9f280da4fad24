import { z } from 'zod'
import { parseDay, type Clock, type Day } from '../../clock.js'
import {
  standings,
  type Compliance,
  type Line,
  type ListQuery,
} from '../../compliance/compliance.js'
import { refused } from '../../errors.js'
import { calledName, termKinds, type People } from '../../people/people.js'
import { page, view, type Page } from '../page.js'

export interface CompliancePagesParts {
  compliance: Compliance
  people: People
  clock: Clock
}

const blank = (value: unknown): unknown => (value === '' ? undefined : value)
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess(blank, schema.optional())
const date = z.string().transform((text, context): Day => {
  const parsed = parseDay(text)
  if (parsed) return parsed
  context.addIssue({ code: 'custom', message: 'say:list.not-a-date' })
  return z.NEVER
})

const pageSize = 20
const states = [...standings, 'absent'] as const
// What needs action stands first, what does not last.
const tabs = ['overdue', 'due', 'expected', 'complete', 'excused', 'absent'] as const

/** The filters that a list has in its address (interface, *Web*). */
export const listInput = z.object({
  asAt: optional(date),
  known: optional(z.enum(['now', 'then'])),
  standing: optional(z.enum(states)),
  kind: optional(z.enum(termKinds)),
  house: optional(z.enum(['commons', 'lords'])),
  party: optional(z.string().max(100)),
  office: optional(z.string().max(64)),
  course: optional(z.string().max(64)),
  q: optional(z.string().max(100)),
  sort: optional(z.enum(['name', 'due', 'standing'])),
  page: optional(z.coerce.number().int().min(1).max(100_000)),
})
export type ListInput = z.output<typeof listInput>

/** The same list again with something changed: filters live in the address. */
export function listAddress(
  path: string,
  input: ListInput,
  change: Partial<ListInput> = {},
): string {
  const wanted = Object.entries({ ...input, page: undefined, ...change })
  const query = new URLSearchParams(
    wanted.flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  )
  const text = query.toString()
  return text ? `${path}?${text}` : path
}

export const queryOf = ({ known, ...input }: ListInput): ListQuery => {
  const given = Object.entries(input).filter(([, value]) => value !== undefined)
  return { ...(Object.fromEntries(given) as ListQuery), asKnownThen: known === 'then' }
}

/** Lists of who owes what, for whoever looks after them. */
export function compliancePages(parts: CompliancePagesParts): Page[] {
  const { compliance, people, clock } = parts

  async function show(lines: readonly Line[]): Promise<object[]> {
    const named = await people.byId(lines.map(({ person }) => person))
    const offices = await people.offices(lines.flatMap(({ part }) => part.office ?? []))
    return lines.map((line) => {
      const person = named.get(line.person)
      return {
        ...line,
        name: person ? calledName(person) : line.name,
        state: line.answer.absent ? 'absent' : line.answer.state,
        place: line.part.party ?? offices.get(line.part.office ?? '')?.name,
        house: line.part.house,
      }
    })
  }

  return [
    page({
      method: 'get',
      path: '/compliance',
      permission: 'see-lists',
      input: listInput,
      audit: 'nothing',
      async handle({ actor, input }) {
        if (!(await compliance.seesAnybody(actor))) throw refused('list.nobody')
        const { page: number = 1, sort = 'standing' } = input
        const listing = await compliance.list(actor, {
          ...queryOf(input),
          sort,
          page: number,
          size: pageSize,
        })
        const pages = Math.max(1, Math.ceil(listing.total / pageSize))
        return view(
          'compliance/list',
          { key: 'list.title' },
          {
            input: { ...input, sort },
            lines: await show(listing.lines),
            total: listing.total,
            people: listing.people,
            asAt: listing.asAt,
            isToday: listing.asAt === clock.today(),
            latest: clock.today(),
            tabs: tabs.map((state) => ({
              state,
              count: listing.counts[state],
              href: listAddress('/compliance', input, { standing: state }),
              current: input.standing === state,
            })),
            all: {
              href: listAddress('/compliance', input, { standing: undefined }),
              current: !input.standing,
            },
            kinds: termKinds,
            previous:
              number > 1 ? listAddress('/compliance', input, { page: number - 1 }) : undefined,
            next:
              number < pages ? listAddress('/compliance', input, { page: number + 1 }) : undefined,
            number,
            pages,
          },
        )
      },
    }),
  ]
}
