import { groupBy } from 'es-toolkit'
import { personOf, type Actor } from '../actor.js'
import type { Audit } from '../audit/audit.js'
import type { Clock } from '../clock.js'
import type { Database } from '../database/database.js'
import { accept, conflict, notFound, refused, type Fault } from '../errors.js'
import type { People } from '../people/people.js'
import type { Random } from '../random.js'
import { asGranted, type Decision, type Relief } from './decision.js'
import { createDecisionsStore } from './decisions-store.js'
import type { Wall } from './wall.js'

/** Excusals and extensions (domain, sections 2 and 4, *Conflict walls*). */
export interface Decisions {
  /** Grants an extension at once, or proposes an excusal, which a second person decides. */
  propose(actor: Actor, request: ReliefRequest): Promise<Decision>
  /** What is wrong already with as much of a request as is known, field by field. */
  check(request: Partial<ReliefRequest>): Promise<Fault[]>
  /** Decides a proposed excusal. Throws refused for whoever proposed it, and across a conflict wall. */
  decide(actor: Actor, id: string, granted: boolean): Promise<Decision>
  /** Ends what is in force before its time, from today; the days before keep what they had. */
  end(actor: Actor, id: string): Promise<void>
  /** Proposed excusals that wait for a second person, as far as the actor may see them. */
  undecided(actor: Actor): Promise<Decision[]>
  /**
   * What was granted, by person, as known now or at an instant, what has been ended since included;
   * everybody's when no people are named.
   */
  of(people?: readonly string[], knownAt?: Date): Promise<Map<string, Decision[]>>
  /**
   * Everything ever decided about one person, newest first: for decision-makers who are not too near,
   * and for the person. Throws as the wall does.
   */
  history(actor: Actor, person: string): Promise<Decision[]>
}

interface ReliefRequest {
  person: string
  duty: string
  relief: Relief
  reason: string
}

export interface DecisionsParts {
  database: Database
  audit: Audit
  people: Pick<People, 'get'>
  clock: Clock
  random: Random
  wall: Wall
  /** Everything that people owe, or owed, by any programme there was. */
  duties: () => Promise<ReadonlySet<string>>
  /** Does a write of facts that may change these people's standing, marked so that no crash hides it. */
  changing: <Result>(people: readonly string[], write: () => Promise<Result>) => Promise<Result>
}

/** Decisions for a thread that only reads. */
export const readDecisions = ({ database }: { database: Database }): Pick<Decisions, 'of'> =>
  factsOf(createDecisionsStore(database.connection))

const factsOf = (store: ReturnType<typeof createDecisionsStore>): Pick<Decisions, 'of'> => ({
  async of(named, knownAt) {
    const all = named ? await store.of(named) : await store.all()
    const granted = all.flatMap((decision) => asGranted(decision, knownAt) ?? [])
    return new Map(Object.entries(groupBy(granted, ({ person }) => person)))
  },
})

export function createDecisions(parts: DecisionsParts): Decisions {
  const { database, audit, people, clock, random, wall, duties, changing } = parts
  const store = createDecisionsStore(database.connection)

  async function check({ duty, relief, reason }: Partial<ReliefRequest>): Promise<Fault[]> {
    const faults: Fault[] = []
    const say = (field: string, key: string) =>
      faults.push({ field, say: { key: `decision.${key}` } })
    if (duty !== undefined && !(await duties()).has(duty)) say('duty', 'no-duty')
    if (relief?.kind === 'excusal' && relief.to < relief.from) say('to', 'ends-before')
    if (relief?.kind === 'extension' && relief.until <= clock.today()) say('until', 'not-later')
    if (reason?.trim() === '') say('reason', 'no-reason')
    return faults
  }

  async function get(id: string): Promise<Decision> {
    const decision = await store.find(id)
    if (!decision) throw notFound()
    return decision
  }

  async function record(actor: Actor, decision: Decision): Promise<void> {
    const { id, person, duty, relief, decided } = decision
    const act = decided
      ? decided.granted
        ? 'relief.granted'
        : 'relief.refused'
      : 'relief.proposed'
    const particulars = { decision: id, duty, kind: relief.kind, people: [person] }
    await audit.record(actor, { act, ...particulars }, `${act}:${id}`)
  }

  return {
    ...factsOf(store),
    check,
    async propose(actor, request) {
      accept(await check(request))
      await people.get(request.person)
      await wall.check(actor, request.person)
      const now = { by: actor, at: clock.now() }
      const decision: Decision = {
        id: random.id(),
        ...request,
        proposed: now,
        ...(request.relief.kind === 'extension' ? { decided: { ...now, granted: true } } : {}),
      }
      await changing([request.person], () => store.add(decision))
      await record(actor, decision)
      return decision
    },
    async decide(actor, id, granted) {
      const proposed = await get(id)
      await wall.check(actor, proposed.person)
      const { by } = proposed.proposed
      if (by.kind === 'person' && actor.kind === 'person' && by.account === actor.account) {
        throw refused('decision.second-person')
      }
      const decided = { by: actor, at: clock.now(), granted }
      const first = await changing([proposed.person], () => store.decide(id, decided))
      if (!first) throw conflict('decision.decided-already')
      await record(actor, { ...proposed, decided })
      return { ...proposed, decided }
    },
    async end(actor, id) {
      const decision = await get(id)
      await wall.check(actor, decision.person)
      const ended = { by: actor, at: clock.now() }
      const first = await changing([decision.person], () => store.end(id, ended))
      if (!first) throw conflict('decision.ended-already')
      const { person, duty, relief } = decision
      const act = {
        act: 'relief.ended',
        decision: id,
        duty,
        kind: relief.kind,
        people: [person],
      } as const
      await audit.record(actor, act)
    },
    undecided: async (actor) => wall.visible(actor, await store.undecided()),
    async history(actor, person) {
      if (personOf(actor) !== person) await wall.check(actor, person)
      const own = await store.of([person])
      return own.toSorted((a, b) => b.proposed.at.getTime() - a.proposed.at.getTime())
    },
  }
}
