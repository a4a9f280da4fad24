import { personOf, type Actor } from '../actor.js'
import type { Audit } from '../audit/audit.js'
import type { Clock } from '../clock.js'
import { refused } from '../errors.js'
import type { People } from '../people/people.js'

/** Somebody who decides, as they are named to a colleague who may not. */
interface Officer {
  person?: string
  name: string
}

/** The wall between a decision and whoever is too near to it (domain, section 4, *Conflict walls*). */
export interface Wall {
  /** Throws refused, naming who may instead, for somebody too near; the refusal is recorded. */
  check(actor: Actor, person: string): Promise<void>
  /** Leaves out what the actor is too near to see. */
  visible<Thing extends { person: string }>(
    actor: Actor,
    things: readonly Thing[],
  ): Promise<Thing[]>
}

export interface WallParts {
  people: Pick<People, 'inLine' | 'lineOf'>
  audit: Audit
  clock: Clock
  /** Everybody who decides, in the order in which they are asked. */
  officers: () => Promise<readonly Officer[]>
}

export function createWall({ people, audit, clock, officers }: WallParts): Wall {
  /** The first officer who stands far enough away. */
  async function nextFor(person: string, but: Actor): Promise<string> {
    const line = await people.lineOf(person, clock.today())
    const free = (await officers()).find(
      (one) =>
        one.person === undefined ||
        (one.person !== person && one.person !== personOf(but) && !line.has(one.person)),
    )
    return free?.name ?? ''
  }

  return {
    async check(actor, person) {
      const decider = personOf(actor)
      if (decider === undefined) return
      const own = decider === person
      if (!own && !(await people.inLine(decider, person, clock.today()))) return
      await audit.record(actor, { act: 'conflict.refused', own, people: [person] })
      const next = await nextFor(person, actor)
      const key = own ? 'decision.own' : 'decision.in-line'
      throw next ? refused(`${key}-next`, { next }) : refused(key)
    },
    async visible(actor, things) {
      const decider = personOf(actor)
      if (decider === undefined) return [...things]
      const line = await people.lineOf(decider, clock.today())
      return things.filter(({ person }) => person !== decider && !line.has(person))
    },
  }
}
