import { Readable } from 'node:stream'
import { z } from 'zod'
import type { Actor } from '../../actor.js'
import { notFound } from '../../errors.js'
import { may } from '../../identity/identity.js'
import type { Language, Sentence, Words } from '../../language.js'
import type { Publication, PublishedEdition } from '../../publication/publication.js'
import { writeCsv, type Cell } from '../../tables/tables.js'
import { dayField } from '../fields.js'
import { file, go, page, view, type Answer, type Page, type Typed } from '../page.js'

export interface RegisterPagesParts {
  publication: Publication
  words: Words
}

const id = z.string().max(64)
const title: Sentence = { key: 'publication.title' }

/** The public transparency register: the latest edition, every earlier one, and what is on its way. */
export function registerPages({ publication, words }: RegisterPagesParts): Page[] {
  function* rowsOf(edition: PublishedEdition, say: (key: string) => string): Generator<Cell[]> {
    for (const { house, complete, incomplete, excusedOrAbsent, parties, names } of edition.houses) {
      const place = say(`standing.house.${house}`)
      const members = say('publication.members')
      yield [place, members, undefined, undefined, say('publication.complete'), complete]
      yield [place, members, undefined, undefined, say('publication.incomplete'), incomplete]
      if (excusedOrAbsent !== undefined) {
        const told = say('publication.excused-or-absent')
        yield [place, members, undefined, undefined, told, excusedOrAbsent]
      }
      for (const { party, ...count } of parties ?? []) {
        yield [place, members, party, undefined, say('publication.complete'), count.complete]
        yield [place, members, party, undefined, say('publication.incomplete'), count.incomplete]
      }
      for (const { name, party, since } of names ?? []) {
        yield [place, members, party, name, say('publication.complete'), since]
      }
    }
    for (const { id: house, complete, incomplete } of edition.staff?.rows ?? []) {
      const place = say(`standing.house.${house}`)
      yield [
        place,
        say('publication.staff'),
        undefined,
        undefined,
        say('publication.complete'),
        complete,
      ]
      yield [
        place,
        say('publication.staff'),
        undefined,
        undefined,
        say('publication.incomplete'),
        incomplete,
      ]
    }
  }

  function csvOf(edition: PublishedEdition, language: Language): Answer {
    const say = (key: string) => words.say(language, { key })
    const header = ['house', 'who', 'party', 'name', 'figure', 'value']
    const named = header.map((column) => say(`publication.column.${column}`))
    const bytes = writeCsv(named, rowsOf(edition, say))
    return file(Readable.from(bytes), 'text/csv; charset=utf-8', {
      name: `register-${edition.asAt}.csv`,
    })
  }
  const jsonOf = ({ json }: PublishedEdition): Answer =>
    file(Buffer.from(json), 'application/json', {})

  const latest = async (): Promise<PublishedEdition> => {
    const edition = await publication.latest()
    if (!edition) throw notFound()
    return edition
  }
  const shown = async (edition: PublishedEdition | undefined, language: Language) => ({
    edition,
    definitions: edition?.definitions[language],
    base: edition ? `/register/editions/${edition.id}` : undefined,
    editions: await publication.editions(),
  })
  /** The latest edition, and for whoever may prepare another, what is on its way. */
  async function register(actor: Actor, language: Language, typed: Typed = {}): Promise<Answer> {
    const mayPrepare = may(actor, 'change-programme')
    const prepared = mayPrepare ? await publication.prepared() : []
    const model = await shown(await publication.latest(), language)
    const waiting = prepared.map(({ _id, asAt, publishOn, named }) => ({
      id: _id,
      asAt,
      publishOn,
      named: named.length,
    }))
    const { noticeDays } = publication.rules
    return view('register/register', title, { ...model, mayPrepare, waiting, noticeDays, typed })
  }
  const open = { method: 'get', permission: 'public', audit: 'nothing' } as const
  const none = z.object({})

  return [
    page({
      ...open,
      path: '/register',
      input: none,
      handle: ({ actor, language }) => register(actor, language),
    }),
    page({
      ...open,
      path: '/register.json',
      input: none,
      handle: async () => jsonOf(await latest()),
    }),
    page({
      ...open,
      path: '/register.csv',
      input: none,
      handle: async ({ language }) => csvOf(await latest(), language),
    }),
    ...(['', '.json', '.csv'] as const)
      .map((format) =>
        page({
          ...open,
          path: `/register/editions/:id${format}`,
          input: z.object({ id }),
          async handle({ input, language }) {
            const edition = await publication.get(input.id)
            if (format === '.json') return jsonOf(edition)
            if (format === '.csv') return csvOf(edition, language)
            return view('register/register', title, await shown(edition, language))
          },
        }),
      )
      .toReversed(),
    page({
      method: 'post',
      path: '/register/prepare',
      permission: 'change-programme',
      input: z.object({ asAt: dayField('publication.no-as-at') }),
      audit: 'act',
      async handle({ actor, input }) {
        await publication.prepare(actor, input.asAt)
        return go('/register')
      },
      again: ({ actor, language, input }) => register(actor, language, input),
      faultsAt: 'asAt',
    }),
    page({
      method: 'post',
      path: '/register/:id/withdraw',
      permission: 'change-programme',
      input: z.object({ id }),
      audit: 'act',
      async handle({ actor, input }) {
        await publication.withdraw(actor, input.id)
        return go('/register')
      },
    }),
  ]
}
