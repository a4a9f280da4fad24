import { CommandError } from '../errors.js'
import type { Flow } from '../flow.js'
import { compileFilter, conjuncts, type Filter } from '../match/filter.js'
import { type Collection, countRecords, type Hit, readRecord } from '../storage/records.js'
import type { Store } from '../storage/store.js'
import { keptLength } from './index.js'
import { byKey, type OrderField, sortKeys } from './keys.js'
import { bounds, choosePlan, type IndexPlan } from './plan.js'
import { scan } from './scan.js'

/** A search: what is wanted, in which order, and which of it. `limit` is what may come after `skip`. */
export interface Asked {
  readonly filter: Filter
  /**
   * Whether all is taken as it was at one moment, each document before the next: what an index tells
   * then needs no second look, and what the store lends need not be copied.
   */
  readonly atOnce?: boolean
  readonly sort?: readonly OrderField[]
  readonly skip?: number
  readonly limit?: number | undefined
}

/** The documents that are asked for, in their order. Throws QueryPlanKilled where its way was dropped. */
export function* search(store: Store, collection: Collection, asked: Asked): Flow<Hit> {
  const { filter, sort = [], skip = 0, limit, atOnce = false } = asked
  const last = limit === undefined ? Number.POSITIVE_INFINITY : skip + limit
  const plan = choosePlan(store, collection, { filter, sort, limit: last })
  const [only, ...others] = plan.through
  const told = atOnce && only && others.length === 0 && tellsAll(only, filter)
  const matches = told ? () => true : compileFilter(filter)
  const hits = scan(store, collection, plan, matches, plan.sorted ? last : 64, atOnce)
  const reread = (record: number): Hit | undefined => {
    const hit = readRecord(store, collection, record)
    return hit && matches(hit) ? hit : undefined
  }
  const states = [collection.state, ...plan.through.map(({ index }) => index.state)]
  let taken = 0
  for (const hit of plan.sorted ? hits : inOrder(hits, sort, last, reread)) {
    if (hit) taken++
    yield taken > skip ? hit : undefined
    if (taken >= last) return
    if (states.some(({ dropped }) => dropped))
      throw new CommandError(175, `${collection.namespace} or an index of it was dropped`)
  }
}

/**
 * Gathers the sort keys of all hits, or of as many as can be among the first `keep`, and then reads
 * the documents again in that order; one that has changed so that it no longer belongs is left out.
 */
function* inOrder(
  hits: Flow<Hit>,
  sort: readonly OrderField[],
  keep: number,
  reread: (record: number) => Hit | undefined,
): Flow<Hit> {
  const keyOf = sortKeys(sort)
  let ranked: { readonly key: string; readonly record: number }[] = []
  const rank = (): void => {
    ranked = ranked.sort(byKey).slice(0, keep)
  }
  for (const hit of hits) {
    if (hit) ranked.push({ key: keyOf(hit), record: hit.record })
    else yield undefined
    if (ranked.length > keep * 2 + 1000) rank()
  }
  rank()
  for (const { record } of ranked) yield reread(record)
}

/** Whether the entries on a way are the documents that meet a query, one for one. */
function tellsAll({ index, ranges, bounded }: IndexPlan, filter: Filter): boolean {
  const { multikey, inexact } = index.state
  const paths = index.fields.slice(0, bounded).map(({ text }) => text)
  return (
    !inexact &&
    !multikey.includes(true) &&
    ranges.every(({ start, end }) => Math.max(start.length, end.length) < keptLength) &&
    conjuncts(filter).every(
      (part) => part.kind === 'leaf' && bounds(part.test) && paths.includes(part.path?.text ?? ''),
    )
  )
}

/** How many documents meet a query, where the store tells it without reading them. */
export function countQuickly(store: Store, collection: Collection, filter: Filter) {
  if (conjuncts(filter).length === 0) return countRecords(store, collection)
  const [only] = choosePlan(store, collection, { filter, sort: [], limit: Infinity }).through
  if (!only || !tellsAll(only, filter)) return undefined
  const counts = only.ranges.map(({ start, end }) => store.entries.getKeysCount({ start, end }))
  return counts.reduce((sum, count) => sum + count, 0)
}
