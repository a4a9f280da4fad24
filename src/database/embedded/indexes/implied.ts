import { compareValues, rankOf } from '../bson/compare.js'
import { T } from '../bson/value.js'
import { conjuncts, type Filter, type Leaf, type Test } from '../match/filter.js'
import { compileFilter } from '../match/match.js'
import type { Index } from './index.js'

/** Whether a document without the field cannot meet a test. */
function needsField(test: Test): boolean {
  const values = 'value' in test ? [test.value] : 'values' in test ? test.values : []
  const odd: readonly number[] = [T.null, T.minKey, T.maxKey]
  return !values.some(({ type }) => odd.includes(type))
}

/** Whether what meets `given` meets `asked`, so far as that is easily seen. */
function impliedBy(asked: Test, given: Test): boolean {
  if (asked.op === 'exists') return needsField(given)
  if (given.op === 'eq' || given.op === 'in') {
    const values = 'value' in given ? [given.value] : given.values
    const meets = compileFilter({ kind: 'leaf', path: undefined, test: asked })
    // Null also stands for a missing field, and a regex or an array for more than itself.
    const odd: readonly number[] = [T.null, T.regex, T.array]
    return values.length > 0 && values.every((value) => !odd.includes(value.type) && meets(value))
  }
  if (!('value' in asked) || !('value' in given) || asked.op === 'eq') return false
  // Of two orderings in the same direction the tighter one implies the other.
  const [way, otherWay] = [asked.op.slice(0, 2), given.op.slice(0, 2)]
  if (way !== otherWay || rankOf(asked.value.type) !== rankOf(given.value.type)) return false
  const order = compareValues(given.value, asked.value) * (way === 'lt' ? -1 : 1)
  return order > 0 || (order === 0 && (asked.op.endsWith('e') || !given.op.endsWith('e')))
}

/** Whether every document that meets the query has its entries in a sparse or partial index. */
export function covers(index: Index, query: Filter): boolean {
  const leaves = conjuncts(query).filter((part): part is Leaf => part.kind === 'leaf')
  const asks = (path: string, holds: (test: Test) => boolean): boolean =>
    leaves.some((leaf) => leaf.path?.text === path && holds(leaf.test))
  if (index.sparse && !index.fields.some(({ path }) => asks(path, needsField))) return false
  const wanted = index.partial ? conjuncts(index.partial.filter) : []
  return wanted.every(
    (part) =>
      part.kind === 'leaf' && asks(part.path?.text ?? '', (test) => impliedBy(part.test, test)),
  )
}
