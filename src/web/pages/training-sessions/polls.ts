import { sortBy } from 'es-toolkit'
import { z } from 'zod'
import { hasRole, personOf, type Actor } from '../../../actor.js'
import { parseDay } from '../../../clock.js'
import { accept, type Fault } from '../../../errors.js'
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

/** The rows of a form, as they were typed. */
const rowsIn = (form: Typed) =>
  Array.from({ length: rowsOfForm }, (_, n) => {
    const [on = '', from = '', to = ''] = ['on', 'from', 'to'].map((name) => {
      const typed = form[`${name}-${n}`]
      return typeof typed === 'string' ? typed : ''
    })
    return { n, on, from, to }
  })

/** The times of a form, of every row that has anything in it; and the rows whose date is none. */
function slotsIn(form: Typed) {
  const rows = rowsIn(form).filter(({ on, from, to }) => `${on}${from}${to}` !== '')
  const slots = rows.flatMap(({ on, ...row }) => {
    const day = parseDay(on)
    return day ? [{ ...row, on: day }] : []
  })
  const undated = rows.filter(({ on }) => !parseDay(on))
  const say = { key: 'sessions.no-poll-date' }
  return { slots, faults: undated.map(({ n }): Fault => ({ field: `on-${n}`, say })) }
}

/** When people could come: asked, answered, and made into proposals. */
export function pollPages(parts: TrainingSessionPagesParts): Page[] {
  const { training, catalogue, courseTitle } = parts
  const { polls } = training

  /** Everything that is wrong with a poll, at the rows of its form. */
  function wrongWith(
    poll: Pick<Parameters<typeof polls.check>[0], 'course' | 'delivery'>,
    form: Typed,
  ): Fault[] {
    const { slots, faults } = slotsIn(form)
    if (slots.length === 0 && faults.length > 0) return faults
    const found = polls.check({ ...poll, slots }).map(({ field = '', say }) => {
      const row = field.startsWith('slots-') ? (slots[Number(field.slice(6))]?.n ?? 0) : undefined
      return { field: row === undefined ? field : `on-${row}`, say }
    })
    return sortBy([...found, ...faults], ['field'])
  }

  async function list(actor: Actor, typed: Typed = {}): Promise<Answer> {
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
        .map(({ course, title }) => ({ course, title, selected: course === typed['course'] })),
      deliveries: liveDeliveries.map((delivery) => ({
        delivery,
        selected: delivery === typed['delivery'],
      })),
      rows: rowsIn(typed).map((row) => ({ ...row, number: row.n + 1, field: `on-${row.n}` })),
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
        accept(wrongWith(input, input))
        const slots = slotsIn(input).slots.map(({ on, from, to }) => ({ on, from, to }))
        await polls.open(actor, { course, delivery, invited: {}, slots })
        return go(path)
      },
      again: ({ actor, input }) => list(actor, input),
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
