import { after, point, type Range } from '../bson/order-key.js'
import { T } from '../bson/value.js'
import { conjuncts, everything, type Filter, type Leaf, type Test } from '../match/filter.js'
import { present } from '../match/parse-filter.js'
import { type Index, keptLength } from './index.js'
import { type Collection, countRecords } from '../storage/records.js'
import type { Store } from '../storage/store.js'
import type { OrderField } from './keys.js'

/** What both allow. */
const intersect = (a: readonly Range[], b: readonly Range[]): readonly Range[] =>
  a.flatMap((one) =>
    b.flatMap((other) => {
      const start = Buffer.compare(one.start, other.start) > 0 ? one.start : other.start
      const end = Buffer.compare(one.end, other.end) < 0 ? one.end : other.end
      return Buffer.compare(start, end) < 0
        ? [{ start, end, single: one.single || other.single }]
        : []
    }),
  )

const inverted = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => 255 - byte))

/** The same bounds where the index has the field in descending order. */
const descending = (ranges: readonly Range[]): readonly Range[] =>
  ranges.toReversed().map(({ start, end, single }) => {
    const last = inverted(start)
    return { start: single ? last : after(inverted(end)), end: after(last), single }
  })

const inside = (one: Range, other: Range): boolean =>
  Buffer.compare(other.start, one.start) <= 0 && Buffer.compare(one.end, other.end) <= 0

/** Whether what meets `given` meets `asked`, so far as their ranges tell. */
function implies({ ranges }: Test, asked: Test): boolean {
  if (asked.op === 'exists') return !ranges?.some((range) => inside(point(undefined), range))
  return ranges?.every((one) => asked.ranges?.some((other) => inside(one, other))) === true
}

/** Whether every document that meets the query has its entries in a sparse or partial index. */
function covers({ sparse, partial, fields }: Index, query: Filter): boolean {
  const leaves = conjuncts(query).filter((part): part is Leaf => part.kind === 'leaf')
  const asks = (path: string | undefined, asked: Test): boolean =>
    leaves.some((leaf) => leaf.path?.text === path && implies(leaf.test, asked))
  if (sparse && !fields.some(({ text }) => asks(text, present))) return false
  const wanted = partial ? conjuncts(partial.filter) : []
  return wanted.every((part) => part.kind === 'leaf' && asks(part.path?.text, part.test))
}

/** A way through one index: its entries in these ranges, and what that saves. */
export interface IndexPlan {
  readonly index: Index
  readonly ranges: readonly Range[]
  readonly reverse: boolean
  /** How many fields of the index the query bounds. */
  readonly bounded: number
  /** Whether the entries come in the order that the query asks for. */
  readonly sorted: boolean
}

/** A way to the documents of a query: through an index, several of them, or without any all records. */
export interface Plan {
  readonly through: readonly IndexPlan[]
  readonly sorted: boolean
}

/** More starting points than this are not worked out; the fields that follow are only filtered. */
const mostRanges = 50_000

/** The tests by which a query bounds each path. */
type Asked = ReadonlyMap<string, readonly Test[]>

function askedByPath(filter: Filter): Asked {
  const asked = new Map<string, Test[]>()
  const note = (part: Filter, prefix: string): void => {
    if (part.kind !== 'leaf' || !part.path) return
    const path = prefix + part.path.text
    asked.set(path, [...(asked.get(path) ?? []), part.test])
    // What an item must meet narrows the search by the fields of the items too.
    for (const inner of conjuncts(part.test.filter ?? everything)) note(inner, `${path}.`)
  }
  for (const part of conjuncts(filter)) note(part, '')
  return asked
}

/** Whether an index has the answer to a test; arrays stand in it by item, not as a query compares them. */
export const bounds = ({ ranges, values = [] }: Test): boolean =>
  ranges !== undefined && !values.some(({ type }) => [T.array, T.minKey, T.maxKey].includes(type))

/** The ranges of a field that some tests allow together; nothing where they do not bound it. */
function fieldRanges(tests: readonly Test[], multikey: boolean): readonly Range[] | undefined {
  const known = tests.filter(bounds)
  // Different items of an array may meet different conditions, so only one may bound the search.
  const best = known.find(({ op }) => op === 'eq') ?? known.find(({ op }) => op === 'in')
  const bounding = multikey ? [best ?? known[0]] : known
  const all = bounding.flatMap((test) => (test?.ranges ? [test.ranges] : []))
  return all.length > 0 ? all.reduce(intersect) : undefined
}

/** Keys are cut where they grow too long, so bounds are too, outward. */
function clipped(range: Range): Range {
  const { start, end } = range
  if (start.length <= keptLength && end.length <= keptLength) return range
  const upper = end.length <= keptLength ? end : after(end.subarray(0, keptLength))
  return { start: start.subarray(0, keptLength), end: upper, single: false }
}

/** The bounds of an index: those of its fields one after another, up to the first that is no single value. */
function compose(index: Index, asked: Asked, gaps: boolean) {
  let ranges: readonly Range[] = [index.whole]
  let [bounded, fixed] = [0, 0]
  let arrays = false
  for (const [i, { text, descending: down }] of index.fields.entries()) {
    const multikey = index.state.multikey[i] === true
    const tests = (asked.get(text) ?? []).filter((test) => !gaps || implies(test, present))
    const wanted = multikey && arrays ? undefined : fieldRanges(tests, multikey)
    if (!wanted || ranges.length * wanted.length > mostRanges) break
    arrays ||= multikey
    const own = down ? descending(wanted) : wanted
    ranges = ranges.flatMap((before) =>
      own.map(({ start, end, single }) => ({
        start: Buffer.concat([before.start, start]),
        end: Buffer.concat([before.start, end]),
        single,
      })),
    )
    const points = own.every(({ single }) => single)
    if (fixed === bounded && own.length === 1 && points) fixed++
    bounded++
    if (!points) break
  }
  return { ranges: ranges.map(clipped), bounded, fixed }
}

