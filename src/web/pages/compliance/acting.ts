import { z } from 'zod'
import type { Actor } from '../../../actor.js'
import type { Day } from '../../../clock.js'
import { invalid, type Fault } from '../../../errors.js'
import { calledName } from '../../../people/people.js'
import { dayField } from '../../fields.js'
import { go, page, view, type Page, type Typed } from '../../page.js'
import type { CompliancePagesParts } from './parts.js'
import { listAddress, listInput, notAhead, queryOf } from './filters.js'

const id = z.string().max(64)
const remindTitle = { key: 'remind.title' }

/** What whoever looks after people does from a list: remind them, keep the list, name a delegate. */
export function actingPages(parts: CompliancePagesParts): Page[] {
  const { people, reminders, savedViews, clock } = parts

  async function delegatesView(actor: Actor, typed: Typed = {}) {
    const named = await people.delegates.namedBy(actor)
    const persons = await people.byId(named.map(({ delegate }) => delegate))
    const today = clock.today()
    return view(
      'compliance/delegates',
      { key: 'delegates.title' },
      {
        today,
        ...typed,
        delegations: named.map((one) => {
          const person = persons.get(one.delegate)
          const name = person ? calledName(person) : one.delegate
          return { ...one, name, ended: one.to !== undefined && one.to < today }
        }),
      },
    )
  }

  async function wrongWith(
    actor: Actor,
    { email, ...days }: { email?: string; from?: Day; to?: Day },
  ): Promise<Fault[]> {
    if (email === undefined) return people.delegates.check(actor, days)
    const delegate = await people.byEmail(email)
    if (delegate) return people.delegates.check(actor, { delegate, ...days })
    const unknown = { field: 'email', say: { key: 'delegates.unknown' } }
    return [unknown, ...people.delegates.check(actor, days)]
  }

  return [
    page({
      method: 'get',
      path: '/compliance/remind',
      permission: 'see-lists',
      input: listInput,
      audit: 'nothing',
      async handle({ actor, input }) {
        notAhead(input, clock.today())
        const people = await reminders.count(actor, queryOf(input))
        const model = { people, query: input, list: listAddress('/compliance', input) }
        return view('compliance/remind', remindTitle, model)
      },
    }),
    page({
      method: 'post',
      path: '/compliance/remind',
      permission: 'see-lists',
      input: listInput,
      audit: 'act',
      async handle({ actor, input }) {
        notAhead(input, clock.today())
        const reminded = await reminders.remindAll(actor, queryOf(input))
        const list = listAddress('/compliance', input)
        return view('compliance/reminded', remindTitle, { ...reminded, list })
      },
    }),
    page({
      method: 'post',
      path: '/compliance/people/:person/remind',
      permission: 'see-lists',
      input: z.object({ person: id }),
      audit: 'act',
      async handle({ actor, input }) {
        const reminded = await reminders.remind(actor, input.person)
        return view('compliance/reminded', remindTitle, { ...reminded, list: '/compliance' })
      },
    }),
    page({
      method: 'post',
      path: '/compliance/views',
      permission: 'see-lists',
      input: z.object({ name: z.string().max(60), query: z.string().max(1000) }),
      audit: 'nothing',
      async handle({ actor, input: { name, query } }) {
        const filters = listInput.safeParse(Object.fromEntries(new URLSearchParams(query)))
        if (!filters.success) throw invalid('list.unknown-filter')
        const address = listAddress('/compliance', filters.data)
        await savedViews.save(actor, { name, query: address.split('?')[1] ?? '' })
        return go(address)
      },
    }),
    page({
      method: 'post',
      path: '/compliance/views/:id/remove',
      permission: 'see-lists',
      input: z.object({ id }),
      audit: 'nothing',
      async handle({ actor, input }) {
        await savedViews.remove(actor, input.id)
        return go('/compliance')
      },
    }),
    page({
      method: 'get',
      path: '/delegates',
      permission: 'see-lists',
      input: z.object({}),
      audit: 'nothing',
      handle: ({ actor }) => delegatesView(actor),
    }),
    page({
      method: 'post',
      path: '/delegates',
      permission: 'see-lists',
      input: z.object({
        email: z.string().max(200),
        from: dayField('delegates.no-from'),
        to: dayField('delegates.no-to'),
      }),
      audit: 'act',
      async handle({ actor, input }) {
        const { email, from, to } = input
        const delegate = await people.byEmail(email)
        if (!delegate) throw invalid('problem.input', undefined, await wrongWith(actor, input))
        await people.delegates.name(actor, { delegate, from, to })
        return go('/delegates')
      },
      besides: ({ actor, input }) => wrongWith(actor, input),
      again: ({ actor, input }) => delegatesView(actor, input),
      faultsAt: 'email',
    }),
    page({
      method: 'post',
      path: '/delegates/:id/end',
      permission: 'see-lists',
      input: z.object({ id }),
      audit: 'act',
      async handle({ actor, input }) {
        await people.delegates.end(actor, input.id)
        return go('/delegates')
      },
    }),
  ]
}
