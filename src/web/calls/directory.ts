import { z } from 'zod'
import type { People, Rehearsal } from '../../people/people.js'
import { call, reply, type Asked, type Call } from '../call.js'
import { directoryUploadOf } from '../directory-upload.js'

const told = (
  { id, counts, unchanged, asks, endingShare, faults }: Rehearsal,
  { say }: Asked<unknown>,
  confirmed: boolean,
): object => ({
  id,
  confirmed,
  counts,
  unchanged,
  endingShare,
  asks,
  faults: faults.map((fault) => ({ ...fault, say: undefined, detail: say(fault.say) })),
})

/** The directory brought up to date by a program (interface, *API*). */
export const directoryCalls = ({ people: { directory } }: { people: People }): Call[] => [
  call({
    method: 'post',
    path: '/directory',
    scope: 'directory',
    says: 'Rehearses the five files of a directory, and imports them where dryRun is false.',
    input: z.object({
      dryRun: z.enum(['true', 'false']).default('true'),
      source: z
        .string()
        .regex(/^[a-z0-9-]{1,40}$/)
        .default('directory'),
      /** Says that an import which ends an unusual share of all terms is meant. */
      ending: z.enum(['meant']).optional(),
    }),
    audit: 'act',
    upload: 'file',
    async handle(asked) {
      const { actor, files, input } = asked
      const rehearsal = await directory.rehearse(actor, directoryUploadOf(files), input.source)
      if (input.dryRun === 'true') return reply(told(rehearsal, asked, false))
      await directory.confirm(actor, rehearsal.id, { allowEnding: input.ending === 'meant' })
      return reply(told(rehearsal, asked, true))
    },
  }),
]
