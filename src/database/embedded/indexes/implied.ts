import { compareValues, rankOf } from '../bson/compare.js'
import { T } from '../bson/value.js'
import { conjuncts, type Filter, type Test } from '../match/filter.js'
import { compileFilter } from '../match/match.js'
import type { Index } from './index.js'

/** Whether a document without the field cannot meet a test. */
export function needsField(test: Test): boolean {
  switch (test.op) {
    case 'in':
      return !test.values.some((value) => value.type === T.null)
    case 'eq':
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return (
        test.value.type !== T.null && test.value.type !== T.maxKey && test.value.type !== T.minKey
      )
    default:
      return true
  }
}

type Ordering = Test & { op: 'lt' | 'lte' | 'gt' | 'gte' }

const isOrdering = (test: Test): test is Ordering =>
  test.op === 'lt' || test.op === 'lte' || test.op === 'gt' || test.op === 'gte'

/** Whether `a < 3` implies `a < 5` and the like. */
function tighter(asked: Ordering, given: Ordering): boolean {
  if (asked.op.slice(0, 2) !== given.op.slice(0, 2)) return false
  if (rankOf(asked.value.type) !== rankOf(given.value.type)) return false
  const order = compareValues(given.value, asked.value) * (asked.op.startsWith('l') ? -1 : 1)
  if (order !== 0) return order > 0
  return asked.op.length === 3 || given.op.length === 2
}

/** Whether what meets `given` meets `asked`. */
function impliedBy(asked: Test, given: Test): boolean {
  if (asked.op === 'exists') return needsField(given)
  const values = given.op === 'eq' ? [given.value] : given.op === 'in' ? given.values : undefined
  if (values) {
    const meets = compileFilter({ kind: 'leaf', path: undefined, test: asked })
    // Null also stands for a missing field, and a regex or an array for more than itself.
    const odd: readonly number[] = [T.null, T.regex, T.array]
    return values.length > 0 && values.every((value) => !odd.includes(value.type) && meets(value))
  }
  if (isOrdering(asked) && isOrdering(given)) return tighter(asked, given)
  return false
}

/** Whether every document that meets the query has its entries in a sparse or partial index. */
export function covers(index: Index, query: Filter): boolean {
  const asked = conjuncts(query)
  const leaves = asked.flatMap((part) => (part.kind === 'leaf' && part.path ? [part] : []))
  if (index.sparse) {
    const paths = new Set(index.fields.map(({ path }) => path))
    if (!leaves.some(({ path, test }) => path && paths.has(path.text) && needsField(test)))
      return false
  }
  if (!index.partial) return true
  return conjuncts(index.partial.filter).every(
    (part) =>
      part.kind === 'leaf' &&
      leaves.some(({ path, test }) => path?.text === part.path?.text && impliedBy(part.test, test)),
  )
}
