import { omit } from 'es-toolkit'
import { z } from 'zod'
import { hasRole, personOf, type Actor } from '../../../actor.js'
import { notFound } from '../../../errors.js'
import { calledName, termKinds } from '../../../people/people.js'
import {
  arrangements,
  liveDeliveries,
  type Plan,
} from '../../../training-sessions/training-sessions.js'
import { boxes, dayField, optional } from '../../fields.js'
import { go, page, view, type Answer, type Page, type Typed } from '../../page.js'
import { id, sessionAddress, type TrainingSessionPagesParts } from './around.js'

const permission = 'run-training-sessions'
const text = z.string().max(300)

const planInput = z.object({
  course: z.string().max(100),
  delivery: z.enum(liveDeliveries, 'say:sessions.no-delivery'),
  on: dayField('sessions.no-on'),
  from: text,
  to: text,
  venue: optional(text),
  link: optional(text),
  capacity: z.coerce.number('say:training-session.fault.capacity'),
  trainers: boxes(text),
  kinds: boxes(z.enum(termKinds)),
  house: optional(z.enum(['commons', 'lords'])),
  arrangements: boxes(z.enum(arrangements)),
  linesApart: z.stringbool().default(false),
  verified: z.stringbool().default(false),
})
const repeats = ['no', 'week', 'two-weeks', 'month'] as const
const repeatInput = z.object({
  every: z.enum(repeats).default('no'),
  times: z.coerce.number().int().default(2),
  poll: optional(id),
  slot: optional(id),
})

/** A plan from its form; of a change without the number of places, which stays. */
function planOf<Input extends Partial<Omit<z.output<typeof planInput>, 'capacity'>>>(input: Input) {
  const { kinds = [], house, venue, link, linesApart, verified, ...rest } = input
  return {
    ...rest,
    ...(venue === undefined ? {} : { venue }),
    ...(link === undefined ? {} : { link }),
    invited: { ...(kinds.length > 0 ? { kinds } : {}), ...(house ? { house } : {}) },
    ...(linesApart ? { linesApart } : {}),
    ...(verified ? { verified } : {}),
  }
}

/** A training session's plan as the fields of its form. */
const typedOf = (session: Plan): Typed => ({
  ...session,
  kinds: session.invited.kinds ?? [],
  house: session.invited.house,
})

