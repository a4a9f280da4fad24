import { omit } from 'es-toolkit'
import { personOf, type Actor } from '../actor.js'
import type { Clock, Day } from '../clock.js'
import type { Completions } from '../completions/completions.js'
import type { Database } from '../database/database.js'
import type { EffectKind } from './effects.js'
import { notFound } from '../errors.js'
import type { Bilingual, Sentence } from '../language.js'
import { calledName, type People } from '../people/people.js'
import type { Decisions, Duty, Programme } from '../requirements/requirements.js'
import { atOnce } from '../turns.js'
import { createCurrentRoll } from './current-roll.js'
import { viewDay } from './day-view.js'
import { createExplaining, type ProgressOf } from './explaining.js'
import type { Line } from './line.js'
import type { Marks } from './marks-store.js'
import { only } from './names.js'
import { createReading, type ListQuery } from './reading.js'
import type { Titles } from './reasons.js'
import { recordOf, type RecordEntry } from './record.js'
import type { Answer as RollAnswer } from './roll.js'
import type { PersonException } from './roll-work.js'
import type { Rolls } from './rolls.js'
import { queryRoll, type RollListing } from './roll-query.js'
import { scopesOf, type Scope } from './scope.js'
import { createSimulationsStore, type EffectLine, type Simulation } from './simulations-store.js'

export { createMarks, markCollections, type Marks } from './marks-store.js'
export { lastDaysOf } from './lasting.js'
export { effectKinds } from './effects.js'
export { createEscalations } from './escalations.js'
export { escalationCollections } from './escalations-store.js'
export { checkFolderApart } from './check-apart.js'
export { checkFolder } from './check-folder.js'
export { checkExamples } from './examples.js'
export { reasonOf, rulesOf } from './reasons.js'
export { createReminders, type Reminders } from './reminders.js'
export { listCollections } from './reminders-store.js'
export { createSavedViews, type SavedViews } from './saved-views.js'
export { rollsHere, rollsInThread } from './rolls.js'
export { simulationCollections, type EffectLine } from './simulations-store.js'
export { standingJson, type Line } from './line.js'
export type { ListQuery } from './reading.js'
export { progressFrom } from './explaining.js'
export type { Answer } from './roll.js'
export { standings, type StandingState } from './timeline.js'

export interface Listing extends Omit<RollListing, 'lines'> {
  lines: Line[]
  asAt: Day
}
/** A list for taking away: its lines come one after the other, some hundred at a time. */
export interface LongListing extends Omit<RollListing, 'lines'> {
  lines: AsyncIterable<Line>
  /** The same lines as they come, many in one step; either of the two is read, once. */
  handfuls: AsyncIterable<readonly Line[]>
  asAt: Day
}

/** One requirement of a person through time. */
export interface Requirement extends Omit<RecordEntry, 'line' | 'history'> {
  /** The duty, as the programme calls it. */
  title: Bilingual
  line?: Line
  history: (Pick<RollAnswer, 'from' | 'to' | 'state' | 'absent'> & { why: Sentence })[]
}

/** What somebody owes and owed, as the reader may see it. */
export interface PersonRecord {
  person: string
  name: string
  asAt: Day
  /** The reader's own. */
  own: boolean
  requirements: Requirement[]
}

/** Who owes what by when, and who has done it, for whoever may know (domain, sections 3 and 5). */
export interface Compliance {
  /** A list as at a date. What the actor may not know of is left out before counting and paging. */
  list(actor: Actor, query: ListQuery): Promise<Listing>
  /** The same, for an export of any length; `page` and `size` are passed over. */
  listAll(actor: Actor, query: ListQuery): Promise<LongListing>
  /**
   * Everything about one person that the actor may know: their own, all of it; a manager, the days on
   * which the person was in their care. Throws not-found for somebody whom the actor may not see.
   */
  record(
    actor: Actor,
    person: string,
    when?: Pick<ListQuery, 'asAt' | 'asKnownThen'>,
  ): Promise<PersonRecord>
  /** What one person owes, as at a date. Throws not-found for somebody whom the actor may not see. */
  ofPerson(actor: Actor, person: string, asAt?: Day): Promise<Line[]>
  /** Whether an actor has anybody to look after. */
  seesAnybody(actor: Actor): Promise<boolean>
  /** Tries changed duties against everybody, as from a day; kept under the id given. */
  simulate(change: { id: string; duties: readonly Duty[]; from: Day }): Promise<Simulation>
  /** What was found when a change was tried, and one page of whom it touches. */
  simulation(
    id: string,
    page: { kind?: EffectKind; from: number; size: number },
  ): Promise<{ simulation: Simulation; lines: EffectLine[] } | undefined>
  /** Drops what a trial found. */
  forgetSimulation(id: string): Promise<void>
  /** Everybody whom the programme of today treats in a way that a person should look at. */
  exceptions(): Promise<PersonException[]>
  /** Reads everybody's facts, so that the first list does not wait for them. */
  start(): Promise<void>
}

