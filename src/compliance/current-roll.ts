import type { Day } from '../clock.js'
import type { Programme } from '../requirements/requirements.js'
import { inTurns } from '../turns.js'
import { viewDay, type DayView } from './day-view.js'
import type { FactSources } from './facts.js'
import type { Marks } from './marks-store.js'
import { indexNames, type NameIndex } from './names.js'
import { refreshRoll } from './roll-work.js'
import type { Rolls } from './rolls.js'
import type { Roll } from './roll.js'

/** A roll with its names in order, and any day of it laid out for listing. */
export interface ReadRoll {
  roll: Roll
  names: NameIndex
  on: (day: Day) => Promise<DayView>
}

// Today's view, and those of dates that somebody is paging through.
const viewsKept = 3

/** Views of days, the last few of them kept; `renew` puts into each what the roll now says of somebody. */
function keepViews(roll: Roll, names: () => NameIndex) {
  const kept = new Map<Day, Promise<DayView>>()
  /** For each day that is being laid out: who has changed since that began. */
  const underway = new Set<number[]>()

  /** Lays out a day; whoever changed in the meantime is put in afterwards. */
  async function lay(on: Day): Promise<DayView> {
    for (;;) {
      const changed: number[] = []
      underway.add(changed)
      const view = await inTurns(viewDay(roll, names(), on))
      underway.delete(changed)
      if (changed.every((person) => view.renew(person))) return view
    }
  }

  return {
    on(day: Day): Promise<DayView> {
      const view = kept.get(day) ?? lay(day)
      kept.delete(day)
      kept.set(day, view)
      view.catch(() => kept.delete(day))
      const [oldest] = kept.keys()
      if (kept.size > viewsKept && oldest !== undefined) kept.delete(oldest)
      return view
    },
    forget: () => kept.clear(),
    async renew(people: readonly number[]): Promise<void> {
      for (const changed of underway) changed.push(...people)
      for (const [day, laid] of [...kept]) {
        const view = await laid
        if (!people.every((person) => view.renew(person))) kept.delete(day)
      }
    },
  }
}

/** A roll that does not change. */
export function readRoll(roll: Roll): ReadRoll {
  const names = indexNames(roll)
  const views = keepViews(roll, () => names)
  return { roll, names, on: (day) => views.on(day) }
}

/** A roll in which some people are worked out anew from time to time. */
interface LiveRoll {
  readonly read: ReadRoll
  /** Has something change what the roll says of some people, and follows in names and views. */
  change(ids: readonly string[], put: () => Promise<void>): Promise<void>
}

function liveRoll(roll: Roll): LiveRoll {
  let names = indexNames(roll)
  const views = keepViews(roll, () => names)
  const nameOf = (id: string) => {
    const person = roll.indexOf(id)
    return person === undefined ? undefined : roll.name(person)
  }
  return {
    get read() {
      return { roll, names, on: (day: Day) => views.on(day) }
    },
    async change(ids, put) {
      const before = new Map(ids.map((id) => [id, nameOf(id)]))
      await put()
      const changed = ids.flatMap((id) => roll.indexOf(id) ?? [])
      const renamed = ids.filter((id) => nameOf(id) !== before.get(id))
      if (renamed.length > 0) {
        names = names.placed(renamed.flatMap((id) => roll.indexOf(id) ?? []))
        views.forget()
      }
      await views.renew(changed)
    },
  }
}

// When more people than this have changed, everybody is read anew, beside the requests.
const most = 1000

/**
 * The roll as of now. Before it is read, whatever any process has changed since is worked out anew.
 * Whoever comes while that is being done waits for the next time, which all who wait share: it begins
 * after they came, so that nobody overtakes news, and many at once ask once.
 */
export function createCurrentRoll(
  sources: FactSources,
  rolls: Pick<Rolls, 'roll'>,
  marks: Pick<Marks, 'news'>,
  programmes: () => Promise<readonly Programme[]>,
): () => Promise<ReadRoll> {
  let current: LiveRoll | undefined
  let running: Promise<unknown> = Promise.resolve()
  let next: Promise<ReadRoll> | undefined

  async function refresh(): Promise<ReadRoll> {
    const news = await marks.news()
    if (!current || news === 'everybody' || news.length > most) {
      current = liveRoll(await rolls.roll(await programmes()))
    } else if (news.length > 0) {
      const { roll } = current.read
      const held = await programmes()
      await current.change(news, () => refreshRoll(roll, sources, held, news))
    }
    return current.read
  }

  function begin(): Promise<ReadRoll> {
    next = undefined
    const refreshed = refresh()
    running = refreshed.catch(() => undefined)
    return refreshed
  }

  return () => (next ??= running.then(begin))
}
