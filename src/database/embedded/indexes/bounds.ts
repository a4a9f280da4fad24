import { after, point, type Range } from '../bson/order-key.js'
import { T } from '../bson/value.js'
import { conjuncts, type Filter, type Leaf, type Test } from '../match/filter.js'
import { present } from '../match/tests.js'
import type { Index } from './index.js'

/** The ranges of a test in an index; nothing where the index cannot help with it. */
export function boundsOf({ ranges, values = [] }: Test): readonly Range[] | undefined {
  // Arrays stand in the index by item, and not as a query compares them.
  const odd = values.some(({ type }) => [T.array, T.minKey, T.maxKey].includes(type))
  return odd ? undefined : ranges
}

/** What both allow. */
export const intersect = (a: readonly Range[], b: readonly Range[]): readonly Range[] =>
  a.flatMap((one) =>
    b.flatMap((other) => {
      const from = Buffer.compare(one.from, other.from) > 0 ? one.from : other.from
      const to = Buffer.compare(one.to, other.to) < 0 ? one.to : other.to
      return Buffer.compare(from, to) < 0 ? [{ from, to, single: one.single || other.single }] : []
    }),
  )

const inverted = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => 255 - byte))

/** The same bounds where the index has the field in descending order. */
export const descending = (ranges: readonly Range[]): readonly Range[] =>
  ranges.toReversed().map(({ from, to, single }) => {
    const last = inverted(from)
    return { from: single ? last : after(inverted(to)), to: after(last), single }
  })

const inside = (one: Range, other: Range): boolean =>
  Buffer.compare(other.from, one.from) <= 0 && Buffer.compare(one.to, other.to) <= 0

/** Whether what meets `given` meets `asked`, so far as their ranges tell. */
function implies({ ranges }: Test, asked: Test): boolean {
  if (asked.op === 'exists') return !ranges?.some((range) => inside(point(undefined), range))
  return ranges?.every((one) => asked.ranges?.some((other) => inside(one, other))) === true
}

/** Whether every document that meets the query has its entries in a sparse or partial index. */
export function covers({ sparse, partial, fields }: Index, query: Filter): boolean {
  const leaves = conjuncts(query).filter((part): part is Leaf => part.kind === 'leaf')
  const asks = (path: string | undefined, asked: Test): boolean =>
    leaves.some((leaf) => leaf.path?.text === path && implies(leaf.test, asked))
  if (sparse && !fields.some(({ path }) => asks(path, present))) return false
  const wanted = partial ? conjuncts(partial.filter) : []
  return wanted.every((part) => part.kind === 'leaf' && asks(part.path?.text, part.test))
}
