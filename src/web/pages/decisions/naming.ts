import { z } from 'zod'
import type { Actor } from '../../../actor.js'
import type { Audit } from '../../../audit/audit.js'
import type { Clock } from '../../../clock.js'
import type { Certificates } from '../../../certificates/certificates.js'
import type { Completions } from '../../../completions/completions.js'
import type { Compliance } from '../../../compliance/compliance.js'
import type { Identity } from '../../../identity/identity.js'
import type { Bilingual } from '../../../language.js'
import { calledName, type People } from '../../../people/people.js'
import type {
  Claims,
  Contests,
  Decisions,
  Programmes,
  Wall,
} from '../../../requirements/requirements.js'

/** The doors that the desk's pages stand before. */
export interface DecisionsPagesParts {
  decisions: Decisions
  claims: Claims
  contests: Contests
  completions: Completions
  certificates: Pick<Certificates, 'ofCompletions' | 'correct'>
  compliance: Compliance
  programmes: Programmes
  people: People
  audit: Pick<Audit, 'record'>
  identity: Identity
  wall: Wall
  clock: Clock
  courseTitle: (course: string) => Bilingual
}

/** Whether two acts are the same account's: nobody is the second person of their own first. */
export const sameAccount = (one: Actor, other: Actor): boolean =>
  one.kind === 'person' && other.kind === 'person' && one.account === other.account

/** What somebody writes into a form. */
export const words = z.string().max(2000)

/** What the desk's pages need to name: people, whoever acted, duties. */
export function naming({
  people,
  programmes,
  identity,
}: Pick<DecisionsPagesParts, 'people' | 'programmes' | 'identity'>) {
  return {
    async person(one: string): Promise<string> {
      const found = await people.find(one)
      return found ? calledName(found) : one
    },
    async actor(actor: Actor): Promise<string> {
      if (actor.kind !== 'person') return actor.kind
      const person = actor.person === undefined ? undefined : await people.find(actor.person)
      return person ? calledName(person) : (await identity.getAccount(actor.account)).email
    },
    async duties(): Promise<{ id: string; title: Bilingual }[]> {
      const held = (await programmes.adopted()).flatMap(({ duties }) => duties)
      return [...new Map(held.map((duty) => [duty.id, duty])).values()]
    },
  }
}
