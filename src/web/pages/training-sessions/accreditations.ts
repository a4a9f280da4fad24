import { z } from 'zod'
import { refused } from '../../../errors.js'
import { hasRole, type Actor } from '../../../actor.js'
import { calledName } from '../../../people/people.js'
import { go, page, view, type Answer, type Page, type Typed } from '../../page.js'
import { dayField, optional } from '../../fields.js'
import { id, type TrainingSessionPagesParts } from './around.js'

const permission = 'run-training-sessions'
const path = '/training-sessions/accreditations'

/** Who may deliver what, and until when: granted and ended by coordinators. */
export function accreditationPages(parts: TrainingSessionPagesParts): Page[] {
  const { training, people, identity, catalogue, clock, courseTitle } = parts
  const { accreditations } = training

  async function show(actor: Actor, typed: Typed = {}): Promise<Answer> {
    if (!hasRole(actor, 'coordinator')) throw refused('accreditation.not-coordinator')
    const [held, holders] = await Promise.all([accreditations.of(), identity.holders('trainer')])
    const ids = [...held.map(({ person }) => person), ...holders.flatMap((one) => one.person ?? [])]
    const known = await people.byId([...new Set(ids)])
    const nameOf = (person: string): string => {
      const found = known.get(person)
      return found ? calledName(found) : person
    }
    const demanded = [...catalogue().courses.values()].flatMap((version) =>
      version.accreditations.map((name) => ({ name, title: courseTitle(version.course) })),
    )
    const names = [...new Set(demanded.map(({ name }) => name))]
    const model = {
      held: held.map((one) => ({ ...one, of: one.name, name: nameOf(one.person) })),
      trainers: holders.flatMap(({ person }) =>
        person === undefined
          ? []
          : [{ person, name: nameOf(person), selected: person === typed['person'] }],
      ),
      names: names.map((name) => ({
        name,
        courses: demanded.filter((one) => one.name === name).map(({ title }) => title),
      })),
      today: clock.today(),
      typed,
    }
    return view('training-sessions/accreditations', { key: 'sessions.accreditations' }, model)
  }

  return [
    page({
      method: 'get',
      path,
      permission,
      input: z.object({}),
      audit: 'nothing',
      handle: ({ actor }) => show(actor),
    }),
    page({
      method: 'post',
      path,
      permission,
      input: z.object({
        person: z.string().max(64),
        name: z.string().max(60),
        from: dayField('accreditation.no-from'),
        to: optional(dayField()),
      }),
      audit: 'act',
      async handle({ actor, input }) {
        const { person, name, from, to } = input
        await accreditations.grant(actor, {
          person,
          name,
          from,
          ...(to === undefined ? {} : { to }),
        })
        return go(path)
      },
      besides: ({ input }) => accreditations.check(input),
      again: ({ actor, input }) => show(actor, input),
    }),
    page({
      method: 'post',
      path: `${path}/:id/end`,
      permission,
      input: z.object({ id }),
      audit: 'act',
      async handle({ actor, input }) {
        await accreditations.end(actor, input.id, clock.today())
        return go(path)
      },
    }),
  ]
}
