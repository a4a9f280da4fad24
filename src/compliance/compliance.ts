import type { Actor } from '../actor.js'
import { endOfDay, type Clock, type Day } from '../clock.js'
import type { Completions } from '../completions/completions.js'
import { invalid, notFound } from '../errors.js'
import type { House, People, TermKind } from '../people/people.js'
import type { Decisions, Programme } from '../requirements/requirements.js'
import { createCurrentRoll, readRoll, type ReadRoll } from './current-roll.js'
import { viewDay } from './day-view.js'
import type { Line } from './line.js'
import type { Marks } from './marks-store.js'
import { only } from './names.js'
import { reasonOf, rulesOf, type Titles } from './reasons.js'
import { buildRoll } from './roll-builder.js'
import { queryRoll, type Filter, type RollLine, type RollListing, type Sort } from './roll-query.js'
import { scopesOf, type Scope } from './scope.js'
import type { StandingState } from './timeline.js'

export { createMarks, markCollections, type Marks } from './marks-store.js'
export { checkExamples } from './examples.js'
export { standingJson, type Line, type StandingJson } from './line.js'
export type { Counts, Sort } from './roll-query.js'
export type { Answer } from './roll.js'
export { standings, type StandingState } from './timeline.js'

/** What a list is asked for; everything has a default. */
export interface ListQuery {
  /** The date whose standing is shown; today's where absent. */
  asAt?: Day
  /** By facts as they were known at the end of that date, not as known now. */
  asKnownThen?: boolean
  standing?: StandingState | 'absent'
  kind?: TermKind
  house?: Exclude<House, 'both'>
  party?: string
  office?: string
  course?: string
  q?: string
  sort?: Sort
  /** From 1. */
  page?: number
  /** Lines on a page; everything where absent. */
  size?: number
}

export interface Listing extends Omit<RollListing, 'lines'> {
  lines: Line[]
  asAt: Day
}

/** Who owes what by when, and who has done it, for whoever may know (domain, sections 3 and 5). */
export interface Compliance {
  /** A list as at a date. What the actor may not know of is left out before counting and paging. */
  list(actor: Actor, query: ListQuery): Promise<Listing>
  /** What one person owes, as at a date. Throws not-found for somebody whom the actor may not see. */
  ofPerson(actor: Actor, person: string, asAt?: Day): Promise<Line[]>
  /** Whether an actor has anybody to look after. */
  seesAnybody(actor: Actor): Promise<boolean>
  /** Reads everybody's facts, so that the first list does not wait for them. */
  start(): Promise<void>
}

export interface ComplianceParts {
  people: People
  completions: Pick<Completions, 'of'>
  decisions: Pick<Decisions, 'of'>
  marks: Marks
  clock: Clock
  /** The programmes adopted, oldest first. */
  programmes: () => readonly Programme[]
  titles: Titles
}

export function createCompliance(parts: ComplianceParts): Compliance {
  const { people, marks, clock, programmes, titles } = parts
  const current = createCurrentRoll(parts, marks, programmes)

  const rollFor = async (asAt: Day, asKnownThen: boolean): Promise<ReadRoll> =>
    asKnownThen && asAt !== clock.today()
      ? readRoll(await buildRoll(parts, programmes(), endOfDay(asAt)))
      : current()

  const checkDate = (asAt: Day | undefined): Day => {
    const today = clock.today()
    if (asAt !== undefined && asAt > today) throw invalid('list.future', { asAt })
    return asAt ?? today
  }

  /** The duties that a course can satisfy. */
  const dutiesOf = (course: string): Set<string> =>
    new Set(
      programmes().flatMap(({ duties }) =>
        duties
          .filter(({ rules }) => rules.some((rule) => rule.courses.includes(course)))
          .map(({ id }) => id),
      ),
    )

  async function filterOf({ office, course, q, ...query }: ListQuery): Promise<Filter> {
    const { standing, kind, house, party } = query
    return {
      ...(standing ? { standing } : {}),
      ...(kind ? { kind } : {}),
      ...(house ? { house } : {}),
      ...(party ? { party } : {}),
      ...(q?.trim() ? { q } : {}),
      ...(office ? { offices: await people.officesBelow(office) } : {}),
      ...(course ? { duties: dutiesOf(course) } : {}),
    }
  }

  function explain(lines: readonly RollLine[]): Line[] {
    const rules = rulesOf(programmes())
    return lines.map((line) => {
      const rule = line.answer.rule === undefined ? undefined : rules.get(line.answer.rule)
      const course = line.answer.course ?? rule?.courses[0] ?? ''
      return { ...line, course, why: reasonOf(line.answer, course, rule, titles) }
    })
  }

  return {
    async list(actor, query) {
      const asAt = checkDate(query.asAt)
      const scopes = await scopesOf(actor, asAt, people)
      const filter = await filterOf(query)
      const read = await rollFor(asAt, query.asKnownThen ?? false)
      const { sort = 'name', page = 1, size = Number.MAX_SAFE_INTEGER } = query
      const wanted = { sort, from: (page - 1) * size, size }
      const found = queryRoll(read.roll, read.on(asAt), read.names, scopes, filter, wanted)
      return { ...found, lines: explain(found.lines), asAt }
    },
    async ofPerson(actor, person, asAt) {
      const on = checkDate(asAt)
      const own = actor.kind === 'person' && actor.person === person
      const scopes: Scope[] = own ? [{ sees: 'person', person }] : await scopesOf(actor, on, people)
      const { roll, names } = await current()
      const alone = only(names, roll.indexOf(person))
      const everything = { sort: 'standing', from: 0, size: Number.MAX_SAFE_INTEGER } as const
      const found = queryRoll(roll, viewDay(roll, alone, on), alone, scopes, {}, everything)
      // Somebody outside the scope is answered exactly like somebody who does not exist.
      if (!own && found.total === 0) throw notFound()
      return explain(found.lines)
    },
    async seesAnybody(actor) {
      return (await scopesOf(actor, clock.today(), people)).length > 0
    },
    async start() {
      await current()
    },
  }
}
