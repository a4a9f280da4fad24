import type { Day } from '../clock.js'
import type { Programme } from '../requirements/requirements.js'
import { viewDay, type DayView } from './day-view.js'
import type { FactSources } from './facts.js'
import type { Marks } from './marks-store.js'
import { indexNames, type NameIndex } from './names.js'
import { buildRoll, refreshRoll } from './roll-builder.js'
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

// Today's view, and those of dates that somebody is paging through.
const viewsKept = 3

/**
 * The roll as of now. Before it is read, whatever any process has changed since is worked out anew;
 * readers queue, so that none overtakes news that another has begun to read.
 */
export function createCurrentRoll(
  sources: FactSources,
  marks: Marks,
  programmes: () => readonly Programme[],
): () => Promise<ReadRoll> {
  let current: ReadRoll | undefined
  const views = new Map<Day, DayView>()
  let turn: Promise<unknown> = Promise.resolve()

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
    if (!current) return open(await buildRoll(sources, programmes()))
    if (news.length === 0) return current
    const { roll, names } = current
    await refreshRoll(roll, sources, programmes(), news)
    const changed = news.flatMap((id) => roll.indexOf(id) ?? [])
    const fits = changed.every((person) => names.fits(person))
    const renewed =
      fits && [...views.values()].every((view) => changed.every((one) => view.renew(one)))
    return renewed ? current : open(roll)
  }

  return async () => {
    const refreshed = turn.then(refresh)
    turn = refreshed.catch(() => undefined)
    current = await refreshed
    return current
  }
}
