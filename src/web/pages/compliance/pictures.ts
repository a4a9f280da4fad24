import { omit } from 'es-toolkit'
import type { Actor } from '../../../actor.js'
import { addDays, addMonths, type Day } from '../../../clock.js'
import type { Listing, ListQuery } from '../../../compliance/compliance.js'
import { refused } from '../../../errors.js'
import { writeNumber, writeShortDay, type Language, type Sentence } from '../../../language.js'
import { page, view, type Page } from '../../page.js'
import { drawPicture, type Picture } from './chart.js'
import { denominatorOf, listAddress, listInput, notAhead, queryOf } from './filters.js'
import type { CompliancePagesParts } from './parts.js'

const months = 12
const weeks = 13
// What there is to reach: everybody of whom something is asked.
const target = 100
const mostOffices = 12
const mostCounted = 100
const houses = ['commons', 'lords'] as const

/** Of everybody counted who is neither excused nor absent: how many of a hundred have completed. */
function share({ counts }: Pick<Listing, 'counts'>): number | undefined {
  const asked = counts.complete + counts.due + counts.overdue + counts.expected
  return asked === 0 ? undefined : Math.round((counts.complete / asked) * 1000) / 10
}

/** A picture and the table that says the same. */
interface Shown {
  id: string
  title: string
  svg: string
  columns: readonly string[]
  rows: readonly { label: string; cells: readonly string[] }[]
}

/** Charts where people would rather look than read, each with its table. */
export function picturesPage(parts: CompliancePagesParts): Page {
  const { compliance, people, clock, words } = parts

  const counted = (actor: Actor, query: ListQuery) =>
    compliance.list(actor, { ...query, page: 1, size: 1 })

  const shown = (id: string, picture: Picture, say: (sentence: Sentence) => string): Shown => ({
    id,
    title: picture.title,
    svg: drawPicture(picture),
    columns: picture.series.map(({ name }) => name),
    rows: picture.labels.map((label, at) => ({
      label,
      cells: picture.series.map(({ values }) => {
        const value = values[at]
        return value === undefined
          ? say({ key: 'pictures.nobody' })
          : `${writeNumber(value)}${picture.unit}`
      }),
    })),
  })

  /** The last day of each of the last months, and today. */
  function monthEnds(today: Day): Day[] {
    const first = `${today.slice(0, 8)}01` as Day
    const ends = Array.from({ length: months }, (_, at) =>
      addDays(addMonths(first, at - months + 1), -1),
    )
    return [...ends, today]
  }

  async function overTime(actor: Actor, query: ListQuery, language: Language): Promise<Picture> {
    const say = (key: string) => words.say(language, { key })
    const days = monthEnds(clock.today())
    const wanted = query.house ? [query.house] : houses
    const series = []
    for (const house of wanted) {
      const values = []
      for (const asAt of days) values.push(share(await counted(actor, { ...query, house, asAt })))
      if (values.some((value) => value !== undefined)) {
        series.push({ name: say(`standing.house.${house}`), values })
      }
    }
    return {
      title: say('pictures.over-time'),
      labels: days.map((on) => writeShortDay(language, on)),
      series,
      most: 100,
      target: { name: say('pictures.target'), value: target },
      unit: '%',
      draw: 'lines',
    }
  }

  async function byOffice(actor: Actor, query: ListQuery, language: Language): Promise<Picture> {
    const { choices } = await counted(actor, query)
    // More offices than this are counted when the list has been narrowed to some of them.
    const offices = choices.offices.length > mostCounted ? [] : choices.offices
    const named = await people.offices(offices)
    const rated: { name: string; value: number }[] = []
    for (const office of offices) {
      const value = share(await counted(actor, { ...query, office }))
      const name = named.get(office)?.name
      if (value !== undefined && name) rated.push({ name, value })
    }
    // Those who have furthest to go stand first; a hundred bars would say nothing.
    const least = rated.toSorted((a, b) => a.value - b.value).slice(0, mostOffices)
    const complete = words.say(language, { key: 'standing.name.complete' })
    return {
      title: words.say(language, { key: 'pictures.by-office' }),
      labels: least.map(({ name }) => name),
      series: [{ name: complete, values: least.map(({ value }) => value) }],
      most: 100,
      unit: '%',
      draw: 'bars',
    }
  }

  async function forecast(actor: Actor, query: ListQuery, language: Language): Promise<Picture> {
    const today = clock.today()
    const counts = new Array<number>(weeks).fill(0)
    const { lines } = await compliance.listAll(actor, query)
    for await (const { answer } of lines) {
      const on = answer.state === 'complete' ? answer.until : answer.due
      if (!on || on < today || answer.state === 'overdue' || answer.absent) continue
      const week = Math.floor((Date.parse(on) - Date.parse(today)) / (7 * 86_400_000))
      if (week < weeks) counts[week] = (counts[week] ?? 0) + 1
    }
    return {
      title: words.say(language, { key: 'pictures.forecast' }),
      labels: counts.map((_, at) => writeShortDay(language, addDays(today, at * 7))),
      series: [{ name: words.say(language, { key: 'pictures.falls-due' }), values: counts }],
      most: Math.max(4, ...counts),
      unit: '',
      draw: 'bars',
    }
  }

  return page({
    method: 'get',
    path: '/compliance/pictures',
    permission: 'see-lists',
    input: listInput,
    audit: 'nothing',
    async handle({ actor, input, language }) {
      notAhead(input, clock.today())
      if (!(await compliance.seesAnybody(actor))) throw refused('list.nobody')
      const say = (sentence: Sentence) => words.say(language, sentence)
      // A picture is of time itself, and of every standing.
      const filters = omit(input, ['asAt', 'known', 'standing', 'page'])
      const query = queryOf(filters)
      const pictures = [
        shown('over-time', await overTime(actor, query, language), say),
        shown('by-office', await byOffice(actor, query, language), say),
        shown('forecast', await forecast(actor, query, language), say),
      ].filter(({ rows, columns }) => rows.length > 0 && columns.length > 0)
      const listing = await counted(actor, query)
      return view(
        'compliance/pictures',
        { key: 'pictures.title' },
        {
          pictures,
          counted: denominatorOf(listing),
          list: listAddress('/compliance', filters),
        },
      )
    },
  })
}
