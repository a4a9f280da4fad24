import { wholeOf } from '../bson/arithmetic.js'
import { compareValues, rankOf, sameValue } from '../bson/compare.js'
import { isNaNValue } from '../bson/number-order.js'
import { keyText } from '../bson/order-key.js'
import { items, someItem, stringOf } from '../bson/read.js'
import { regexOf, T, type Value } from '../bson/value.js'
import type { Filter, Leaf, Pattern, Test } from './filter.js'
import { somePath } from './path.js'

/** Which item of which array met the query: what `$` in an update stands for. */
export interface Position {
  readonly path: string
  readonly index: number
}

/** Whether a document meets a query; where given, `positions` collects what `$` may stand for. */
export type Matcher = (document: Value, positions?: Position[]) => boolean

/** Makes a query ready to run over many documents. */
export function compileFilter(filter: Filter): Matcher {
  if (filter.kind === 'leaf') return compileLeaf(filter)
  if (filter.kind === 'expr') return filter.holds
  if (filter.kind === 'not') {
    const part = compileFilter(filter.part)
    return (document) => !part(document)
  }
  const parts = filter.parts.map(compileFilter)
  if (filter.kind === 'or') {
    return (document, positions) => parts.some((part) => part(document, positions))
  }
  if (filter.kind === 'nor') return (document) => !parts.some((part) => part(document))
  return (document, positions) => {
    const before = positions?.length ?? 0
    const all = parts.every((part) => part(document, positions))
    // What a failed alternative of an `$or` found must not be taken for a position.
    if (!all && positions) positions.length = before
    return all
  }
}

/** Whether a value meets a test, or for `$elemMatch` the index of the item that does. */
type Meets = (value: Value | undefined) => boolean | number

function compileLeaf({ path, test }: Leaf): Matcher {
  const meets = test.op === 'elemMatch' ? someItems(test) : compileTest(test)
  if (!path) return (value) => meets(value) !== false
  const whole = test.op === 'size' || test.op === 'elemMatch'
  return (document, positions) =>
    somePath(document, path, whole, (value, outer) => {
      const found = meets(value)
      if (found === false) return false
      const index = outer ?? (found === true ? undefined : found)
      if (positions && index !== undefined) positions.push({ path: path.text, index })
      return true
    })
}

function someItems({ items: kind, filter }: Test & { op: 'elemMatch' }): Meets {
  const matches = compileFilter(filter)
  return (value) => {
    let found: number | false = false
    if (value?.type !== T.array) return false
    someItem(value, (item, index) => {
      const fits = kind === 'values' || item.type === T.object || item.type === T.array
      if (fits && matches(item)) found = index
      return found !== false
    })
    return found
  }
}

function compileTest(
  test: Exclude<Test, { op: 'elemMatch' }>,
): (value: Value | undefined) => boolean {
  switch (test.op) {
    case 'eq': {
      const wanted = test.value
      if (wanted.type === T.null) return isNull
      return (value) => value !== undefined && sameValue(value, wanted)
    }
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return ordered(test.op, test.value)
    case 'in': {
      const keys = new Set(test.values.map(keyText))
      return (value) =>
        keys.has(keyText(value)) || test.regexes.some((pattern) => matchesPattern(pattern, value))
    }
    case 'regex':
      return (value) => matchesPattern(test.pattern, value)
    case 'exists':
      return (value) => value !== undefined
    case 'type':
      return (value) => value !== undefined && test.types.has(value.type)
    case 'size':
      return (value) => value?.type === T.array && items(value).length === test.size
    case 'mod':
      return (value) => {
        const whole = wholeOf(value, true)
        return whole !== undefined && whole % test.divisor === test.remainder
      }
  }
}

const isNull = (value: Value | undefined): boolean => value === undefined || value.type === T.null

/** Orders only values of the same kind, except against MinKey and MaxKey; NaN orders with nothing. */
function ordered(
  op: 'lt' | 'lte' | 'gt' | 'gte',
  wanted: Value,
): (value: Value | undefined) => boolean {
  const orEqual = op === 'lte' || op === 'gte'
  const below = op === 'lt' || op === 'lte'
  if (wanted.type === T.null) return orEqual ? isNull : () => false
  if (wanted.type === T.minKey || wanted.type === T.maxKey) {
    const all = (wanted.type === T.maxKey) === below
    return (value) => (value?.type === wanted.type ? orEqual : all)
  }
  const rank = rankOf(wanted.type)
  const wantsNaN = isNaNValue(wanted)
  return (value) => {
    if (value === undefined || rankOf(value.type) !== rank) return false
    if (wantsNaN || isNaNValue(value)) return orEqual && wantsNaN && isNaNValue(value)
    const order = compareValues(value, wanted)
    return order === 0 ? orEqual : order < 0 === below
  }
}

function matchesPattern({ source, options, regex }: Pattern, value: Value | undefined): boolean {
  if (value?.type !== T.regex) return regex.test(stringOf(value) ?? '') && value?.type === T.string
  const stored = regexOf(value)
  return stored.pattern === source && stored.options === options
}
