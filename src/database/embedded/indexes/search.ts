import type { Value } from '../bson/value.js'
import { compileFilter, type Matcher } from '../match/match.js'
import { conjuncts, type Filter } from '../match/filter.js'
import { byKey, type OrderField, sortKeys } from '../sort/sort-key.js'
import { type Collection, countRecords } from '../storage/collection.js'
import { readRecord } from '../storage/records.js'
import type { Store } from '../storage/store.js'
import { choosePlan } from './choose.js'
import { askedByPath, planIndex } from './plan.js'
import { type Hit, openScan, type Scan } from './scan.js'

/** A search: what is wanted, in which order, and which of it. `limit` is what may come after `skip`. */
export interface Asked {
  readonly filter: Filter
  /** The query made ready, where the asker has it so. */
  readonly matches?: Matcher
  readonly sort?: readonly OrderField[]
  readonly skip?: number
  readonly limit?: number | undefined
}

/** Begins a search; its hits come in the order asked for, skipped and limited. */
export function openSearch(store: Store, collection: Collection, asked: Asked): Scan {
  const { filter, matches = compileFilter(filter), sort = [], skip = 0, limit } = asked
  const last = limit === undefined ? undefined : skip + limit
  const plan = choosePlan(store, collection, { filter, sort, limit: last })
  const scan = openScan(store, collection, plan, matches)
  const reread = (record: number): Value | undefined => {
    const document = readRecord(store, collection, record)
    return document && matches(document) ? document : undefined
  }
  return cut(
    plan.sorted ? scan : inOrder(scan, sort, last ?? Number.POSITIVE_INFINITY, reread),
    skip,
    limit,
  )
}

/** Leaves out what is skipped and ends at the limit. */
function cut(scan: Scan, skip: number, limit = Number.POSITIVE_INFINITY): Scan {
  let [toSkip, left, look] = [skip, limit, 1]
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

/**
 * Gathers the sort keys of all hits, or of as many as can be among the first `keep`, and then reads
 * the documents again in that order; one that has changed so that it no longer belongs is left out.
 */
function inOrder(
  scan: Scan,
  sort: readonly OrderField[],
  keep: number,
  reread: (record: number) => Value | undefined,
): Scan {
  const keyOf = sortKeys(sort)
  let ranked: { readonly key: string; readonly record: number }[] = []
  let at: number | undefined
  const gather = (most: number): void => {
    for (const { record, document } of scan.next(most))
      ranked.push({ key: keyOf(document), record })
    if (!scan.done && ranked.length <= keep * 2 + 1000) return
    ranked = ranked.sort(byKey).slice(0, keep)
    if (scan.done) at = 0
  }
  return {
    get done() {
      return at !== undefined && at >= ranked.length
    },
    next(most) {
      if (at === undefined) {
        gather(Math.max(most, 256))
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
  filter: Filter,
): number | undefined {
  if (conjuncts(filter).length === 0) return countRecords(store.records, collection)
  const asked = askedByPath(filter)
  const plans = collection.indexes.flatMap((index) => planIndex(index, filter, asked, []) ?? [])
  const exact = plans.find((plan) => plan.exact)
  const count = (sum: number, { from, to }: { from: Buffer; to: Buffer }): number =>
    sum + store.entries.getKeysCount({ start: from, end: to })
  return exact?.ranges.reduce(count, 0)
}
