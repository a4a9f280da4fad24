import { personOf, type Actor } from '../actor.js'
import type { Audit } from '../audit/audit.js'
import type { Clock } from '../clock.js'
import type { Database } from '../database/database.js'
import { accept, conflict, invalid, notFound, refused, type Fault } from '../errors.js'
import type { Random } from '../random.js'
import type { Claim } from './claim.js'
import { createClaimsStore } from './claims-store.js'
import type { Wall } from './wall.js'

type Claimed = Pick<Claim, 'course' | 'delivery' | 'on' | 'says'>

/** Recognised prior learning: claimed, reviewed, decided, and then a completion like any other. */
export interface Claims {
  /** Throws invalid for a day to come, a course that is not taught, or nothing said. */
  claim(actor: Actor, claim: Claimed): Promise<Claim>
  /** What is wrong already with as much of a claim as is known, field by field. */
  check(claim: Partial<Claimed>): Fault[]
  /**
   * Says what one makes of a claim. Throws conflict for one that has been reviewed, and refused for
   * whoever is too near to the person.
   */
  review(actor: Actor, id: string, review: { recommends: boolean; says: string }): Promise<void>
  /** Decides what somebody else has reviewed. Throws refused for whoever reviewed it themselves. */
  decide(actor: Actor, id: string, decision: { granted: boolean; says: string }): Promise<void>
  /** Undecided claims that the actor may see. */
  undecided(actor: Actor): Promise<Claim[]>
  /** Throws not-found, for what the actor is too near to see as for what is not there. */
  get(actor: Actor, id: string): Promise<Claim>
  /** One’s own claims, the oldest first. */
  mine(actor: Actor): Promise<Claim[]>
  /** Records the completions of granted claims where a crash came in between; answers how many. */
  resume(): Promise<number>
}

export interface ClaimsParts {
  database: Database
  audit: Audit
  clock: Clock
  random: Random
  wall: Wall
  courses: () => ReadonlySet<string>
  /** Makes a granted claim a completion; the same claim twice makes one. */
  complete: (actor: Actor, claim: Claim) => Promise<void>
}

const same = (one: Actor, other: Actor): boolean =>
  one.kind === 'person' && other.kind === 'person' && one.account === other.account

export function createClaims(parts: ClaimsParts): Claims {
  const { audit, clock, random, wall, courses, complete } = parts
  const store = createClaimsStore(parts.database.connection)

  async function get(actor: Actor, id: string): Promise<Claim> {
    const claim = await store.find(id)
    const [seen] = claim ? await wall.visible(actor, [claim]) : []
    if (!seen) throw notFound()
    return seen
  }
  const said = (says: string) => {
    if (says.trim() === '') throw invalid('claim.says-nothing')
  }
  function check({ course, on, says }: Partial<Claimed>): Fault[] {
    const faults: Fault[] = []
    if (course !== undefined && !courses().has(course)) {
      faults.push({ field: 'course', say: { key: 'claim.no-course' } })
    }
    if (on !== undefined && on > clock.today()) {
      faults.push({ field: 'on', say: { key: 'claim.to-come', with: { on } } })
    }
    if (says?.trim() === '') faults.push({ field: 'says', say: { key: 'claim.says-nothing' } })
    return faults
  }
  async function finish(claim: Claim): Promise<void> {
    if (!claim.decided?.granted) return
    await complete(claim.decided.by, claim)
    await store.finish(claim.id)
  }

  return {
    check,
    async claim(actor, wanted) {
      const person = personOf(actor)
      if (person === undefined) throw refused('problem.refused')
      accept(check(wanted))
      const claim = { id: random.id(), person, ...wanted, at: clock.now() }
      await store.add(claim)
      const { id, course } = claim
      await audit.record(actor, { act: 'claim.made', claim: id, course, people: [person] })
      return claim
    },
    async review(actor, id, { recommends, says }) {
      const { person } = await get(actor, id)
      await wall.check(actor, person)
      said(says)
      const reviewed = { by: actor, at: clock.now(), recommends, says }
      if (!(await store.review(id, reviewed))) throw conflict('claim.reviewed-already')
      await audit.record(actor, { act: 'claim.reviewed', claim: id, recommends, people: [person] })
    },
    async decide(actor, id, { granted, says }) {
      const claim = await get(actor, id)
      const { person, reviewed } = claim
      await wall.check(actor, person)
      said(says)
      if (!reviewed) throw conflict('claim.not-reviewed')
      if (same(reviewed.by, actor)) throw refused('claim.second-person')
      const decided = { by: actor, at: clock.now(), granted, says }
      if (!(await store.decide(id, decided))) throw conflict('decision.decided-already')
      await audit.record(actor, { act: 'claim.decided', claim: id, granted, people: [person] })
      await finish({ ...claim, decided })
    },
    undecided: async (actor) => wall.visible(actor, await store.undecided()),
    get,
    async mine(actor) {
      const person = personOf(actor)
      return person === undefined ? [] : store.of(person)
    },
    async resume() {
      const waiting = await store.unfinished()
      for (const claim of waiting) await finish(claim)
      return waiting.length
    },
  }
}
