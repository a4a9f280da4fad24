import { conjuncts, type Filter } from '../match/filter.js'
import { type Collection, countRecords } from '../storage/records.js'
import type { Store } from '../storage/store.js'
import type { OrderField } from './keys.js'
import { askedByPath, type IndexPlan, type Plan, planIndex } from './plan.js'

/** What a query asks for, as far as it decides the way to its documents. */
interface Wanted {
  readonly filter: Filter
  readonly sort: readonly OrderField[]
  /** How many documents at most will be taken, the skipped ones included. */
  readonly limit: number
}

/** An estimate looks at no more entries, and no more ranges, than this. */
const [mostEntries, mostSpans] = [300, 30]

/** About how many entries a plan will meet, told by its first ranges. */
function estimate(store: Store, { ranges }: IndexPlan): number {
  const told = ranges.slice(0, mostSpans)
  let count = 0
  for (const { start, end } of told) {
    const limit = mostEntries - count
    if (limit > 0) count += [...store.entries.getKeys({ start, end, limit })].length
  }
  return (count * ranges.length) / Math.max(1, told.length)
}

const one = (plan: IndexPlan): Plan => ({ through: [plan], sorted: plan.sorted })

/** What sorting in memory adds to reading a document. */
const sorting = 1.4

/** Chooses the way to the documents that reads least, as far as a quick look tells. */
export function choosePlan(store: Store, collection: Collection, wanted: Wanted): Plan {
  const { filter, sort, limit } = wanted
  const asked = askedByPath(filter)
  const plans: IndexPlan[] = []
  for (const index of collection.indexes) {
    const plan = planIndex(index, filter, asked, sort)
    if (plan) plans.push(plan)
    // Nothing is better than the one entry of a whole unique key.
    if (index.unique && plan?.bounded === index.fields.length && plan.ranges.length < 2)
      return one(plan)
  }
  const bounded = plans.filter((plan) => plan.bounded > 0)
  const ordering = plans.filter((plan) => plan.bounded === 0)
  const [only] = bounded
  if (only && bounded.length === 1 && (only.sorted || ordering.length === 0)) return one(only)
  const whole: Plan = { through: [], sorted: sort.length === 0 }
  const alternatives = only ? undefined : union(filter, collection, sort.length === 0)
  if (!only && ordering.length === 0) return alternatives ?? whole

  const all = (collection.state.about ??= countRecords(store, collection))
  const rated: { plan: Plan; cost: number }[] = bounded
    .sort((a, b) => b.bounded - a.bounded)
    .map((plan) => ({ plan: one(plan), cost: estimate(store, plan) * (plan.sorted ? 1 : sorting) }))
  const fewest = Math.min(all, ...rated.map(({ cost }) => cost))
  // Walking in order stops early where documents that meet the query are common.
  const share = conjuncts(filter).length === 0 ? 1 : Math.max(fewest, 1) / Math.max(all, 1)
  for (const plan of ordering) rated.push({ plan: one(plan), cost: Math.min(all, limit / share) })
  if (alternatives) rated.push({ plan: alternatives, cost: all / 4 })
  if (!only) rated.push({ plan: whole, cost: all * sorting })
  return rated.reduce((best, other) => (other.cost < best.cost ? other : best)).plan
}

/** For an `$or` of which every alternative has an index: all of those. */
function union(filter: Filter, collection: Collection, sorted: boolean): Plan | undefined {
  for (const part of conjuncts(filter)) {
    if (part.kind !== 'or' || part.parts.length === 0) continue
    const plans = part.parts.flatMap((alternative) => {
      const asked = askedByPath(alternative)
      const found = collection.indexes.flatMap(
        (index) => planIndex(index, alternative, asked, []) ?? [],
      )
      const best = found.sort((a, b) => b.bounded - a.bounded)[0]
      return best ? [best] : []
    })
    if (plans.length === part.parts.length) return { through: plans, sorted }
  }
  return undefined
}
