import { personOf, type Actor } from '../actor.js'
import type { Audit } from '../audit/audit.js'
import type { Clock } from '../clock.js'
import type { Database } from '../database/database.js'
import { conflict, invalid, notFound, refused } from '../errors.js'
import type { Random } from '../random.js'
import type { Contest } from './claim.js'
import { createContestsStore } from './contests-store.js'
import type { Wall } from './wall.js'

/** Right of reply: somebody contests one entry of their record, and gets a dated answer. */
export interface Contests {
  /** Throws conflict while an earlier contest of the same entry waits for its answer. */
  contest(actor: Actor, contest: Pick<Contest, 'duty' | 'from' | 'says'>): Promise<Contest>
  /**
   * Answers. Throws conflict for one that has been answered, and refused for whoever is too near to
   * the person.
   */
  answer(actor: Actor, id: string, answer: { upheld: boolean; says: string }): Promise<void>
  /** Waiting for an answer, as far as the actor may see them. */
  open(actor: Actor): Promise<Contest[]>
  /** Throws not-found, for what the actor is too near to see as for what is not there. */
  get(actor: Actor, id: string): Promise<Contest>
  /** One’s own contests, the oldest first. */
  mine(actor: Actor): Promise<Contest[]>
  /** People with a contest that waits: nothing is published of them meanwhile. */
  contesting(): Promise<Set<string>>
}

export interface ContestsParts {
  database: Database
  audit: Audit
  clock: Clock
  random: Random
  wall: Wall
}

export function createContests(parts: ContestsParts): Contests {
  const { audit, clock, random, wall } = parts
  const store = createContestsStore(parts.database.connection)

  async function get(actor: Actor, id: string): Promise<Contest> {
    const contest = await store.find(id)
    const [seen] = contest ? await wall.visible(actor, [contest]) : []
    if (!seen) throw notFound()
    return seen
  }
  const said = (says: string) => {
    if (says.trim() === '') throw invalid('contest.says-nothing')
  }

  return {
    async contest(actor, { duty, from, says }) {
      const person = personOf(actor)
      if (person === undefined) throw refused('problem.refused')
      said(says)
      const waiting = (await store.of(person)).some(
        (one) => one.duty === duty && one.from === from && !one.answered,
      )
      if (waiting) throw conflict('contest.waiting-already')
      const contest = { id: random.id(), person, duty, from, says, at: clock.now() }
      await store.add(contest)
      await audit.record(actor, { act: 'contest.made', contest: contest.id, people: [person] })
      return contest
    },
    async answer(actor, id, { upheld, says }) {
      const { person } = await get(actor, id)
      await wall.check(actor, person)
      said(says)
      const answered = { by: actor, at: clock.now(), upheld, says }
      if (!(await store.answer(id, answered))) throw conflict('contest.answered-already')
      await audit.record(actor, { act: 'contest.answered', contest: id, upheld, people: [person] })
    },
    open: async (actor) => wall.visible(actor, await store.open()),
    get,
    async mine(actor) {
      const person = personOf(actor)
      return person === undefined ? [] : store.of(person)
    },
    contesting: async () => new Set((await store.open()).map(({ person }) => person)),
  }
}
