import { hasRole, type Actor, type RoleName } from '../actor.js'

const anybody = (): boolean => true
const signedIn = (actor: Actor): boolean => actor.kind === 'person'
const person = (actor: Actor): boolean => actor.kind === 'person' && actor.person !== undefined
const role =
  (...names: RoleName[]) =>
  (actor: Actor): boolean =>
    names.some((name) => hasRole(actor, name))

/**
 * Every permission there is, and who has it. A closed table: a page names one of these or does not
 * compile. It says who may come to the door; what they then see is scoped in the query itself.
 */
const table = {
  /** Verify a certificate, read the published register, sign in, ask for help. */
  public: anybody,
  /** Anything that belongs to being signed in at all: signing out, one's language. */
  'be-signed-in': signedIn,
  /** One's own requirements, courses, bookings and certificates. */
  'own-training': person,
  /** Lists of those in one's scope: a manager's offices, a party's Members, a coordinator's House. */
  'see-lists': signedIn,
  /** Reads and changes the directory, invites people, grants roles. */
  'keep-directory': role('administrator', 'coordinator'),
  'keep-accounts': role('administrator'),
  /** Plans training sessions, opens and signs registers. */
  'run-training-sessions': role('trainer', 'coordinator'),
  /** Decides excusals, extensions, corrections and recognised prior learning. */
  decide: role('decision-maker'),
  /** Reads the rules, changes on their way, and who needs a second look. */
  'see-programme': role('coordinator', 'decision-maker', 'auditor'),
  /** Proposes and approves changes of the programme. */
  'change-programme': role('coordinator', 'decision-maker'),
  /** Reads what the ordinary plane recorded. */
  'read-audit': role('auditor'),
  /** Sees faults in content and statistics of questions. */
  author: role('author', 'administrator'),
  /** Reads what surveys tell: counts of enough people, never an answer of one. */
  'see-surveys': role('author', 'administrator', 'coordinator', 'auditor'),
  /** Records and follows outcomes of their own conduct body. */
  'conduct-body': role('conduct-officer'),
  /** Keeps the pairs of people who are not to be seated together. */
  safeguard: role('safeguarding-officer'),
} as const satisfies Record<string, (actor: Actor) => boolean>

export type Permission = keyof typeof table

/** Whether an actor may come to a door. */
export const may = (actor: Actor, permission: Permission): boolean => table[permission](actor)