/** Whether walking an index gives the order asked for, and if so whether from its end. */
function orderOf(
  index: Index,
  bounded: number,
  fixed: number,
  sort: readonly OrderField[],
): boolean | undefined {
  let next = 0
  let reverse: boolean | undefined
  for (const [i, field] of index.fields.entries()) {
    const wanted = sort[next]
    if (!wanted) break
    if (wanted.text !== field.text) {
      if (i < fixed) continue
      return undefined
    }
    // The order of a field with arrays goes by the least or greatest of all items, unbounded.
    if (index.state.multikey[i] === true && i < bounded) return undefined
    const turned = wanted.descending !== field.descending
    if (reverse !== undefined && reverse !== turned) return undefined
    reverse = turned
    next++
  }
  return next < sort.length ? undefined : (reverse ?? false)
}

/** The way through one index for a query; nothing where the index lacks some of the answers, or helps nothing. */
function planIndex(
  index: Index,
  filter: Filter,
  asked: Asked,
  sort: readonly OrderField[],
): IndexPlan | undefined {
  if (sort.length === 0 && !asked.has(index.fields[0]?.text ?? '')) return undefined
  if ((index.sparse || index.partial) && !covers(index, filter)) return undefined
  // A sparse index has no entry for an item of an array that lacks the field, so it cannot find by that.
  const gaps = index.sparse && index.state.multikey.includes(true)
  const { ranges, bounded, fixed } = compose(index, asked, gaps)
  const reverse = index.state.inexact || gaps ? undefined : orderOf(index, bounded, fixed, sort)
  const sorted = sort.length === 0 || reverse !== undefined
  const helps = bounded > 0 || (sort.length > 0 && sorted)
  return helps ? { index, ranges, reverse: reverse ?? false, bounded, sorted } : undefined
}

/** What a query asks for, as far as it decides the way to its documents. */
interface Wanted {
  readonly filter: Filter
  readonly sort: readonly OrderField[]
  /** How many documents at most will be taken, the skipped ones included. */
  readonly limit: number
}

/** An estimate looks at no more entries, and no more ranges, than this. */
const [mostEntries, mostSpans] = [300, 30]

/** About how many entries a plan will meet, told by its first ranges; more than `enough` need not be told apart. */
function estimate(store: Store, { ranges }: IndexPlan, enough: number): number {
  const told = ranges.slice(0, mostSpans)
  const most = Math.min(mostEntries, enough + 1)
  let count = 0
  for (const { start, end } of told) {
    const limit = most - count
    if (limit > 0) count += [...store.entries.getKeys({ start, end, limit })].length
  }
  return (count * ranges.length) / Math.max(1, told.length)
}

/** Whether all that a query asks for is one value for each of some fields, which the index begins with. */
function meetsOnly({ ranges, bounded }: IndexPlan, filter: Filter, asked: Asked): boolean {
  const [range, ...others] = ranges
  const leaves = conjuncts(filter).every(({ kind }) => kind === 'leaf')
  return range?.single === true && others.length === 0 && leaves && bounded === asked.size
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
    // Nothing is better than the one entry of a whole unique key, or than what is wanted and no more.
    if (index.unique && plan?.bounded === index.fields.length && plan.ranges.length < 2)
      return one(plan)
    if (plan && sort.length === 0 && meetsOnly(plan, filter, asked)) return one(plan)
  }
  const bounded = plans.filter((plan) => plan.bounded > 0)
  const ordering = plans.filter((plan) => plan.bounded === 0)
  const [only] = bounded
  if (only && bounded.length === 1 && (only.sorted || ordering.length === 0)) return one(only)
  const whole: Plan = { through: [], sorted: sort.length === 0 }
  const alternatives = only ? undefined : union(filter, collection, sort.length === 0)
  if (!only && ordering.length === 0) return alternatives ?? whole

  const rated: Rated[] = []
  let fewest = Number.POSITIVE_INFINITY
  for (const plan of bounded.sort((a, b) => b.bounded - a.bounded)) {
    // A plan that meets more than the best so far has lost, however many more they are.
    const cost = estimate(store, plan, Math.ceil(fewest)) * (plan.sorted ? 1 : sorting)
    rated.push({ plan: one(plan), cost })
    fewest = Math.min(fewest, cost)
  }
  if (only && ordering.length === 0) return best(rated)
  const all = (collection.state.about ??= countRecords(store, collection))
  fewest = Math.min(all, fewest)
  // Walking in order stops early where documents that meet the query are common.
  const share = conjuncts(filter).length === 0 ? 1 : Math.max(fewest, 1) / Math.max(all, 1)
  for (const plan of ordering) rated.push({ plan: one(plan), cost: Math.min(all, limit / share) })
  if (alternatives) rated.push({ plan: alternatives, cost: all / 4 })
  if (!only) rated.push({ plan: whole, cost: all * sorting })
  return best(rated)
}

interface Rated {
  readonly plan: Plan
  readonly cost: number
}

/** The first of the cheapest. */
const best = (rated: readonly Rated[]): Plan =>
  rated.reduce((cheapest, other) => (other.cost < cheapest.cost ? other : cheapest)).plan

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
