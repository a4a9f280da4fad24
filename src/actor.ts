/** What a person has been trusted with, beyond looking after their own training. Dated grants in `identity`. */
export type Role =
  | { name: 'administrator' }
  | { name: 'coordinator' }
  | { name: 'auditor' }
  | { name: 'author' }
  | { name: 'trainer' }
  | { name: 'decision-maker' }
  | { name: 'safeguarding-officer' }
  | { name: 'party-officer'; party: string }
  | { name: 'conduct-officer'; body: string }

export const roleNames = [
  'administrator',
  'coordinator',
  'auditor',
  'author',
  'trainer',
  'decision-maker',
  'safeguarding-officer',
  'party-officer',
  'conduct-officer',
] as const satisfies readonly Role['name'][]
export type RoleName = (typeof roleNames)[number]

/** What an API key may be used for (interface, *API*). */
export type Scope = 'directory' | 'compliance' | 'registers' | 'completions' | 'outcomes'

export interface PersonActor {
  kind: 'person'
  account: string
  /** The directory's permanent id; absent for an account that belongs to no person in the scheme. */
  person?: string
  roles: readonly Role[]
}

export interface KeyActor {
  kind: 'key'
  key: string
  scopes: readonly Scope[]
  /** The one conduct body whose outcomes an `outcomes` key may touch. */
  body?: string
}

/** A part of the system acting on its own: the reconciler, the command line, a scheduled task. */
export interface SystemActor {
  kind: 'system'
  part: string
}

/** Who acts. The first argument of every verb that does something. */
export type Actor = PersonActor | KeyActor | SystemActor | { kind: 'public' }

export const publicActor: Actor = { kind: 'public' }

export const systemActor = (part: string): SystemActor => ({ kind: 'system', part })

/** Whether an actor holds a role at this moment. */
export const hasRole = (actor: Actor, name: RoleName): boolean =>
  actor.kind === 'person' && actor.roles.some((role) => role.name === name)

/** The directory's id of the person who acts, where there is one. */
export const personOf = (actor: Actor): string | undefined =>
  actor.kind === 'person' ? actor.person : undefined
