import { omit } from 'es-toolkit'
import { z } from 'zod'
import type { Actor } from '../../actor.js'
import type { Adjustments } from '../../adjustments/adjustments.js'
import type { Catalogue } from '../../courses/courses.js'
import { notFound } from '../../errors.js'
import type { Identity } from '../../identity/identity.js'
import type { Bilingual } from '../../language.js'
import { calledName, type People } from '../../people/people.js'
import { liveDeliveries, type TrainingSessions } from '../../training-sessions/training-sessions.js'
import { dayField } from '../fields.js'
import { go, page, view, type Answer, type Page, type Typed } from '../page.js'

export interface OneToOnePagesParts {
  adjustments: Adjustments
  training: TrainingSessions
  people: People
  identity: Pick<Identity, 'holders'>
  catalogue: () => Catalogue
  courseTitle: (course: string) => Bilingual
}

const permission = 'safeguard'
const path = '/adjustments/one-to-one'
const text = z.string().trim().max(300).default('')
const planned = z.object({
  id: z.string().max(64),
  course: z.string().max(100),
  delivery: z.enum(liveDeliveries, 'say:sessions.no-delivery'),
  on: dayField('sessions.no-on'),
  from: text,
  to: text,
  venue: text,
  link: text,
  trainers: text,
})

/** A plan from as much of its form as could be read. */
function planOf<Input extends Partial<Omit<z.output<typeof planned>, 'id'>>>(input: Input) {
  const { venue = '', link = '', trainers = '', ...rest } = input
  return {
    ...rest,
    ...(venue === '' ? {} : { venue }),
    ...(link === '' ? {} : { link }),
    capacity: 1,
    invited: {},
    trainers: trainers === '' ? [] : [trainers],
    arrangements: [],
  }
}

/** Training with one person, where a safeguarding officer has agreed to it: planned by an officer. */
export function oneToOnePages(parts: OneToOnePagesParts): Page[] {
  const { adjustments, training, people, catalogue, courseTitle } = parts

  async function list(actor: Actor): Promise<Answer> {
    const agreed = await adjustments.agreed(actor)
    const ids = agreed.map(({ person }) => person)
    const [known, sessions] = await Promise.all([people.byId(ids), training.oneToOne.of(ids)])
    const routes = agreed.map(({ id, person }) => {
      const found = known.get(person)
      const own = sessions.filter((session) => session.person === person)
      return {
        id,
        name: found ? calledName(found) : '',
        planned: own.map((session) => ({ ...session, title: courseTitle(session.course) })),
      }
    })
    return view('adjustments/one-to-one', { key: 'adjustments.one-to-one-title' }, { routes })
  }

  async function personOf(actor: Actor, id: unknown): Promise<string> {
    const route = (await adjustments.agreed(actor)).find((one) => one.id === id)
    if (!route) throw notFound()
    return route.person
  }

  async function form(actor: Actor, typed: Typed): Promise<Answer> {
    const person = await people.get(await personOf(actor, typed['id']))
    const holders = await parts.identity.holders('trainer')
    const trainers = await people.byId(holders.flatMap((holder) => holder.person ?? []))
    const model = {
      typed,
      name: calledName(person),
      courses: [...catalogue().courses.values()]
        .filter(({ deliveries }) => deliveries.some(({ delivery }) => delivery !== 'online'))
        .map(({ course, title }) => ({ course, title, selected: typed['course'] === course })),
      deliveries: liveDeliveries.map((delivery) => ({
        delivery,
        checked: typed['delivery'] === delivery,
      })),
      trainers: [...trainers.values()].map((trainer) => ({
        id: trainer.id,
        name: calledName(trainer),
        selected: typed['trainers'] === trainer.id,
      })),
    }
    return view('adjustments/one-to-one-plan', { key: 'adjustments.one-to-one-plan' }, model)
  }

  return [
    page({
      method: 'get',
      path,
      permission,
      input: z.object({}),
      audit: 'nothing',
      handle: ({ actor }) => list(actor),
    }),
    page({
      method: 'get',
      path: `${path}/:id`,
      permission,
      input: z.object({ id: z.string().max(64) }),
      audit: 'nothing',
      handle: ({ actor, input }) => form(actor, input),
    }),
    page({
      method: 'post',
      path: `${path}/:id`,
      permission,
      input: planned,
      audit: 'act',
      async handle({ actor, input }) {
        await training.oneToOne.plan(
          actor,
          await personOf(actor, input.id),
          planOf(omit(input, ['id'])),
        )
        return go(path)
      },
      besides: async ({ actor, input }) =>
        training.oneToOne.check(
          actor,
          await personOf(actor, input.id),
          planOf(omit(input, ['id'])),
        ),
      again: ({ actor, input }) => form(actor, input),
    }),
  ]
}
