import { z } from 'zod'
import type { Actor } from '../../../actor.js'
import { addDays, type Clock } from '../../../clock.js'
import type { Catalogue } from '../../../courses/courses.js'
import type { Identity } from '../../../identity/identity.js'
import type { Bilingual } from '../../../language.js'
import { calledName, covers, type People } from '../../../people/people.js'
import type { SessionView, TrainingSessions } from '../../../training-sessions/training-sessions.js'

/** What the pages of training sessions and registers are made from. */
export interface TrainingSessionPagesParts {
  training: TrainingSessions
  people: People
  identity: Pick<Identity, 'holders'>
  catalogue: () => Catalogue
  courseTitle: (course: string) => Bilingual
  clock: Clock
  publicUrl: string
}

export const sessionAddress = (id: string): string => `/training-sessions/${id}`
export const registerAddress = (id: string): string => `${sessionAddress(id)}/register`

/** The id of a training session, an upload or a poll. */
export const id = z.string().max(40)

/** What is needed to recognise somebody, and no more: name, address, and where they work now. */
export interface Recognisable {
  person: string
  name: string
  email?: string
  place?: string
}

export async function recognisable(
  { people, clock }: Pick<TrainingSessionPagesParts, 'people' | 'clock'>,
  ids: readonly string[],
): Promise<Map<string, Recognisable>> {
  const [found, tenures] = await Promise.all([people.byId(ids), people.tenures(ids)])
  const today = clock.today()
  const officeOf = (id: string): string | undefined =>
    tenures.get(id)?.terms.find((term) => covers(term, today))?.office
  const offices = await people.offices(ids.flatMap((id) => officeOf(id) ?? []))
  return new Map(
    [...found].map(([id, person]) => {
      const place = offices.get(officeOf(id) ?? '')?.name
      const { email } = person
      return [
        id,
        {
          person: id,
          name: calledName(person),
          ...(email ? { email } : {}),
          ...(place ? { place } : {}),
        },
      ]
    }),
  )
}

/** Names of those who did something; programs and the system are named by what they are. */
export async function namesOfActors(
  { people }: Pick<TrainingSessionPagesParts, 'people'>,
  actors: readonly Actor[],
): Promise<(actor: Actor) => string | undefined> {
  const ids = actors.flatMap((actor) =>
    actor.kind === 'person' && actor.person !== undefined ? [actor.person] : [],
  )
  const found = await people.byId([...new Set(ids)])
  return (actor) => {
    const person = actor.kind === 'person' ? found.get(actor.person ?? '') : undefined
    return person && calledName(person)
  }
}

/** How far back a register may be chosen for a whole file, in days. */
const lookBack = 120

/** Training sessions that have begun and whose registers the actor keeps, the latest first. */
export async function recentSessions(
  { training, clock }: Pick<TrainingSessionPagesParts, 'training' | 'clock'>,
  actor: Actor,
): Promise<SessionView[]> {
  const today = clock.today()
  const kept = await training.browsing.kept(actor, addDays(today, -lookBack), today)
  return kept
    .filter(({ cancelled, startsAt }) => !cancelled && startsAt <= clock.now())
    .toReversed()
}