export interface ComplianceParts {
  people: People
  completions: Pick<Completions, 'facts'>
  decisions: Pick<Decisions, 'of'>
  marks: Marks
  clock: Clock
  /** The programmes adopted, oldest first. */
  programmes: (knownAt?: Date) => Promise<readonly Programme[]>
  rolls: Rolls
  database: Database
  /** From how few days somebody has too little time to do what is asked. */
  leastDays: number
  titles: Titles
  progressOf: ProgressOf
}

async function* oneByOne(handfuls: AsyncIterable<readonly Line[]>): AsyncGenerator<Line> {
  for await (const some of handfuls) yield* some
}

export function createCompliance(parts: ComplianceParts): Compliance {
  const { people, marks, clock, programmes, rolls, titles, leastDays } = parts
  const simulations = createSimulationsStore(parts.database.connection)
  const current = createCurrentRoll(parts, rolls, marks, programmes)
  const reading = createReading({ people, clock, programmes, rolls, current })
  const { explainer, explain, explainAll } = createExplaining(titles, parts.progressOf)

  /** Whom an actor may see, and what a list of a date shows of one person. */
  async function linesOf(actor: Actor, person: string, asAt: Day, asKnownThen: boolean) {
    const own = personOf(actor) === person
    const scopes: Scope[] = own ? [{ sees: 'person', person }] : await scopesOf(actor, people)
    const { roll, names } = await reading.rollFor(asAt, asKnownThen)
    const alone = only(names, roll.indexOf(person))
    const everything = { sort: 'standing', from: 0, size: Number.MAX_SAFE_INTEGER } as const
    const found = queryRoll(roll, atOnce(viewDay(roll, alone, asAt)), scopes, {}, everything)
    // Somebody outside the scope is answered exactly like somebody who does not exist.
    if (!own && found.total === 0) throw notFound()
    return { own, scopes, roll, lines: [...found.lines] }
  }

  return {
    async list(actor, query) {
      const found = await reading.find(actor, query)
      const why = explainer(await programmes())
      return { ...found, lines: await explain(found.lines, why, found.asAt === clock.today()) }
    },
    async listAll(actor, query) {
      const found = await reading.find(actor, omit(query, ['page', 'size']))
      const why = explainer(await programmes())
      const handfuls = explainAll(found.lines, why, found.asAt === clock.today())
      return { ...found, handfuls, lines: oneByOne(handfuls) }
    },
    async record(actor, person, when = {}) {
      const asAt = reading.dateOf(when.asAt)
      const seen = await linesOf(actor, person, asAt, when.asKnownThen ?? false)
      const entries = recordOf(seen.roll, person, seen.scopes, seen.lines, asAt)
      const held = await programmes()
      const name = calledName(await people.get(person))
      const why = explainer(held)
      const explained = await explain(
        entries.flatMap(({ line }) => line ?? []),
        why,
        asAt === clock.today(),
      )
      const duties = new Map(held.flatMap(({ duties }) => duties.map((duty) => [duty.id, duty])))
      return {
        person,
        name,
        asAt,
        own: seen.own,
        requirements: entries.map(({ line, history, ...entry }) => {
          const shown = explained.find(
            (one) =>
              one.duty === line?.duty && one.answer === line.answer && one.part === line.part,
          )
          return {
            ...entry,
            title: duties.get(entry.duty)?.title ?? { en: entry.duty, cy: entry.duty },
            ...(shown ? { line: shown } : {}),
            history: history.map((answer) => {
              const { from, to, state, absent } = answer
              const told = why({ person, name, ...entry, answer }).why
              const until = to ? { to } : {}
              return { from, ...until, state, ...(absent ? { absent } : {}), why: told }
            }),
          }
        }),
      }
    },
    async ofPerson(actor, person, asAt) {
      const on = reading.dateOf(asAt)
      const { lines } = await linesOf(actor, person, on, false)
      return explain(lines, explainer(await programmes()), on === clock.today())
    },
    async seesAnybody(actor) {
      return (await scopesOf(actor, people)).length > 0
    },
    async simulate({ id, duties, from }) {
      const held = await programmes()
      const proposed = { from, adoptedAt: clock.now(), duties }
      const changed = [...held.filter((one) => one.from < from), proposed]
      return rolls.simulate({ id, programmes: held, changed, on: from, at: clock.now() })
    },
    async simulation(id, { kind, from, size }) {
      const simulation = await simulations.find(id)
      return simulation && { simulation, lines: await simulations.page(id, kind, from, size) }
    },
    forgetSimulation: (id) => simulations.drop(id),
    async exceptions() {
      const today = clock.today()
      const programme = (await programmes()).findLast(({ from }) => from <= today)
      return programme ? rolls.exceptions(programme, today, leastDays) : []
    },
    async start() {
      await current()
    },
  }
}
