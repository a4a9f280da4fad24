import { after, point, type Range } from '../bson/order-key.js'
import { T, type Value } from '../bson/value.js'
import { conjuncts, type Filter, type Leaf, type Test } from '../match/filter.js'
import { rangesOf } from '../match/ranges.js'
import type { Index } from './index.js'

/** What a query allows of one field of an index. */
export interface FieldBounds {
  readonly ranges: readonly Range[]
  /** Whether the bounds say all that the query says, given a field without arrays. */
  readonly exact: boolean
}

/** The bounds of a test in an index; nothing where the index cannot help with it. */
export function boundsOf(test: Test): FieldBounds | undefined {
  const values = 'value' in test ? [test.value] : 'values' in test ? test.values : []
  // Arrays stand in the index by item, and not as a query compares them.
  const odd = ({ type }: Value): boolean =>
    type === T.array || type === T.minKey || type === T.maxKey
  const ranges = values.some(odd) ? undefined : rangesOf(test)
  const exact = test.op !== 'regex' && !('regexes' in test && test.regexes.length > 0)
  return ranges && { ranges, exact }
}

/** What both allow. */
export const intersect = (a: readonly Range[], b: readonly Range[]): Range[] =>
  a.flatMap((one) =>
    b.flatMap((other) => {
      const from = Buffer.compare(one.from, other.from) > 0 ? one.from : other.from
      const to = Buffer.compare(one.to, other.to) < 0 ? one.to : other.to
      return Buffer.compare(from, to) < 0 ? [{ from, to, single: one.single || other.single }] : []
    }),
  )

const inverted = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => 255 - byte))

/** The same bounds where the index has the field in descending order. */
export const descending = (ranges: readonly Range[]): Range[] =>
  ranges.toReversed().map(({ from, to, single }) => {
    const last = inverted(from)
    return { from: single ? last : after(inverted(to)), to: after(last), single }
  })

const inside = (one: Range, other: Range): boolean =>
  Buffer.compare(other.from, one.from) <= 0 && Buffer.compare(one.to, other.to) <= 0

/** Whether what meets `given` meets `asked`, so far as their ranges tell. */
function implies(given: Test, asked: Test): boolean {
  const ranges = rangesOf(given)
  if (asked.op === 'exists') return !ranges?.some((range) => inside(point(undefined), range))
  const wanted = rangesOf(asked)
  return ranges?.every((one) => wanted?.some((other) => inside(one, other))) === true
}

/** Whether every document that meets the query has its entries in a sparse or partial index. */
export function covers(index: Index, query: Filter): boolean {
  const leaves = conjuncts(query).filter((part): part is Leaf => part.kind === 'leaf')
  const asks = (path: string | undefined, test: Test): boolean =>
    leaves.some((leaf) => leaf.path?.text === path && implies(leaf.test, test))
  if (index.sparse && !index.fields.some(({ path }) => asks(path, { op: 'exists' }))) return false
  const wanted = index.partial ? conjuncts(index.partial.filter) : []
  return wanted.every((part) => part.kind === 'leaf' && asks(part.path?.text, part.test))
}
