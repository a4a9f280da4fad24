import { z } from 'zod'
import { instantOf, parseDay } from '../../clock.js'
import type { Completion, Completions } from '../../completions/completions.js'
import type { Certificates } from '../../certificates/certificates.js'
import { invalid, notFound } from '../../errors.js'
import type { Words } from '../../language.js'
import { call, reply, type Call } from '../call.js'
import { certificateJson } from '../certificate-json.js'

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

/** Completions for programs that follow along, and their certificates (interface, *API*). */
export const completionCalls = ({
  completions,
  certificates,
  words,
}: {
  completions: Completions
  certificates: { open: Pick<Certificates['open'], 'find'> }
  words: Words
}): Call[] => [
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
  call({
    method: 'get',
    path: '/certificates/:serial',
    scope: 'completions',
    says: 'A certificate as anybody may check it: at issue and now, and what became of it.',
    input: z.object({ serial: z.string().max(200) }),
    audit: 'nothing',
    async handle({ input: { serial } }) {
      const found = await certificates.open.find(serial)
      if (!found) throw notFound()
      return reply(certificateJson(words, found))
    },
  }),
]
