import { z } from 'zod'
import type { Actor } from '../../../actor.js'
import { optional } from '../../fields.js'
import { bodyName, type OutcomesPagesParts } from './officer-view.js'

/** The conduct bodies that somebody acts for. */
export const ownBodies = (actor: Actor): string[] =>
  actor.kind === 'person'
    ? actor.roles.flatMap((role) => (role.name === 'conduct-officer' ? [role.body] : []))
    : []

/** The field that says for which body a page is. */
export const bodyField = optional(z.string().max(64))

/** The body that a page is for: the one that is named, else the first that the officer acts for. */
export const bodyOf = (actor: Actor, named: unknown): string =>
  typeof named === 'string' && named !== '' ? named : (ownBodies(actor)[0] ?? '')

/** What a page of one body shows around its own things. */
export const bodyModel = (parts: Pick<OutcomesPagesParts, 'bodies'>, body: string): object => ({
  body: { id: body, name: bodyName(parts, body) },
  back: '/outcomes',
  backText: { key: 'conduct.title' },
})

/** The address of a page of one body. */
export const bodyAddress = (path: string, body: string): string =>
  `${path}?${new URLSearchParams({ body }).toString()}`
