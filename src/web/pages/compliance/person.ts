import { z } from 'zod'
import type { Line, PersonRecord, Requirement } from '../../../compliance/compliance.js'
import { may } from '../../../identity/identity.js'
import { calledName, type People } from '../../../people/people.js'
import { page, view, type Page } from '../../page.js'
import type { CompliancePagesParts } from './parts.js'
import { whenFields } from './filters.js'

/** A line's standing as lists call it: somebody who is away is absent, and no more is said. */
export const stateOf = ({ state, absent }: Pick<Line['answer'], 'state' | 'absent'>): string =>
  absent ? 'absent' : state

/** Where somebody is in a post: a Member's party, else the office. */
export async function placesOf(
  parts: readonly Line['part'][],
  people: Pick<People, 'offices'>,
): Promise<(part: Line['part']) => string | undefined> {
  const offices = await people.offices(parts.flatMap(({ office }) => office ?? []))
  return ({ party, office }) => party ?? offices.get(office ?? '')?.name
}

/** Everything about one person, as they and whoever looks after them may see it. */
export function personPage({ compliance, decisions, people, clock }: CompliancePagesParts): Page {
  async function show(record: PersonRecord): Promise<object[]> {
    const place = await placesOf(
      record.requirements.map(({ part }) => part),
      people,
    )
    return record.requirements.map((requirement: Requirement) => ({
      ...requirement,
      place: place(requirement.part),
      state: requirement.line ? stateOf(requirement.line.answer) : undefined,
      history: requirement.history.map((spell) => ({ ...spell, state: stateOf(spell) })),
    }))
  }

  return page({
    method: 'get',
    path: '/compliance/people/:person',
    permission: 'see-lists',
    input: z.object({ ...whenFields, person: z.string().max(64) }),
    audit: 'nothing',
    async handle({ actor, input }) {
      const { asAt, known } = input
      const record = await compliance.record(actor, input.person, {
        ...(asAt ? { asAt } : {}),
        asKnownThen: known === 'then',
      })
      const person = await people.get(input.person)
      // People can read the reason of their own excusal, and of nothing else that was decided.
      const excusals = record.own
        ? (await decisions.history(actor, input.person)).filter(
            ({ relief, decided }) => relief.kind === 'excusal' && decided?.granted,
          )
        : []
      return view(
        'compliance/person',
        { key: 'person.title', with: { name: calledName(person) } },
        {
          record,
          excusals,
          mayDecide: may(actor, 'decide') && !record.own,
          requirements: await show(record),
          known: known ?? 'now',
          isToday: record.asAt === clock.today(),
          latest: clock.today(),
        },
      )
    },
  })
}
