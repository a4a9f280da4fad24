import { chunk, groupBy } from 'es-toolkit'
import type { Actor } from '../actor.js'
import { revocationReasons, type RevocationReason } from '../certificates/certificates.js'
import type { Audit, Entry } from '../audit/audit.js'
import type { Clock } from '../clock.js'
import type { Database } from '../database/database.js'
import { notFound } from '../errors.js'
import type { Random } from '../random.js'
import {
  stood,
  type Completed,
  type Completion,
  type CompletionOutline,
  type Correction,
} from './completion.js'
import { createCompletionsStore } from './completions-store.js'

export type { Completed, Completion } from './completion.js'
export { completionCollections } from './completions-store.js'

/** The one door where an online attempt, a register and recognised learning become the same fact. */
export interface Completions {
  /**
   * Records completions and all that follows from each: certificate, discharge of outcomes, the
   * record of the act. By the same evidence a second time nothing happens. Answers the recorded
   * facts, new or not, in no order.
   */
  recordMany(actor: Actor, completed: readonly Completed[]): Promise<Completion[]>
  /**
   * Takes completions back by a reasoned correction: certificates are revoked, outcomes told. The
   * correction's note goes to the record and to nobody else.
   */
  annul(actor: Actor, ids: readonly string[], correction: Correction): Promise<void>
  /** Throws not-found. */
  get(id: string): Promise<Completion>
  /** Completions that stand, by person; everybody's when no people are named. */
  of(people?: readonly string[]): Promise<Map<string, Completion[]>>
  /**
   * What standing asks of completions that stand, as known now or at an instant, by person;
   * everybody's when no people are named.
   */
  facts(people?: readonly string[], knownAt?: Date): Promise<Map<string, CompletionOutline[]>>
  /** What was ever recorded by some evidence, what was taken back included. */
  byEvidence(ids: readonly string[]): Promise<Completion[]>
  /** Everything ever recorded of one person, what was taken back included, the newest first. */
  history(person: string): Promise<Completion[]>
  /** Recorded after a given one, in the order of recording; for programs that follow along. */
  since(after: { at: Date; id: string }, limit: number): Promise<Completion[]>
  /** Finishes what a crash left between a completion and its consequences; answers how many. */
  follow(): Promise<number>
}

/** What follows from a completion, by the doors that see to it. Each step may be repeated. */
export interface Consequences {
  certificates: {
    /** Issues certificates for completions that have none; answers those there are, new or not. */
    issueMany(completions: readonly Completion[]): Promise<{ completion: string; serial: string }[]>
    revokeMany(completions: readonly Completion[], reason: RevocationReason): Promise<void>
  }
  sanctions: {
    consider(completions: readonly Completion[]): Promise<void>
    bindCertificates(issued: readonly { completion: string; serial: string }[]): Promise<void>
    annulled(completions: readonly Completion[]): Promise<void>
  }
}

export interface CompletionsParts extends Consequences {
  database: Database
  audit: Audit
  clock: Clock
  random: Random
  /** Does a write of facts that may change these people's standing, marked so that no crash hides it. */
  changing: <Result>(people: readonly string[], write: () => Promise<Result>) => Promise<Result>
}

/** Completions for a thread that only reads. */
export const readCompletions = ({ database }: { database: Database }): Pick<Completions, 'facts'> =>
  createCompletionsStore(database.connection)

const batchSize = 1000

export function createCompletions(parts: CompletionsParts): Completions {
  const { database, audit, clock, random, certificates, sanctions, changing } = parts
  const store = createCompletionsStore(database.connection)

  /** Everything that follows, in an order in which any step may be the last before a crash. */
  async function followUp(batch: readonly Completion[]): Promise<void> {
    const standing = batch.filter((completion) => stood(completion))
    const annulled = batch.filter((completion) => completion.annulled)
    // Discharge waits for no certificate: a lost signing key must not delay it.
    await sanctions.consider(standing)
    await sanctions.annulled(annulled)
    for (const reason of revocationReasons) {
      const taken = annulled.filter((one) => one.annulled?.why === reason)
      if (taken.length > 0) await certificates.revokeMany(taken, reason)
    }
    const certified = standing.filter(({ evidence }) => evidence.kind !== 'prior-learning')
    await sanctions.bindCertificates(await certificates.issueMany(certified))
    await audit.recordMany(batch.map(entryOf))
    await store.followed(batch.map(({ id }) => id))
  }

  /** What has been recorded by the same evidence, by whomever. */
  async function standingAs(batch: readonly Completed[]): Promise<Completion[]> {
    const wanted = new Set(batch.map(keyOf))
    const found = await store.byEvidence(batch.map(({ evidence }) => evidence.id))
    return found.filter((fact) => wanted.has(keyOf(fact)))
  }

  return {
    facts: (people, knownAt) => store.facts(people, knownAt),
    async of(people) {
      const facts = people ? await store.of(people) : await store.all()
      const standing = facts.filter((completion) => stood(completion))
      return new Map(Object.entries(groupBy(standing, ({ person }) => person)))
    },
    async recordMany(actor, completed) {
      const recorded: Completion[] = []
      for (const batch of chunk([...completed], batchSize)) {
        const recordedAt = clock.now()
        const people = batch.map(({ person }) => person)
        const facts = batch.map((one) => ({
          id: random.id(),
          ...one,
          recordedAt,
          by: briefly(actor),
        }))
        const all = await changing(people, () => store.add(facts))
        const own = all ? facts : await standingAs(batch)
        const added = new Set(facts.map(({ id }) => id))
        await followUp(own.filter(({ id }) => added.has(id)))
        recorded.push(...own)
      }
      return recorded
    },
    async annul(actor, ids, correction) {
      for (const batch of chunk([...ids], batchSize)) {
        const people = (await store.byIds(batch)).map(({ person }) => person)
        const annulled = { ...correction, at: clock.now(), by: briefly(actor) }
        await changing(people, () => store.annul(batch, annulled))
        await followUp(await store.byIds(batch))
      }
    },
    async get(id) {
      const [completion] = await store.byIds([id])
      if (!completion) throw notFound()
      return completion
    },
    byEvidence: (ids) => store.byEvidence(ids),
    async history(person) {
      const own = await store.of([person])
      return own.toSorted((a, b) => (a.on < b.on ? 1 : -1))
    },
    since: (after, limit) => store.since(after.at, after.id, limit),
    async follow() {
      const waiting = await store.waiting(batchSize)
      if (waiting.length > 0) await followUp(waiting)
      return waiting.length
    },
  }
}

const keyOf = ({ person, course, evidence }: Completed): string =>
  [person, course, evidence.kind, evidence.id].join('/')

/** Who acted, without what they happened to be trusted with that day. */
const briefly = (actor: Actor): Actor => (actor.kind === 'person' ? { ...actor, roles: [] } : actor)

function entryOf({ id, person, course, version, delivery, on, by, annulled }: Completion): Entry {
  const about = { people: [person], completion: id }
  if (annulled) {
    const { by: actor, why, note } = annulled
    return {
      actor,
      act: { act: 'completion.annulled', ...about, why, ...(note === undefined ? {} : { note }) },
      key: `completion.annulled:${id}`,
    }
  }
  return {
    actor: by,
    act: { act: 'completion.recorded', ...about, course, version: version.hash, delivery, on },
    key: `completion.recorded:${id}`,
  }
}
