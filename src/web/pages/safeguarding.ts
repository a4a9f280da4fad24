import { z } from 'zod'
import { dayOf } from '../../clock.js'
import { invalid } from '../../errors.js'
import type { Bilingual } from '../../language.js'
import type { People } from '../../people/people.js'
import type { Apart, Pair } from '../../sanctions/sanctions.js'
import type { TrainingSessions } from '../../training-sessions/training-sessions.js'
import { go, page, view, type Answer, type Page, type Typed } from '../page.js'
import { namesOf } from './outcomes/officer-view.js'

export interface SafeguardingPagesParts {
  apart: Apart
  people: People
  training: Pick<TrainingSessions, 'meetings'>
  courseTitle: (course: string) => Bilingual
}

const path = '/safeguarding'
const text = z.string().trim().min(1).max(200)

/** The page of safeguarding officers: who is not to be seated with whom, known to nobody else. */
export function safeguardingPages(parts: SafeguardingPagesParts): Page[] {
  const { apart, people, training, courseTitle } = parts

  /** Where the two were both present while they were to be kept apart. */
  async function metOf(pair: Pair): Promise<object[]> {
    const meetings = await training.meetings(pair.protected, pair.other)
    const until = pair.ended && dayOf(pair.ended.at)
    return meetings
      .filter(({ on }) => on >= dayOf(pair.at) && (until === undefined || on <= until))
      .map(({ course, on }) => ({ title: courseTitle(course), on }))
  }

  /** The person whom a directory id or an e-mail address means. */
  async function personIn(field: string, written: string): Promise<string> {
    const found = (await people.byEmail(written)) ?? (await people.byId([written])).get(written)
    if (found) return found.id
    throw invalid('apart.unknown-person', undefined, [
      { field, say: { key: 'apart.unknown-person' } },
    ])
  }

  async function shown(
    pairs: Awaited<ReturnType<Apart['pairs']>>,
    more: { typed?: Typed } = {},
  ): Promise<Answer> {
    const name = await namesOf(
      people,
      pairs.flatMap((pair) => [pair.protected, pair.other]),
    )
    const rows = await Promise.all(
      pairs.map(async (pair) => ({
        id: pair.id,
        protected: name(pair.protected),
        other: name(pair.other),
        at: dayOf(pair.at),
        endedAt: pair.ended && dayOf(pair.ended.at),
        met: await metOf(pair),
      })),
    )
    return view('safeguarding/pairs', { key: 'apart.title' }, { pairs: rows, ...more })
  }

  return [
    page({
      method: 'get',
      path,
      permission: 'safeguard',
      sealed: true,
      input: z.object({}),
      audit: 'nothing',
      handle: async ({ actor }) => shown(await apart.pairs(actor)),
    }),
    page({
      method: 'post',
      path,
      permission: 'safeguard',
      sealed: true,
      input: z.object({ protected: text, other: text }),
      audit: 'nothing',
      async handle({ actor, input }) {
        const pair = {
          protected: await personIn('protected', input.protected),
          other: await personIn('other', input.other),
        }
        await apart.keep(actor, pair)
        return go(path)
      },
      again: async ({ actor, input }) => shown(await apart.pairs(actor), { typed: input }),
      faultsAt: 'protected',
    }),
    page({
      method: 'post',
      path: `${path}/:id/end`,
      permission: 'safeguard',
      sealed: true,
      input: z.object({ id: z.string().max(60) }),
      audit: 'nothing',
      async handle({ actor, input }) {
        await apart.end(actor, input.id)
        return go(path)
      },
    }),
  ]
}
