import { keptLength, type Index } from './index.js'
import {
  after,
  boundsOf,
  descending,
  type FieldBounds,
  intersect,
  type Range,
  sorted,
} from './bounds.js'
import { covers } from './implied.js'
import { conjuncts, type Filter, type Test } from '../match/filter.js'
import { idKey } from '../storage/collection.js'

export interface SortField {
  readonly path: string
  readonly descending: boolean
}

/** A way through one index: its entries in these ranges, and what that saves. */
export interface IndexPlan {
  readonly kind: 'index'
  readonly index: Index
  readonly ranges: readonly Range[]
  readonly reverse: boolean
  /** How many fields of the index the query bounds. */
  readonly bounded: number
  /** Whether the entries in these ranges are the documents that meet the query, one for one. */
  readonly exact: boolean
  /** Whether the entries come in the order that the query asks for. */
  readonly sorted: boolean
}

export type Plan =
  | IndexPlan
  | { readonly kind: 'records'; readonly reverse: boolean; readonly sorted: boolean }
  | { readonly kind: 'union'; readonly plans: readonly IndexPlan[]; readonly sorted: false }

/** More starting points than this are not worked out; the fields that follow are only filtered. */
const mostRanges = 50_000

interface Asked {
  readonly test: Test
  /** From inside an `$elemMatch`: narrows the search but does not say all. */
  readonly loose: boolean
}

type AskedByPath = ReadonlyMap<string, readonly Asked[]>

/** What the query asks of each path, as far as an index may help with it. */
export function askedByPath(filter: Filter): AskedByPath {
  const asked = new Map<string, Asked[]>()
  const note = (path: string, test: Test, loose: boolean): void => {
    if (test.op === 'elemMatch') {
      if (test.items === 'values') return
      for (const part of conjuncts(test.filter)) {
        if (part.kind === 'leaf' && part.path) note(`${path}.${part.path.text}`, part.test, true)
      }
      return
    }
    const list = asked.get(path)
    if (list) list.push({ test, loose })
    else asked.set(path, [{ test, loose }])
  }
  for (const part of conjuncts(filter)) {
    if (part.kind === 'leaf' && part.path) note(part.path.text, part.test, false)
  }
  return asked
}

/** How many of the query's conditions an index answers, and with what bounds. */
function fieldBounds(asked: readonly Asked[], multikey: boolean): FieldBounds | undefined {
  const known = asked.flatMap(({ test, loose }) => {
    const bounds = boundsOf(test)
    return bounds ? [{ ...bounds, exact: bounds.exact && !loose, op: test.op }] : []
  })
  const [first, ...rest] = known
  if (!first) return undefined
  if (multikey) {
    // Different items of an array may meet different conditions, so only one may bound the search.
    const best = known.find(({ op }) => op === 'eq') ?? known.find(({ op }) => op === 'in') ?? first
    return { ranges: best.ranges, exact: false }
  }
  const ranges = rest.reduce<readonly Range[]>(
    (all, one) => intersect(all, one.ranges),
    first.ranges,
  )
  return { ranges, exact: known.length === asked.length && known.every(({ exact }) => exact) }
}

interface Composed {
  readonly ranges: Range[]
  readonly bounded: number
  readonly exact: boolean
  /** The leading fields that hold one value throughout. */
  readonly fixed: number
}

function compose(index: Index, asked: AskedByPath): Composed {
  let ranges: Range[] = [{ from: idKey(index.id), to: idKey(index.id + 1), single: true }]
  let bounded = 0
  let fixed = 0
  let exact = true
  let arrays = false
  for (const [i, field] of index.fields.entries()) {
    const multikey = index.state.multikey[i] ?? false
    const tests = asked.get(field.path)
    const bounds = tests && !(multikey && arrays) ? fieldBounds(tests, multikey) : undefined
    if (!bounds) break
    arrays ||= multikey
    const own = field.descending ? descending(bounds.ranges) : sorted(bounds.ranges)
    if (ranges.length * own.length > mostRanges) break
    const points = own.every(({ single }) => single)
    ranges = ranges.flatMap((before) =>
      own.map(({ from, to, single }) => ({
        from: Buffer.concat([before.from, from]),
        to: Buffer.concat([before.from, to]),
        single,
      })),
    )
    exact &&= bounds.exact
    if (fixed === bounded && own.length === 1 && points) fixed++
    bounded++
    if (!points) break
  }
  return { ranges: ranges.map(clipped), bounded, exact, fixed }
}

/** Keys are cut where they grow too long, so bounds are too, outward. */
function clipped(range: Range): Range {
  const { from, to } = range
  if (from.length <= keptLength && to.length <= keptLength) return range
  return {
    from: from.subarray(0, keptLength),
    to: to.length <= keptLength ? to : after(to.subarray(0, keptLength)),
    single: false,
  }
}

const isCut = ({ from, to }: Range): boolean => from.length >= keptLength || to.length >= keptLength

/** Whether walking an index gives the order asked for, and in which direction. */
function sortDirection(
  index: Index,
  { bounded, fixed }: Composed,
  sort: readonly SortField[],
): 'forward' | 'reverse' | undefined {
  let next = 0
  let reverse: boolean | undefined
  for (const [i, field] of index.fields.entries()) {
    const wanted = sort[next]
    if (!wanted) break
    if (wanted.path !== field.path) {
      if (i < fixed) continue
      return undefined
    }
    // The order of a field with arrays goes by the least or greatest of all items, unbounded.
    if ((index.state.multikey[i] ?? false) && i < bounded) return undefined
    const turned = wanted.descending !== field.descending
    if (reverse !== undefined && reverse !== turned) return undefined
    reverse = turned
    next++
  }
  if (next < sort.length) return undefined
  return reverse ? 'reverse' : 'forward'
}

/** Whether the bounds of an index say all that the query asks. */
function saysAll(index: Index, composed: Composed, filter: Filter): boolean {
  if (!composed.exact || index.state.inexact || index.state.multikey.includes(true)) return false
  if (composed.ranges.some(isCut)) return false
  const paths = new Set(index.fields.slice(0, composed.bounded).map(({ path }) => path))
  return conjuncts(filter).every(
    (part) => part.kind === 'leaf' && part.path !== undefined && paths.has(part.path.text),
  )
}

/** The way through one index for a query; nothing where the index lacks some of the answers. */
export function planIndex(
  index: Index,
  filter: Filter,
  asked: AskedByPath,
  sort: readonly SortField[],
): IndexPlan | undefined {
  if ((index.sparse || index.partial) && !covers(index, filter)) return undefined
  const composed = compose(index, asked)
  const direction = index.state.inexact ? undefined : sortDirection(index, composed, sort)
  return {
    kind: 'index',
    index,
    ranges: composed.ranges,
    reverse: direction === 'reverse',
    bounded: composed.bounded,
    exact: saysAll(index, composed, filter),
    sorted: direction !== undefined,
  }
}