/** Planning training sessions: one, a series, a change, the end of it. */
export function planningPages(parts: TrainingSessionPagesParts): Page[] {
  const { training, identity, people, catalogue, clock } = parts
  const { planning, browsing, polls } = training

  async function form(actor: Actor, typed: Typed, own?: string): Promise<Answer> {
    const holders = await identity.holders('trainer')
    const known = await people.byId(holders.flatMap(({ person }) => person ?? []))
    const self = personOf(actor)
    const ticked = (name: string, value: string): boolean =>
      [typed[name] ?? []].flat().includes(value)
    const chosen = typed['trainers'] === undefined && own === undefined ? [self] : undefined
    const trainers = [...known.values()]
      .map((person) => ({
        id: person.id,
        name: calledName(person),
        checked: chosen ? chosen.includes(person.id) : ticked('trainers', person.id),
      }))
      .sort((one, other) => one.name.localeCompare(other.name))
    const model = {
      own,
      typed,
      // Who organises sets how many may come. A trainer need not see it beside the register.
      capacity: own === undefined || hasRole(actor, 'coordinator'),
      trainers,
      courses: [...catalogue().courses.values()]
        .filter(({ deliveries, retiredOn }) => {
          const isLive = deliveries.some(({ delivery }) => delivery !== 'online')
          return isLive && (retiredOn === undefined || retiredOn >= clock.today())
        })
        .map(({ course, title }) => ({ course, title, selected: typed['course'] === course })),
      deliveries: liveDeliveries.map((delivery) => ({
        delivery,
        checked: typed['delivery'] === delivery,
      })),
      kinds: termKinds.map((kind) => ({ kind, checked: ticked('kinds', kind) })),
      houses: (['commons', 'lords'] as const).map((house) => ({
        house,
        selected: typed['house'] === house,
      })),
      arrangements: arrangements.map((one) => ({
        arrangement: one,
        checked: ticked('arrangements', one),
      })),
      repeats: repeats.map((every) => ({ every, selected: typed['every'] === every })),
    }
    const title = { key: own === undefined ? 'sessions.plan' : 'sessions.change' }
    return view('training-sessions/plan', title, model)
  }

  return [
    page({
      method: 'get',
      path: '/training-sessions/plan',
      permission,
      input: z.looseObject({}),
      audit: 'nothing',
      handle: ({ actor, input }) => form(actor, { capacity: 20, ...input }),
    }),
    page({
      method: 'post',
      path: '/training-sessions/plan',
      permission,
      input: planInput.extend(repeatInput.shape),
      audit: 'act',
      async handle({ actor, input }) {
        const { every, times, poll, slot, ...rest } = input
        const plan = planOf(rest)
        if (poll !== undefined && slot !== undefined) {
          const proposals = await polls.proposals(actor, poll, plan.capacity)
          const proposal = proposals.find((one) => one.slot === slot)
          if (!proposal) throw notFound()
          return go(sessionAddress((await polls.plan(actor, poll, proposal, plan)).id))
        }
        if (every !== 'no') {
          await planning.planSeries(actor, plan, { every, times })
          return go('/training-sessions')
        }
        const { id: planned } = await planning.plan(actor, plan)
        return go(sessionAddress(planned))
      },
      besides({ actor, input }) {
        const { every = 'no', times = NaN, ...rest } = input
        const plan = planOf(omit(rest, ['poll', 'slot']))
        return every === 'no'
          ? planning.check(actor, plan)
          : planning.checkSeries(actor, plan, { every, times })
      },
      again: ({ actor, input }) => form(actor, input),
    }),
    page({
      method: 'get',
      path: '/training-sessions/:id/change',
      permission,
      input: z.object({ id }),
      audit: 'nothing',
      async handle({ actor, input }) {
        const session = await planning.planOf(actor, input.id)
        return form(actor, typedOf(session), input.id)
      },
    }),
    page({
      method: 'post',
      path: '/training-sessions/:id/change',
      permission,
      input: planInput.extend({ id, capacity: optional(planInput.shape.capacity) }),
      audit: 'act',
      async handle({ actor, input }) {
        const { id: own, capacity, ...rest } = input
        const changes = { ...planOf(rest), ...(capacity === undefined ? {} : { capacity }) }
        await planning.change(actor, own, changes)
        return go(sessionAddress(own))
      },
      async besides({ actor, input }) {
        const { id: own = '', capacity, ...rest } = input
        await planning.planOf(actor, own)
        const changes = { ...planOf(rest), ...(capacity === undefined ? {} : { capacity }) }
        return planning.check(actor, changes, own)
      },
      again: ({ actor, input }) => form(actor, input, String(input['id'])),
    }),
    page({
      method: 'get',
      path: '/training-sessions/:id/cancel',
      permission,
      input: z.object({ id }),
      audit: 'nothing',
      handle: ({ actor, input }) => cancelForm(actor, input.id),
    }),
    page({
      method: 'post',
      path: '/training-sessions/:id/cancel',
      permission,
      input: z.object({
        id,
        reason: z.string().max(500).default(''),
        series: z.stringbool().default(false),
      }),
      audit: 'act',
      async handle({ actor, input }) {
        await planning.cancel(actor, input.id, input.reason, input.series)
        return go(sessionAddress(input.id))
      },
      again: ({ actor, input }) => cancelForm(actor, String(input['id'])),
      faultsAt: 'reason',
    }),
  ]

  async function cancelForm(actor: Actor, session: string): Promise<Answer> {
    const found = await browsing.get(actor, session)
    const model = { session: found, courseName: parts.courseTitle(found.course) }
    return view('training-sessions/cancel', { key: 'sessions.cancel' }, model)
  }
}
