import type { Actor } from '../actor.js'
import { endOfDay, type Clock, type Day } from '../clock.js'
import { invalid } from '../errors.js'
import type { House, People, TermKind } from '../people/people.js'
import type { Programme } from '../requirements/requirements.js'
import { readRoll, type ReadRoll } from './current-roll.js'
import { queryRoll, type Filter, type RollListing, type Sort } from './roll-query.js'
import type { Rolls } from './rolls.js'
import { scopesOf } from './scope.js'
import type { StandingState } from './timeline.js'

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
  /** Words that each begin a word of a name, present or former. */
  q?: string
  sort?: Sort
  /** From 1. */
  page?: number
  /** Lines on a page; everything where absent. */
  size?: number
}

export interface ReadingParts {
  people: People
  clock: Clock
  programmes: (knownAt?: Date) => Promise<readonly Programme[]>
  rolls: Rolls
  current: () => Promise<ReadRoll>
}

// What was known at the end of a day that is over never changes, so a roll of it stays good.
const pastKept = 2

/** Finds the roll that answers for a date, and what an actor may see in it. */
export function createReading(parts: ReadingParts) {
  const { people, clock, programmes, rolls, current } = parts
  const past = new Map<Day, Promise<ReadRoll>>()

  function asKnownOn(asAt: Day): Promise<ReadRoll> {
    const instant = endOfDay(asAt)
    const work = async () => readRoll(await rolls.roll(await programmes(instant), instant))
    const found = past.get(asAt) ?? work()
    past.delete(asAt)
    past.set(asAt, found)
    found.catch(() => past.delete(asAt))
    const [oldest] = past.keys()
    if (past.size > pastKept && oldest !== undefined) past.delete(oldest)
    return found
  }

  /** Today, or the date given. Throws invalid for a day in the future. */
  function dateOf(asAt: Day | undefined): Day {
    const today = clock.today()
    if (asAt !== undefined && asAt > today) throw invalid('list.future', { asAt })
    return asAt ?? today
  }

  const rollFor = (asAt: Day, asKnownThen: boolean): Promise<ReadRoll> =>
    asKnownThen && asAt !== clock.today() ? asKnownOn(asAt) : current()

  /** The duties that a course can satisfy. */
  const dutiesOf = async (course: string): Promise<Set<string>> =>
    new Set(
      (await programmes()).flatMap(({ duties }) =>
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
      ...(q?.trim() ? { people: await people.named(q) } : {}),
      ...(office ? { offices: await people.officesBelow(office) } : {}),
      ...(course ? { duties: await dutiesOf(course) } : {}),
    }
  }

  return {
    dateOf,
    rollFor,
    /** What an actor may know of comes first; filters, counts, order and pages after it. */
    async find(actor: Actor, query: ListQuery): Promise<RollListing & { asAt: Day }> {
      const asAt = dateOf(query.asAt)
      const scopes = await scopesOf(actor, people)
      const filter = await filterOf(query)
      const read = await rollFor(asAt, query.asKnownThen ?? false)
      const { sort = 'name', page = 1, size = Number.MAX_SAFE_INTEGER } = query
      const wanted = { sort, from: (page - 1) * size, size }
      return { ...queryRoll(read.roll, await read.on(asAt), scopes, filter, wanted), asAt }
    },
  }
}
