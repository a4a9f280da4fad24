import { z } from 'zod'
import type { Actor } from '../../../actor.js'
import { deliveries } from '../../../courses/courses.js'
import { invalid, type Fault } from '../../../errors.js'
import { calledName } from '../../../people/people.js'
import { sanctionKinds } from '../../../sanctions/sanctions.js'
import { go, page, view, type Page, type Typed } from '../../page.js'
import type { Problem } from '../../problems.js'
import { bodyName, type OutcomesPagesParts } from './officer-view.js'
import { ownBodies } from './own-bodies.js'
import { outcomeIn, placeOf, recordForm } from './record-form.js'

const mostFound = 8

/** Where an officer records an outcome. */
export function recordPages(parts: OutcomesPagesParts): Page[] {
  const { sanctions, people, catalogue, clock } = parts
  const title = { key: 'conduct.record' }
  const declared = { permission: 'conduct-body', sealed: true, audit: 'act' } as const

  /** Somebody by their id, their e-mail address, or a name that only one person has. */
  async function respondentOf(text: string): Promise<string> {
    const typed = text.trim()
    if (typed === '') return typed
    if (await people.find(typed)) return typed
    const byEmail = await people.byEmail(typed)
    if (byEmail) return byEmail.id
    const named = await people.search(typed, mostFound)
    if (named.length === 0) return typed
    // Never taken by a likeness: the officer says which one.
    const fault: Fault = { field: 'respondent', say: { key: 'conduct.which-person' } }
    throw invalid('conduct.which-person', undefined, [fault])
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

  async function again(actor: Actor, input: Typed, { faults }: Problem) {
    const asked = faults.some(({ say }) => say.key === 'conduct.which-person')
    const typed = recordForm.safeParse(input).data ?? input
    const found = asked ? await people.search(String(input['respondent']).trim(), mostFound) : []
    return view('outcomes/record', title, {
      ...optionsFor(actor),
      typed,
      found: found.map((person) => ({
        id: person.id,
        name: calledName(person),
        email: person.email,
      })),
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
      faultsAt: (named = 'reference') => placeOf(named),
    }),
  ]
}
