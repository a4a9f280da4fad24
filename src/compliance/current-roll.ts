import type { Day } from '../clock.js'
import type { Programme } from '../requirements/requirements.js'
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
  on(day: Day): DayView
}

export function readRoll(roll: Roll): ReadRoll {
  const names = indexNames(roll)
  return { roll, names, on: (day) => viewDay(roll, names, day) }
}

// When more people than this have changed, everybody is read anew, beside the requests.
const most = 1000
// Today's view, and those of dates that somebody is paging through.
const viewsKept = 3

/**
 * The roll as of now. Before it is read, whatever any process has changed since is worked out anew.
 * Whoever comes while that is being done waits for the next time, which all who wait share: it begins
 * after they came, so that nobody overtakes news, and many at once ask once.
 */
export function createCurrentRoll(
  sources: FactSources,
  rolls: Rolls,
  marks: Marks,
  programmes: () => Promise<readonly Programme[]>,
): () => Promise<ReadRoll> {
  let current: ReadRoll | undefined
  const views = new Map<Day, DayView>()
  let running: Promise<unknown> = Promise.resolve()
  let next: Promise<ReadRoll> | undefined

  function open(roll: Roll): ReadRoll {
    views.clear()
    const read = readRoll(roll)
    return {
      ...read,
      on(day) {
        const view = views.get(day) ?? read.on(day)
        views.delete(day)
        views.set(day, view)
        const [oldest] = views.keys()
        if (views.size > viewsKept && oldest !== undefined) views.delete(oldest)
        return view
      },
    }
  }

  async function refresh(): Promise<ReadRoll> {
    const news = await marks.news()
    if (!current || news === 'everybody' || news.length > most) {
      return open(await rolls.roll(await programmes()))
    }
    if (news.length === 0) return current
    const { roll, names } = current
    await refreshRoll(roll, sources, await programmes(), news)
    const changed = news.flatMap((id) => roll.indexOf(id) ?? [])
    const fits = changed.every((person) => names.fits(person))
    const renewed =
      fits && [...views.values()].every((view) => changed.every((one) => view.renew(one)))
    return renewed ? current : open(roll)
  }

  function begin(): Promise<ReadRoll> {
    next = undefined
    const refreshed = refresh().then((read) => (current = read))
    running = refreshed.catch(() => undefined)
    return refreshed
  }

  return () => (next ??= running.then(begin))
}
