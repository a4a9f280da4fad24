import { z } from 'zod'
import { hasRole, personOf, type Actor } from '../../../actor.js'
import { parseDay } from '../../../clock.js'
import { invalid } from '../../../errors.js'
import { may } from '../../../identity/identity.js'
import { liveDeliveries } from '../../../training-sessions/training-sessions.js'
import { go, page, view, type Answer, type Page, type Typed } from '../../page.js'
import { id, type TrainingSessionPagesParts } from './around.js'

const permission = 'run-training-sessions'
const path = '/training-sessions/polls'
const rowsOfForm = 5
// Proposals are made as if every room held as many.
const usualCapacity = 20
const line = z.string().max(20).default('')
const slotFields = Object.fromEntries(
  Array.from({ length: rowsOfForm }, (_, n) => [
    [`on-${n}`, line],
    [`from-${n}`, line],
    [`to-${n}`, line],
  ]).flatMap((fields) => fields as [string, typeof line][]),
)

/** The times of a form: every row that has anything in it. */
const slotsIn = (form: Typed) =>
  Array.from({ length: rowsOfForm }, (_, n) => {
    const [on = '', from = '', to = ''] = ['on', 'from', 'to'].map((name) => {
      const typed = form[`${name}-${n}`]
      return typeof typed === 'string' ? typed : ''
    })
    return { on, from, to }
  })
    .filter(({ on, from, to }) => `${on}${from}${to}` !== '')
    .map((slot) => {
      const on = parseDay(slot.on)
      if (!on) throw invalid('sessions.no-date')
      return { ...slot, on }
    })

/** When people could come: asked, answered, and made into proposals. */
export function pollPages(parts: TrainingSessionPagesParts): Page[] {
  const { training, catalogue, courseTitle } = parts
  const { polls } = training

  async function list(actor: Actor): Promise<Answer> {
    const self = personOf(actor)
    const runs = may(actor, permission)
    const open = await polls.list(actor)
    const own = open.filter(
      ({ asked }) =>
        runs &&
        (hasRole(actor, 'coordinator') ||
          (asked.by.kind === 'person' && actor.kind === 'person'
            ? asked.by.account === actor.account
            : false)),
    )
    const asked = await Promise.all(
      own.map(async (poll) => ({
        ...poll,
        courseName: courseTitle(poll.course),
        proposals: (await polls.proposals(actor, poll.id, usualCapacity)).map((proposal) => ({
          ...poll.slots.find((slot) => slot.id === proposal.slot),
          slot: proposal.slot,
          people: proposal.people.length,
          possible: proposal.possible,
        })),
      })),
    )
    const model = {
      runs,
      asked,
      answers: self !== undefined,
      open: open.map((poll) => ({
        ...poll,
        courseName: courseTitle(poll.course),
        answered: poll.answers.length > 0,
        slots: poll.slots.map((slot) => ({
          ...slot,
          ticked: poll.answers.some(({ slots }) => slots.includes(slot.id)),
        })),
      })),
      courses: [...catalogue().courses.values()]
        .filter(({ deliveries }) => deliveries.some(({ delivery }) => delivery !== 'online'))
        .map(({ course, title }) => ({ course, title })),
      deliveries: liveDeliveries,
      rows: Array.from({ length: rowsOfForm }, (_, n) => ({ n, number: n + 1 })),
    }
    return view('training-sessions/polls', { key: 'sessions.polls' }, model)
  }

  const again = ({ actor }: { actor: Actor }) => list(actor)

  return [
    page({
      method: 'get',
      path,
      permission: 'be-signed-in',
      input: z.object({}),
      audit: 'nothing',
      handle: ({ actor }) => list(actor),
    }),
    page({
      method: 'post',
      path,
      permission,
      input: z.object({
        course: z.string().max(100),
        delivery: z.enum(liveDeliveries),
        ...slotFields,
      }),
      audit: 'nothing',
      async handle({ actor, input }) {
        const { course, delivery } = input
        await polls.open(actor, { course, delivery, invited: {}, slots: slotsIn(input) })
        return go(path)
      },
      again,
    }),
    page({
      method: 'post',
      path: `${path}/:id/answer`,
      permission: 'own-training',
      input: z.object({ id, slots: z.unknown().optional() }),
      audit: 'nothing',
      async handle({ actor, input }) {
        await polls.answer(actor, input.id, [input.slots ?? []].flat().map(String))
        return go(path)
      },
      again,
    }),
    page({
      method: 'post',
      path: `${path}/:id/close`,
      permission,
      input: z.object({ id }),
      audit: 'nothing',
      async handle({ actor, input }) {
        await polls.close(actor, input.id)
        return go(path)
      },
      again,
    }),
  ]
}
