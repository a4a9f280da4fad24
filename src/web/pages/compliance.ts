import { omit } from 'es-toolkit'
import { personOf } from '../../actor.js'
import type { Line } from '../../compliance/compliance.js'
import { refused } from '../../errors.js'
import { termKinds } from '../../people/people.js'
import { page, view, type Page } from '../page.js'
import { pagingOf } from '../paging.js'
import { actingPages } from './compliance/acting.js'
import { exportPages, formats } from './compliance/exports.js'
import {
  addressOf,
  denominatorOf,
  listAddress,
  listInput,
  queryOf,
  type ListInput,
} from './compliance/filters.js'
import type { CompliancePagesParts } from './compliance/parts.js'
import { picturesPage } from './compliance/pictures.js'
import { personPage, placesOf, stateOf } from './compliance/person.js'

const pageSize = 20
/** Where the certificates of those on a list who have completed are put together. */
const bundleAddress = (input: ListInput): string =>
  listAddress('/certificate-bundles/new', { ...input, standing: undefined, sort: undefined })
const open = ['overdue', 'due', 'expected']
// A longer list of offices would be no help to choose from; the address takes any.
const mostOffices = 60
// What needs action stands first, what does not last.
const tabs = ['overdue', 'due', 'expected', 'complete', 'excused', 'absent'] as const

/** Lists of who owes what, for whoever looks after them. */
export function compliancePages(parts: CompliancePagesParts): Page[] {
  const { compliance, people, savedViews, clock } = parts

  async function show(lines: readonly Line[], { asAt, known }: ListInput): Promise<object[]> {
    const place = await placesOf(
      lines.map(({ part }) => part),
      people,
    )
    return lines.map((line) => ({
      ...line,
      state: stateOf(line.answer),
      place: place(line.part),
      house: line.part.house,
      open: open.includes(line.answer.state),
      href: addressOf(`/compliance/people/${encodeURIComponent(line.person)}`, { asAt, known }),
    }))
  }

  async function officeChoices(ids: readonly string[], chosen: string | undefined) {
    if (ids.length < 2 || ids.length > mostOffices) return []
    const offices = [...(await people.offices(ids)).values()]
    return offices
      .toSorted((a, b) => a.name.localeCompare(b.name))
      .map(({ id, name }) => ({ id, name, chosen: id === chosen }))
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
        const { counts, choices } = listing
        const to = (change: Partial<ListInput>) => listAddress('/compliance', input, change)
        return view(
          'compliance/list',
          { key: 'list.title' },
          {
            input: { ...input, sort },
            lines: await show(listing.lines, input),
            total: listing.total,
            bundle: bundleAddress(input),
            counted: denominatorOf(listing),
            asAt: listing.asAt,
            isToday: listing.asAt === clock.today(),
            latest: clock.today(),
            tabs: tabs
              .filter(
                (state) => listing.tellsAbsence || (state !== 'excused' && state !== 'absent'),
              )
              .map((state) => ({
                state,
                count: counts[state],
                href: to({ standing: state }),
                current: input.standing === state,
              })),
            filtered: Object.values(omit(input, ['page', 'standing'])).some(
              (value) => value !== undefined,
            ),
            query: listAddress('', input).slice(1),
            remindAll: open.some((state) => counts[state as 'due'] > 0)
              ? listAddress('/compliance/remind', input)
              : undefined,
            pictures: to({ standing: undefined }).replace('/compliance', '/compliance/pictures'),
            views: await savedViews.of(actor),
            hasDelegates: personOf(actor) !== undefined,
            exports: formats.map((format) => ({
              format,
              href: listAddress(`/compliance.${format}`, input),
            })),
            all: { href: to({ standing: undefined }), current: !input.standing },
            kinds: termKinds,
            parties: choices.parties,
            offices: await officeChoices(choices.offices, input.office),
            ...pagingOf({ total: listing.total, size: pageSize, number }, (page) => to({ page })),
          },
        )
      },
    }),
    ...actingPages(parts),
    picturesPage(parts),
    personPage(parts),
    ...exportPages(parts),
  ]
}
