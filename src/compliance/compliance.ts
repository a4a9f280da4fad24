import { hasRole, type Actor } from '../actor.js'
import { endOfDay, type Clock, type Day } from '../clock.js'
import type { Completions } from '../completions/completions.js'
import { invalid, notFound } from '../errors.js'
import type { House, People, TermKind } from '../people/people.js'
import type { Decisions, Programme } from '../requirements/requirements.js'
import type { Marks } from './marks-store.js'
import { buildRoll, refreshRoll } from './roll-builder.js'
import {
  indexNames,
  queryRoll,
  type Filter,
  type Listing,
  type NameIndex,
  type Scope,
  type Sort,
} from './roll-query.js'
import type { Roll } from './roll.js'
import type { StandingState } from './timeline.js'

export { createMarks, markCollections, type Marks } from './marks-store.js'
export { checkExamples } from './examples.js'
export { reasonOf, rulesOf, type Titles } from './reasons.js'
export type { Counts, Line, Listing, Sort } from './roll-query.js'
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

/** Who owes what by when, and who has done it, for whoever may know (domain, sections 3 and 5). */
export interface Compliance {
  /** A list as at a date. What the actor may not know of is left out before counting and paging. */
  list(actor: Actor, query: ListQuery): Promise<Listing & { asAt: Day }>
  /** What one person owes, as at a date. Throws not-found for somebody whom the actor may not see. */
  ofPerson(actor: Actor, person: string, asAt?: Day): Promise<Listing['lines']>
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
}

const wholeInstitution = ['coordinator', 'auditor', 'decision-maker'] as const

export function createCompliance(parts: ComplianceParts): Compliance {
  const { people, marks, clock, programmes } = parts
  let roll: Roll | undefined
  let names: NameIndex | undefined
  let turn: Promise<unknown> = Promise.resolve()

  async function refresh(): Promise<void> {
    const news = await marks.news()
    if (!roll) roll = await buildRoll(parts, programmes())
    else if (news.length > 0) await refreshRoll(roll, parts, programmes(), news)
    else if (names) return
    names = indexNames(roll)
  }

  /** The roll as of now. Readers queue, so that none overtakes news that another has begun to read. */
  async function current(): Promise<{ roll: Roll; names: NameIndex }> {
    const refreshed = turn.then(refresh)
    turn = refreshed.catch(() => undefined)
    await refreshed
    if (!roll || !names) throw new Error('the roll has not been read')
    return { roll, names }
  }

  async function rollFor(
    asAt: Day,
    asKnownThen: boolean,
  ): Promise<{ roll: Roll; names: NameIndex }> {
    if (!asKnownThen || asAt === clock.today()) return current()
    const then = await buildRoll(parts, programmes(), endOfDay(asAt))
    return { roll: then, names: indexNames(then) }
  }

  async function scopesOf(actor: Actor, asAt: Day): Promise<Scope[]> {
    if (actor.kind === 'system') return [{ sees: 'everybody' }]
    if (actor.kind === 'key')
      return actor.scopes.includes('compliance') ? [{ sees: 'everybody' }] : []
    if (actor.kind !== 'person') return []
    if (wholeInstitution.some((role) => hasRole(actor, role))) return [{ sees: 'everybody' }]
    const scopes: Scope[] = actor.roles.flatMap((role) =>
      role.name === 'party-officer' ? [{ sees: 'party' as const, party: role.party }] : [],
    )
    if (actor.person !== undefined) {
      const offices = await people.officesSeenBy(actor.person, asAt)
      if (offices.size > 0) scopes.push({ sees: 'offices', offices, but: actor.person })
    }
    return scopes
  }

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
      ...(office ? { office: await people.officesBelow(office) } : {}),
      ...(course ? { duties: dutiesOf(course) } : {}),
    }
  }

  return {
    async list(actor, query) {
      const asAt = checkDate(query.asAt)
      const scopes = await scopesOf(actor, asAt)
      const { roll, names } = await rollFor(asAt, query.asKnownThen ?? false)
      const { sort = 'name', page = 1, size = Number.MAX_SAFE_INTEGER } = query
      const from = (page - 1) * size
      return {
        ...queryRoll(roll, names, scopes, await filterOf(query), asAt, { sort, from, size }),
        asAt,
      }
    },
    async ofPerson(actor, person, asAt) {
      const on = checkDate(asAt)
      const own = actor.kind === 'person' && actor.person === person
      const scopes: Scope[] = own ? [{ sees: 'person', person }] : await scopesOf(actor, on)
      const { roll, names } = await current()
      const everything = { sort: 'standing', from: 0, size: Number.MAX_SAFE_INTEGER } as const
      const found = queryRoll(roll, only(roll, names, person), scopes, {}, on, everything)
      // Somebody outside the scope is answered exactly like somebody who does not exist.
      if (!own && found.total === 0) throw notFound()
      return found.lines
    },
    async seesAnybody(actor) {
      return (await scopesOf(actor, clock.today())).length > 0
    },
    async start() {
      await current()
    },
  }
}

const only = (roll: Roll, names: NameIndex, person: string): NameIndex => ({
  ...names,
  order: Int32Array.of(...[roll.indexOf(person)].filter((index) => index !== undefined)),
})
