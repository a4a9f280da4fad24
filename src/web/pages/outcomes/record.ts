import { z } from 'zod'
import type { Actor } from '../../../actor.js'
import { deliveries } from '../../../courses/courses.js'
import type { Fault } from '../../../errors.js'
import { calledName } from '../../../people/people.js'
import { sanctionKinds } from '../../../sanctions/sanctions.js'
import { go, page, view, type Page, type Typed } from '../../page.js'
import type { Problem } from '../../problems.js'
import { bodyName, type OutcomesPagesParts } from './officer-view.js'
import { ownBodies } from './own-bodies.js'
import { outcomeIn, placeOf, recordForm } from './record-form.js'

const mostFound = 8

/** Fields for which the page says what to write where nothing was written. */
const needed = new Set([
  'reference',
  'respondent',
  'decidedOn',
  'sanctions',
  'delivery',
  'dueOn',
  'event',
  'months',
])
const isEmpty = (value: unknown): boolean =>
  [value ?? []].flat().every((one) => typeof one === 'string' && one.trim() === '')

/** Where an officer records an outcome. */
export function recordPages(parts: OutcomesPagesParts): Page[] {
  const { sanctions, people, catalogue, clock } = parts
  const title = { key: 'conduct.record' }
  const declared = { permission: 'conduct-body', sealed: true, audit: 'act' } as const

  /** Somebody by their id or e-mail address; nothing where there are only names that are like it. */
  async function respondentOf(text: string): Promise<string> {
    const typed = text.trim()
    if (typed === '') return typed
    if (await people.find(typed)) return typed
    const byEmail = await people.byEmail(typed)
    if (byEmail) return byEmail.id
    // Never taken by a likeness: the officer says which one.
    return (await people.search(typed, mostFound)).length === 0 ? typed : ''
  }

  const optionsFor = (actor: Actor) => {
    const own = ownBodies(actor)
    return {
      own: own.map((body) => ({ id: body, name: bodyName(parts, body) })),
      several: own.length > 1,
      bodies: parts.bodies,
      courses: [...catalogue().courses].map(([course, { title }]) => ({ id: course, title })),
      kinds: sanctionKinds,
      deliveries,
      today: clock.today(),
      back: '/outcomes',
      backText: { key: 'conduct.title' },
    }
  }

  /** What is wrong, each at its field: of one that was left empty, what to write there. */
  const faultsOf = (input: Typed, { say: refusal, faults }: Problem): Fault[] =>
    (faults.length > 0 ? faults : [{ field: 'reference', say: refusal }]).map(
      ({ field: given = '', say }) => {
        const field = placeOf(given)
        const unwritten = needed.has(field) && isEmpty(input[field])
        return { field, say: unwritten ? { key: `conduct.needed.${field}` } : say }
      },
    )

  async function again(actor: Actor, input: Typed, problem: Problem) {
    const typed = recordForm.safeParse(input).data ?? input
    const { respondent } = input
    const named = typeof respondent === 'string' ? respondent.trim() : ''
    const alike = named !== '' && (await respondentOf(named)) === ''
    const found = alike ? await people.search(named, mostFound) : []
    const faults = faultsOf(input, problem).map((fault) =>
      alike && fault.field === 'respondent'
        ? { ...fault, say: { key: 'conduct.which-person' } }
        : fault,
    )
    return view('outcomes/record', title, {
      ...optionsFor(actor),
      typed,
      found: found.map((person) => ({
        id: person.id,
        name: calledName(person),
        email: person.email,
      })),
      faults,
    })
  }

  return [
    page({
      method: 'get',
      path: '/outcomes/new',
      ...declared,
      input: z.object({}),
      handle: ({ actor, kept }) =>
        view('outcomes/record', title, {
          ...optionsFor(actor),
          typed: recordForm.safeParse({
            subject: 'course',
            due: 'on',
            restriction: 'none',
            confirmationRequired: 'no',
            sanctions: ['training'],
            ...kept,
          }).data,
        }),
    }),
    page({
      method: 'post',
      path: '/outcomes',
      ...declared,
      input: recordForm,
      async handle({ actor, input }) {
        const respondent = await respondentOf(input.respondent)
        const { id } = await sanctions.impose(actor, outcomeIn(input, respondent))
        return go(`/outcomes/${id}`)
      },
      again: ({ actor, input }, problem) => again(actor, input, problem),
    }),
  ]
}
