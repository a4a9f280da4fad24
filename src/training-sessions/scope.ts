import { hasRole, personOf, type Actor } from '../actor.js'
import { notFound, refused } from '../errors.js'
import type { TrainingSession } from './training-session.js'

type Given = Pick<TrainingSession, 'trainers'>

/** Whether somebody organises all training sessions: a coordinator, or a program trusted with registers. */
export const organises = (actor: Actor): boolean =>
  actor.kind === 'system' ||
  hasRole(actor, 'coordinator') ||
  (actor.kind === 'key' && actor.scopes.includes('registers'))

/** Whether somebody gives a training session: a trainer sees their own and no other (part 7). */
export function gives(actor: Actor, session: Given): boolean {
  const person = personOf(actor)
  return hasRole(actor, 'trainer') && person !== undefined && session.trainers.includes(person)
}

/** Whether somebody may keep a training session's register. */
export const mayKeep = (actor: Actor, session: Given): boolean =>
  organises(actor) || gives(actor, session)

/** Throws not-found for whoever may not know of a register; it is the answer for one that does not exist. */
export function checkKeeper(actor: Actor, session: Given): void {
  if (!mayKeep(actor, session)) throw notFound()
}

/** Throws refused for whoever may neither plan training sessions nor give them. */
export function checkPlanner(actor: Actor): void {
  if (!organises(actor) && !hasRole(actor, 'trainer')) throw refused('training-session.not-planner')
}

/** Who acted, without what they happened to be trusted with that day. */
export const briefly = (actor: Actor): Actor =>
  actor.kind === 'person' ? { ...actor, roles: [] } : actor

const who = (actor: Actor): string => {
  if (actor.kind === 'person') return `person/${actor.account}`
  if (actor.kind === 'key') return `key/${actor.key}`
  return actor.kind === 'system' ? `system/${actor.part}` : 'public'
}

/** Whether two acts were the same actor's. */
export const sameActor = (one: Actor, other: Actor): boolean => who(one) === who(other)
