import type { Actor } from '../actor.js'
import type { Clock } from '../clock.js'
import type { Fault } from '../errors.js'
import type { People } from '../people/people.js'
import type { Case, Cases } from './cases.js'
import { hasPowerOver, type ConductBody } from './conduct-body.js'
import { busy, type Manner } from './desk.js'
import type { Dispatch } from './dispatch.js'
import { doerOf, requireBodies, requireBody } from './officers.js'
import {
  foldReference,
  outcomeFaults,
  readOutcome,
  termsOf,
  type KnownOutcome,
} from './outcome-input.js'
import { quiet, quietFaults } from './quiet.js'
import type { Walls } from './walls.js'

/** What the sealed plane must know of a course: how it can be given, and what counts as equal today. */
export interface CourseFacts {
  deliveries: readonly string[]
  equivalents: readonly string[]
}

/** Records outcomes: the only way in, for officers and for a case-management system alike. */
export function createImposing(parts: {
  cases: Cases
  bodies: ReadonlyMap<string, ConductBody>
  people: Pick<People, 'find' | 'tenures'>
  courseFacts: (course: string) => Promise<CourseFacts | undefined>
  walls: Walls
  dispatch: Dispatch
  clock: Clock
}) {
  const { cases, bodies, people, courseFacts, walls, dispatch, clock } = parts

  /** What is wrong with as much of an outcome as could be read, and the courses equal to its own. */
  async function check(
    input: KnownOutcome,
    body: ConductBody,
  ): Promise<{ faults: Fault[]; equivalents: readonly string[] }> {
    const { respondent = '', decidedOn = clock.today(), training } = input
    const today = clock.today()
    const [person, tenures] = await Promise.all([
      people.find(respondent),
      people.tenures([respondent]),
    ])
    const named = training?.course
    const course = named === undefined ? undefined : await courseFacts(named)
    const faults = outcomeFaults(input, {
      today,
      known: person !== undefined,
      power: hasPowerOver(body, tenures.get(respondent)?.terms ?? [], decidedOn, today),
      bodies: new Set(bodies.keys()),
      ...(course ? { deliverable: course.deliveries } : {}),
    })
    return { faults, equivalents: course?.equivalents ?? [] }
  }

  /** Everything that is wrong at once: what could not be read, and what the rules say of the rest. */
  async function refuse(actor: Actor, unread: readonly Fault[], known: KnownOutcome) {
    const own = requireBodies(actor)
    const named = known.body ?? (own.length === 1 ? own[0] : undefined)
    const body = named !== undefined && own.includes(named) ? bodies.get(named) : undefined
    const ruled = body ? (await check(known, body)).faults : []
    const fields = unread.map(({ field = '' }) => field)
    const more = ruled.filter(({ field = '' }) => !fields.some((one) => one.startsWith(field)))
    return quietFaults([...unread, ...more])
  }

  return async (actor: Actor, given: unknown, manner: Manner = {}): Promise<Case> => {
    requireBodies(actor)
    const read = readOutcome(given)
    if ('faults' in read) throw await refuse(actor, read.faults, read.known)
    const { input } = read
    const body = bodies.get(requireBody(actor, input.body))
    if (!body) throw quiet('invalid', { key: 'outcomes.refused.unknown-body' }, 'body')
    const { faults, equivalents } = await check(input, body)
    if (faults.length > 0) throw quietFaults(faults)
    await walls.guard(actor, body.id, input.respondent, { act: 'imposed' })
    const { request } = manner
    const terms = termsOf(input, body.id, equivalents)
    const begun = await cases.begin(
      body.id,
      { step: 'imposed', terms },
      {
        doer: doerOf(actor),
        needsSecond: () => actor.kind === 'person' && body.twoOfficers.includes('imposed'),
        ...(request ? { request } : {}),
      },
    )
    if (begun) {
      await dispatch.carryOut(begun)
      return begun
    }
    const there = await cases.byReference(body.id, foldReference(input.reference))
    // It was destroyed in this very moment: whoever asks again gets a clear answer.
    if (!there) throw busy()
    if (request !== undefined && there.steps[0]?.request === request) return there
    throw quiet('conflict', { key: 'outcomes.refused.recorded-already' }, 'reference')
  }
}
