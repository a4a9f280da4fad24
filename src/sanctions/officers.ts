import type { Actor } from '../actor.js'
import { hasRole, personOf } from '../actor.js'
import { notFound } from '../errors.js'
import type { Language } from '../language.js'
import type { Doer } from './steps.js'

/** Somebody who may act for a conduct body today. */
export interface Officer {
  account: string
  person?: string
  name: string
  email?: string
  language?: Language
}

/** The conduct bodies that somebody acts for: their roles', or their API key's one. */
function bodiesOf(actor: Actor): string[] {
  if (actor.kind === 'key') {
    return actor.scopes.includes('outcomes') && actor.body ? [actor.body] : []
  }
  if (!hasRole(actor, 'conduct-officer') || actor.kind !== 'person') return []
  return actor.roles.flatMap((role) => (role.name === 'conduct-officer' ? [role.body] : []))
}

/** The same; to everybody else the sealed plane does not exist. */
export function requireBodies(actor: Actor): string[] {
  const bodies = bodiesOf(actor)
  if (bodies.length === 0) throw notFound()
  return bodies
}

/** The one body that is meant: the one named, or the only one there is. Not found for any other. */
export function requireBody(actor: Actor, named?: string): string {
  const bodies = requireBodies(actor)
  const body = named ?? (bodies.length === 1 ? bodies[0] : undefined)
  if (body === undefined || !bodies.includes(body)) throw notFound()
  return body
}

/** Who acts, as a step remembers it. */
export function doerOf(actor: Actor, as: Doer['as'] = 'officer'): Doer {
  const person = personOf(actor)
  switch (actor.kind) {
    case 'person':
      return { as, id: actor.account, ...(person ? { person } : {}) }
    case 'key':
      return { as: 'key', id: actor.key }
    case 'system':
      return { as: 'system', id: actor.part }
    case 'public':
      throw notFound()
  }
}
