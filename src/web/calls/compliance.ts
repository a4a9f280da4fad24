import { z } from 'zod'
import { standingJson, type Compliance } from '../../compliance/compliance.js'
import { calledName, type People } from '../../people/people.js'
import { call, reply, type Call } from '../call.js'
import { dayField, optional } from '../fields.js'
import { denominatorOf, listInput, queryOf } from '../pages/compliance/filters.js'

const id = z.string().max(64)
const mostOnPage = 1000

/** People and their standing, for programs (interface, *API*). */
export const complianceCalls = (parts: { compliance: Compliance; people: People }): Call[] => {
  const { compliance, people } = parts
  return [
    call({
      method: 'get',
      path: '/people/:id',
      scope: 'compliance',
      says: 'A person, with their terms as known now.',
      input: z.object({ id }),
      audit: 'nothing',
      async handle({ input }) {
        const person = await people.get(input.id)
        const tenure = (await people.tenures([person.id])).get(person.id)
        const terms = (tenure?.terms ?? []).map(
          ({ kind, house, party, office, title, from, to }) => ({
            kind,
            house,
            party,
            office,
            title,
            from,
            to,
          }),
        )
        return reply({ id: person.id, name: calledName(person), language: person.language, terms })
      },
    }),
    call({
      method: 'get',
      path: '/people/:id/standing',
      scope: 'compliance',
      says: 'What a person owes, as at a date, and why.',
      input: z.object({ id, asAt: optional(dayField()) }),
      audit: 'nothing',
      async handle({ actor, input, say }) {
        const lines = await compliance.ofPerson(actor, input.id, input.asAt)
        return reply(lines.map((line) => standingJson(line, say)))
      },
    }),
    call({
      method: 'get',
      path: '/compliance',
      scope: 'compliance',
      says: 'A list of requirements as at a date, with counts and whom they count.',
      input: listInput.extend({
        size: optional(z.coerce.number().int().min(1).max(mostOnPage)),
      }),
      audit: 'nothing',
      async handle({ actor, input, say }) {
        const { page = 1, size = 100 } = input
        const listing = await compliance.list(actor, { ...queryOf(input), page, size })
        return reply({
          asAt: listing.asAt,
          counted: say(denominatorOf(listing)),
          people: listing.people,
          counts: listing.counts,
          total: listing.total,
          page,
          size,
          lines: listing.lines.map((line) => ({ name: line.name, ...standingJson(line, say) })),
        })
      },
    }),
  ]
}
