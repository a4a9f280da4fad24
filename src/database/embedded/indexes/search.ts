import type { Value } from '../bson/value.js'
import { everything } from '../match/filter.js'
import { compileFilter } from '../match/match.js'
import { byKey, sortKeys } from '../sort/sort-key.js'
import { type Collection, countRecords } from '../storage/collection.js'
import { readRecord } from '../storage/records.js'
import type { Store } from '../storage/store.js'
import { choosePlan, type Wanted } from './choose.js'
import { askedByPath, planIndex } from './plan.js'
import { type Hit, openScan, type Scan } from './scan.js'

/** A search: what is wanted, and which of it. `limit` is what may come after `skip`. */
export interface Asked extends Omit<Wanted, 'limit'> {
  readonly skip: number
  readonly limit: number | undefined
}

const last = ({ skip, limit }: Asked): number | undefined =>
  limit === undefined ? undefined : skip + limit

/** Begins a search; its hits come in the order asked for, skipped and limited. */
export function openSearch(store: Store, collection: Collection, asked: Asked): Scan {
  const plan = choosePlan(store, collection, { ...asked, limit: last(asked) })
  const matches = compileFilter(asked.filter)
  const scan = openScan(store, collection, plan, matches)
  if (plan.sorted) return cut(scan, asked)
  const reread = (record: number): Value | undefined => {
    const document = readRecord(store, collection, record)
    return document && matches(document) ? document : undefined
  }
  return cut(inOrder(scan, asked, reread), asked)
}

/** Leaves out what is skipped and ends at the limit. */
function cut(scan: Scan, { skip, limit }: Asked): Scan {
  let toSkip = skip
  let left = limit ?? Number.POSITIVE_INFINITY
  let look = 1
  return {
    get done() {
      return left <= 0 || scan.done
    },
    next(most) {
      // A search for one document must not read a hundred, nor take a hundred thousand steps.
      const found = scan.next(Math.min(most, Math.max(toSkip + left, look)))
      look *= 2
      const skipped = Math.min(toSkip, found.length)
      toSkip -= skipped
      const taken = found.slice(skipped, skipped + left)
      left -= taken.length
      return taken
    },
  }
}

interface Ranked {
  readonly key: string
  readonly record: number
}

/**
 * Gathers the sort keys of all hits, or of as many as can be among the first, and then reads the
 * documents again in that order; one that has changed so that it no longer belongs is left out.
 */
function inOrder(scan: Scan, asked: Asked, reread: (record: number) => Value | undefined): Scan {
  const keyOf = sortKeys(asked.sort)
  const keep = last(asked) ?? Number.POSITIVE_INFINITY
  let ranked: Ranked[] = []
  let at: number | undefined
  const prune = (): void => {
    ranked.sort(byKey)
    ranked = ranked.slice(0, keep)
  }
  const gather = (most: number): void => {
    for (const { record, document } of scan.next(most))
      ranked.push({ key: keyOf(document), record })
    if (ranked.length > keep * 2 + 1000) prune()
    if (!scan.done) return
    prune()
    at = 0
  }
  return {
    get done() {
      return at !== undefined && at >= ranked.length
    },
    next(most) {
      if (at === undefined) {
        gather(most)
        return []
      }
      const step = ranked.slice(at, at + most)
      at += step.length
      return step.flatMap(({ record }): Hit[] => {
        const document = reread(record)
        return document ? [{ record, document }] : []
      })
    },
  }
}

/** How many documents meet a query, where an index tells it without reading them. */
export function countQuickly(
  store: Store,
  collection: Collection,
  { filter, hint }: Asked,
): number | undefined {
  if (filter.kind === 'and' && filter.parts.length === 0) {
    return countRecords(store.records, collection)
  }
  const asked = askedByPath(filter)
  for (const index of collection.indexes) {
    if (hint && hint !== index) continue
    const plan = planIndex(index, filter, asked, [])
    if (!plan?.exact) continue
    return plan.ranges.reduce(
      (sum, { from, to }) => sum + store.entries.getKeysCount({ start: from, end: to }),
      0,
    )
  }
  return undefined
}

export const everyDocument: Asked = {
  filter: everything,
  sort: [],
  skip: 0,
  limit: undefined,
  hint: undefined,
}
