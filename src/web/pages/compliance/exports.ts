import { Readable } from 'node:stream'
import { personOf, type Actor } from '../../../actor.js'
import type { Line, LongListing } from '../../../compliance/compliance.js'
import { invalid } from '../../../errors.js'
import { writeTime, type Language, type Sentence } from '../../../language.js'
import { calledName } from '../../../people/people.js'
import { remembering } from '../../../remembering.js'
import { writeCsv, writePdf, writeXlsx, type Cell, type Handfuls } from '../../../tables/tables.js'
import { file, page, type Page } from '../../page.js'
import type { CompliancePagesParts } from './parts.js'
import { addressOf, denominatorOf, exportInput, filterSentences, queryOf } from './filters.js'
import { stateOf } from './person.js'

export const formats = ['csv', 'xlsx', 'pdf'] as const
type Format = (typeof formats)[number]

// More than a hundred pages are nothing that anybody reads on paper.
const mostOnPaper = 2000

const columns = [
  'name',
  'id',
  'capacity',
  'house',
  'place',
  'requirement',
  'standing',
  'since',
  'due',
  'until',
  'progress',
  'why',
] as const
const onPaper = ['name', 'place', 'requirement', 'standing', 'due', 'why'] as const
const shares = [2.2, 2.2, 2.2, 1.3, 1.3, 4]

async function* oneByOne({ handfuls }: Handfuls): AsyncGenerator<readonly Cell[]> {
  for await (const some of handfuls) yield* some
}

/** A list to take away, by the same call that the page makes: all its lines, and who took them when. */
export function exportPages(parts: CompliancePagesParts): Page[] {
  const { compliance, people, programmes, identity, clock, audit, words } = parts

  async function nameOf(actor: Actor): Promise<string> {
    const id = personOf(actor)
    const person = id === undefined ? undefined : await people.find(id)
    if (person) return calledName(person)
    return actor.kind === 'person' ? (await identity.getAccount(actor.account)).email : actor.kind
  }

  /** What each line says in each column, in one language. */
  async function rowsOf(listing: LongListing, language: Language) {
    const say = (sentence: Sentence) => words.say(language, sentence)
    // The same few things are said in a hundred thousand lines: each is put into words once.
    const named = (list: string) => remembering((one: string) => say({ key: `${list}.${one}` }))
    const [capacity, house] = [named('standing.kind'), named('standing.house')]
    const [standing, progressed] = [named('standing.name'), named('standing.progress')]
    const reason = remembering(say)
    const offices = await people.offices()
    const titles = new Map(
      (await programmes.adopted()).flatMap(({ duties }) =>
        duties.map(({ id, title }) => [id, title[language]] as const),
      ),
    )
    const cellOf: Record<(typeof columns)[number], (line: Line) => Cell> = {
      name: ({ name }) => name,
      id: ({ person }) => person,
      capacity: ({ kind }) => capacity(kind),
      house: ({ part }) => house(part.house),
      place: ({ part }) => part.party ?? offices.get(part.office ?? '')?.name,
      requirement: ({ duty }) => titles.get(duty) ?? duty,
      standing: ({ answer }) => standing(stateOf(answer)),
      since: ({ answer }) => answer.since,
      due: ({ answer }) => answer.due,
      until: ({ answer }) => answer.until,
      progress: ({ progress }) => progress && progressed(progress),
      why: ({ why }) => reason(why),
    }
    return function rows(
      wanted: readonly (typeof columns)[number][],
      last: readonly Cell[] = [],
    ): Handfuls {
      const cells = wanted.map((column) => cellOf[column])
      async function* handfuls() {
        for await (const lines of listing.handfuls) {
          yield lines.map((line) => cells.map((cell) => cell(line)))
        }
        if (last.length > 0) yield [[...last, ...wanted.slice(last.length).map(() => undefined)]]
      }
      return { handfuls: handfuls() }
    }
  }

  const exportPage = (format: Format): Page =>
    page({
      method: 'get',
      path: `/compliance.${format}`,
      permission: 'see-lists',
      input: exportInput,
      audit: 'act',
      async handle({ actor, input, language }) {
        const { bom, ...filters } = input
        const say = (sentence: Sentence) => words.say(language, sentence)
        const listing = await compliance.listAll(actor, queryOf(filters))
        if (format === 'pdf' && listing.total > mostOnPaper) {
          throw invalid('list.too-long-for-paper', { lines: listing.total, most: mostOnPaper })
        }
        const filter = addressOf('', filters).slice(1)
        const { asAt, total: lines } = listing
        const office = filters.office
          ? (await people.offices([filters.office])).get(filters.office)?.name
          : undefined
        const narrowed = filterSentences(filters, office).map(say)
        const watermark = say({
          key: 'list.watermark',
          with: {
            who: await nameOf(actor),
            on: clock.today(),
            at: writeTime(language, clock.now()),
            filter: narrowed.length > 0 ? narrowed.join('; ') : say({ key: 'list.unfiltered' }),
            known: say({ key: `list.known-${filters.known ?? 'now'}` }),
            counted: say(denominatorOf(listing)),
            lines,
          },
        })
        // Recorded before the first byte leaves: what is broken off has been taken all the same.
        await audit.record(actor, { act: 'list.exported', format, asAt, lines, filter })
        const rows = await rowsOf(listing, language)
        const named = (wanted: readonly string[]) =>
          wanted.map((column) => say({ key: `list.column.${column}` }))
        const name = `${say({ key: 'list.file-name' })}-${asAt}.${format}`
        // The watermark stands last: a file that ends without it is not whole.
        switch (format) {
          case 'csv': {
            const bytes = writeCsv(named(columns), rows(columns, [watermark]), {
              mark: bom !== 'no',
            })
            return file(Readable.from(bytes), 'text/csv; charset=utf-8', { name })
          }
          case 'xlsx': {
            const title = say({ key: 'list.title' })
            const bytes = writeXlsx(title, named(columns), rows(columns, [watermark]))
            return file(
              Readable.from(bytes),
              'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
              { name },
            )
          }
          case 'pdf': {
            const body = await writePdf({
              language,
              title: say({ key: 'list.title' }),
              lead: say(denominatorOf(listing)),
              header: named(onPaper),
              shares,
              rows: oneByOne(rows(onPaper)),
              watermark,
              pageName: (number) => say({ key: 'list.page', with: { number } }),
              created: clock.now(),
            })
            return file(body, 'application/pdf', { name })
          }
        }
      },
    })
  return formats.map(exportPage)
}
