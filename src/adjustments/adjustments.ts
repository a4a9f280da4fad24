import { hasRole, personOf, type Actor } from '../actor.js'
import type { Audit } from '../audit/audit.js'
import { addMonths, type Clock } from '../clock.js'
import { createRemembered, type Database } from '../database/database.js'
import { conflict, invalid, notFound, refused } from '../errors.js'
import type { People } from '../people/people.js'
import type { Random } from '../random.js'
import {
  wayOf,
  type Adjustments as Own,
  type RoomNeed,
  type Route,
  type RouteKind,
  type Way,
} from './adjustment.js'
import { createAdjustmentsStore } from './adjustments-store.js'

export { displays, roomNeeds, routeKinds } from './adjustment.js'
export type { Adjustments as OwnAdjustments } from './adjustment.js'
export { adjustmentCollections } from './adjustments-store.js'

/** A way asked for, as whoever decides sees it: no reason, for there is none. */
export interface AskedRoute extends Pick<Route, 'id' | 'kind' | 'askedAt'> {
  person: string
}

/**
 * What somebody needs, told once and private (issue *Courses*, part 4): how pages look, what a room
 * must have, and another way through the training. No employer, manager or whip reads any of it.
 */
export interface Adjustments {
  /** One's own. */
  own(actor: Actor): Promise<Own>
  /** Changes one's own. Throws invalid for a birthday that would make nobody younger than eighteen. */
  adjust(
    actor: Actor,
    change: Pick<Own, 'display' | 'room' | 'language' | 'adultFrom'>,
  ): Promise<Own>
  /** Asks for another way through; in place of what was asked for before. */
  askFor(actor: Actor, kind: RouteKind): Promise<void>
  /** Goes back to the way that everybody takes. */
  takeBack(actor: Actor): Promise<void>
  /** The ways asked for on which this officer may decide: nobody of their own line. */
  asked(actor: Actor): Promise<AskedRoute[]>
  /** Decides. Throws refused in one's own line, conflict where it is decided or taken back already. */
  decide(actor: Actor, id: string, agreed: boolean): Promise<void>
  /** Who may have a course with one person, agreed by somebody: as far as this officer may know it. */
  agreed(actor: Actor): Promise<AskedRoute[]>
  /** The way that somebody takes through a course today. */
  wayOf(person: string): Promise<Way>
  /** What the people of one room need, how often each; never who. */
  roomNeeds(people: readonly string[]): Promise<Map<RoomNeed, number>>
}

export interface AdjustmentsParts {
  database: Database
  audit: Audit
  people: Pick<People, 'inLine'>
  clock: Clock
  random: Random
}

const nothing: Own = { display: [], room: [] }

// Every page is drawn by them, some ask twice; another process may change them at any time.
const rememberedFor = 5_000

export function createAdjustments(parts: AdjustmentsParts): Adjustments {
  const { database, audit, people, clock, random } = parts
  const store = createAdjustmentsStore(database.connection)

  function mine(actor: Actor): string {
    const person = personOf(actor)
    if (person === undefined) throw refused('problem.refused')
    return person
  }

  const remembered = createRemembered<Own>(clock, rememberedFor)
  const own = (person: string): Promise<Own> =>
    remembered.of(person, async () => (await store.of(person)) ?? nothing)

  /** Changes what is kept of somebody; whoever reads it in this process sees the change at once. */
  async function change(...given: Parameters<typeof store.set>): Promise<void> {
    await store.set(...given)
    remembered.forget(given[0])
  }

  /** Whether somebody stands outside the line of the person, and may so decide. */
  async function outside(actor: Actor, person: string): Promise<boolean> {
    const officer = personOf(actor)
    if (!hasRole(actor, 'safeguarding-officer')) return false
    if (officer === undefined) return true
    return officer !== person && !(await people.inLine(officer, person, clock.today()))
  }

  return {
    own: (actor) => own(mine(actor)),
    async adjust(actor, { display, room, language, adultFrom }) {
      const person = mine(actor)
      const today = clock.today()
      if (
        adultFrom !== undefined &&
        (adultFrom <= today || adultFrom > addMonths(today, 12 * 18))
      ) {
        throw invalid('adjustments.not-under-18', undefined, [
          { field: 'adultFrom', say: { key: 'adjustments.not-under-18' } },
        ])
      }
      const given = { ...(language ? { language } : {}), ...(adultFrom ? { adultFrom } : {}) }
      const gone = ['language', 'adultFrom'].filter((name) => !(name in given))
      await change(person, { display, room, ...given }, gone)
      return own(person)
    },
    async askFor(actor, kind) {
      const person = mine(actor)
      const { route } = (await store.of(person)) ?? nothing
      if (route?.kind === kind && route.state !== 'not-agreed') return
      const asked: Route = { id: random.id(), kind, askedAt: clock.now(), state: 'asked' }
      await change(person, { route: asked }, [])
    },
    async takeBack(actor) {
      await change(mine(actor), {}, ['route'])
    },
    async asked(actor) {
      const found: AskedRoute[] = []
      for (const { person, route } of await store.inState('asked')) {
        if (!route || !(await outside(actor, person))) continue
        found.push({ id: route.id, kind: route.kind, askedAt: route.askedAt, person })
      }
      return found.toSorted((a, b) => a.askedAt.getTime() - b.askedAt.getTime())
    },
    async agreed(actor) {
      const found: AskedRoute[] = []
      for (const { person, route } of await store.inState('agreed')) {
        if (route?.kind !== 'one-to-one' || !(await outside(actor, person))) continue
        found.push({ id: route.id, kind: route.kind, askedAt: route.askedAt, person })
      }
      return found.toSorted((a, b) => a.askedAt.getTime() - b.askedAt.getTime())
    },
    async decide(actor, id, agreed) {
      const found = await store.byRoute(id)
      if (!found) throw notFound()
      if (!(await outside(actor, found.person))) throw refused('adjustments.in-line')
      if (!(await store.decide(id, agreed ? 'agreed' : 'not-agreed'))) {
        throw conflict('adjustments.decided-already')
      }
      remembered.forget(found.person)
      // Neither whom it concerns nor which way: that somebody asked is nobody else's to know.
      await audit.record(actor, { act: 'route.decided', route: id, agreed })
    },
    wayOf: async (person) => wayOf(await own(person), clock.today()),
    async roomNeeds(room) {
      const counts = new Map<RoomNeed, number>()
      for (const { room: needs } of await store.ofMany(room)) {
        for (const need of needs) counts.set(need, (counts.get(need) ?? 0) + 1)
      }
      return counts
    },
  }
}
