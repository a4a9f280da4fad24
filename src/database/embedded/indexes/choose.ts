import { conjuncts, type Filter } from '../match/filter.js'
import { aboutHowMany, type Collection } from '../storage/collection.js'
import type { Store } from '../storage/store.js'
import type { Index } from './index.js'
import { askedByPath, type IndexPlan, type Plan, planIndex, type SortField } from './plan.js'

/** What a query asks for, as far as it decides the way to its documents. */
export interface Wanted {
  readonly filter: Filter
  readonly sort: readonly SortField[]
  /** How many documents at most will be taken, the skipped ones included; nothing: all. */
  readonly limit: number | undefined
  /** The index, or the order of insertion, that the client insists on. */
  readonly hint: Index | { readonly natural: 1 | -1 } | undefined
}

/** An estimate looks at no more entries than this. */
const looked = 300

/** About how many entries a plan will meet, told by its first ranges. */
function estimate(store: Store, { ranges }: IndexPlan): number {
  const told = ranges.slice(0, 30)
  let count = 0
  for (const { from, to } of told) {
    if (count >= looked) break
    count += [...store.entries.getKeys({ start: from, end: to, limit: looked - count })].length
  }
  return (count * ranges.length) / Math.max(1, told.length)
}

/** What sorting in memory adds to reading a document. */
const sorting = 1.4

/** Chooses the way to the documents that reads least, as far as a quick look tells. */
export function choosePlan(store: Store, collection: Collection, wanted: Wanted): Plan {
  const { filter, sort, limit, hint } = wanted
  const whole: Plan = { kind: 'records', reverse: false, sorted: sort.length === 0 }
  if (hint && 'natural' in hint) return { ...whole, reverse: hint.natural < 0 }
  const asked = askedByPath(filter)
  if (hint) return planIndex(hint, filter, asked, sort) ?? whole
  const plans = collection.indexes.flatMap((index) => planIndex(index, filter, asked, sort) ?? [])
  const bounded = plans.filter((plan) => plan.bounded > 0)
  const sure = bounded.find(
    (plan) =>
      plan.index.unique && plan.bounded === plan.index.fields.length && plan.ranges.length <= 1,
  )
  if (sure) return sure
  const ordering = sort.length > 0 ? plans.filter((plan) => plan.sorted && plan.bounded === 0) : []
  const [only] = bounded
  if (only && bounded.length === 1 && (only.sorted || ordering.length === 0)) return only
  if (bounded.length === 0 && ordering.length === 0) return union(filter, collection) ?? whole

  const all = aboutHowMany(store.records, collection)
  const rated = bounded.map((plan): Rated => {
    const found = estimate(store, plan)
    return { plan, cost: plan.sorted ? found : found * sorting, found }
  })
  const fewest = Math.min(all, ...rated.map(({ found }) => found))
  for (const plan of ordering) {
    // Walking in order stops early where documents that meet the query are common.
    const share = conjuncts(filter).length === 0 ? 1 : Math.max(fewest, 1) / Math.max(all, 1)
    const cost = limit === undefined ? all : Math.min(all, limit / share)
    rated.push({ plan, cost, found: all })
  }
  if (bounded.length === 0) {
    const alternatives = union(filter, collection)
    if (alternatives) rated.push({ plan: alternatives, cost: all / 4, found: all })
    rated.push({ plan: whole, cost: all * (sort.length > 0 ? sorting : 1), found: all })
  }
  return rated.reduce((best, one) => (isBetter(one, best) ? one : best)).plan
}

const depth = (plan: Plan): number => (plan.kind === 'index' ? plan.bounded : 0)

interface Rated {
  readonly plan: Plan
  readonly cost: number
  readonly found: number
}

const isBetter = (one: Rated, best: Rated): boolean =>
  one.cost < best.cost || (one.cost === best.cost && depth(one.plan) > depth(best.plan))

/** For an `$or` of which every alternative has an index: all of those. */
function union(filter: Filter, collection: Collection): Plan | undefined {
  for (const part of conjuncts(filter)) {
    if (part.kind !== 'or' || part.parts.length === 0) continue
    const plans = part.parts.flatMap((alternative) => {
      const asked = askedByPath(alternative)
      const found = collection.indexes
        .flatMap((index) => planIndex(index, alternative, asked, []) ?? [])
        .filter((plan) => plan.bounded > 0)
      return found.sort((a, b) => b.bounded - a.bounded).slice(0, 1)
    })
    if (plans.length === part.parts.length) return { kind: 'union', plans, sorted: false }
  }
  return undefined
}
