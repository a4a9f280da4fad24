import { z } from 'zod'
import { instantOf, parseDay } from '../../clock.js'
import type { Completion, Completions } from '../../completions/completions.js'
import { invalid } from '../../errors.js'
import { call, reply, type Call } from '../call.js'

const pageSize = 500

/** Where a reader of completions is: what comes after this one, in the order of recording. */
const placeOf = ({ recordedAt, id }: Completion): string =>
  Buffer.from(`${recordedAt.getTime()} ${id}`).toString('base64url')

/** A day (from its beginning), or the place that an answer gave. Throws invalid for anything else. */
function readPlace(since: string): { at: Date; id: string } {
  const day = parseDay(since)
  const start = day && instantOf(day, '00:00')
  if (start) return { at: start, id: '' }
  const [, at, id = ''] =
    /^(\d{1,15}) (\S+)$/.exec(Buffer.from(since, 'base64url').toString()) ?? []
  if (at === undefined) throw invalid('api.since')
  return { at: new Date(Number(at)), id }
}

/** Completions for programs that follow along (interface, *API*). */
export const completionCalls = ({ completions }: { completions: Completions }): Call[] => [
  call({
    method: 'get',
    path: '/completions',
    scope: 'completions',
    says: 'Completions recorded since a time, or since the place that the last answer gave.',
    input: z.object({ since: z.string().max(200).default('1970-01-01') }),
    audit: 'nothing',
    async handle({ input }) {
      const since = readPlace(input.since)
      const found = await completions.since(since, pageSize)
      const last = found.at(-1)
      return reply({
        completions: found.map((completion) => {
          const { id, person, course, version, delivery, on, recordedAt, annulled } = completion
          return {
            id,
            person,
            course,
            version,
            delivery,
            on,
            recordedAt,
            ...(annulled ? { annulled: annulled.at } : {}),
          }
        }),
        next: last ? placeOf(last) : input.since,
        more: found.length === pageSize,
      })
    },
  }),
]
