import { compareValues, rankOf, sameValue } from '../bson/compare.js'
import { isNaNValue } from '../bson/number-order.js'
import { keyText } from '../bson/order-key.js'
import { countOf, someItem } from '../bson/read.js'
import { isNumber, regexOf, T, textOf, type Value } from '../bson/value.js'
import type { Filter, Pattern, Test } from './filter.js'
import { truncated } from './parse-filter.js'
import { somePath } from './path.js'

/** Which item of which array met the query: what `$` in an update or projection stands for. */
export interface Position {
  readonly path: string
  readonly index: number
}

/** Whether a document meets a query; where given, `positions` collects what `$` may stand for. */
export type Matcher = (document: Value, positions?: Position[]) => boolean

/** Makes a query ready to run over many documents. */
export function compileFilter(filter: Filter): Matcher {
  switch (filter.kind) {
    case 'and': {
      const parts = filter.parts.map(compileFilter)
      return (document, positions) => {
        const before = positions?.length ?? 0
        const all = parts.every((part) => part(document, positions))
        // What a failed alternative of an `$or` found must not be taken for a position.
        if (!all && positions) positions.length = before
        return all
      }
    }
    case 'or': {
      const parts = filter.parts.map(compileFilter)
      return (document, positions) => parts.some((part) => part(document, positions))
    }
    case 'nor': {
      const parts = filter.parts.map(compileFilter)
      return (document) => !parts.some((part) => part(document))
    }
    case 'not': {
      const part = compileFilter(filter.part)
      return (document) => !part(document)
    }
    case 'expr':
      return filter.holds
    case 'leaf':
      return compileLeaf(filter.path, filter.test)
  }
}

function compileLeaf(path: Parameters<typeof somePath>[1] | undefined, test: Test): Matcher {
  if (test.op === 'elemMatch') {
    const findItem = compileItems(test)
    if (!path) return (value) => findItem(value) >= 0
    return (document, positions) =>
      somePath(document, path, true, (value, outer) => {
        const index = value ? findItem(value) : -1
        if (index < 0) return false
        positions?.push({ path: path.text, index: outer ?? index })
        return true
      })
  }
  const meets = compileTest(test)
  if (!path) return (value) => meets(value)
  const whole = test.op === 'size'
  return (document, positions) =>
    somePath(document, path, whole, (value, index) => {
      if (!meets(value)) return false
      if (positions && index !== undefined) positions.push({ path: path.text, index })
      return true
    })
}

/** The index of the first item that meets an `$elemMatch`, or -1. */
function compileItems(test: Test & { op: 'elemMatch' }): (value: Value) => number {
  const matches = compileFilter(test.filter)
  const objectsOnly = test.items === 'objects'
  return (value) => {
    if (value.type !== T.array) return -1
    let found = -1
    someItem(value, (item, index) => {
      if (objectsOnly && item.type !== T.object && item.type !== T.array) return false
      if (!matches(item)) return false
      found = index
      return true
    })
    return found
  }
}

type Meets = (value: Value | undefined) => boolean

function compileTest(test: Exclude<Test, { op: 'elemMatch' }>): Meets {
  switch (test.op) {
    case 'eq':
      return equals(test.value)
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return ordered(test.op, test.value)
    case 'in': {
      const { keys, regexes } = test
      return (value) =>
        keys.has(keyText(value)) ||
        (value !== undefined && regexes.some((pattern) => matchesPattern(pattern, value)))
    }
    case 'regex': {
      const { pattern } = test
      return (value) => value !== undefined && matchesPattern(pattern, value)
    }
    case 'exists':
      return (value) => value !== undefined
    case 'type':
      return (value) => value !== undefined && test.types.has(value.type)
    case 'size':
      return (value) => value?.type === T.array && countOf(value) === test.size
    case 'mod':
      return (value) => {
        const whole = value && truncated(value)
        return whole !== undefined && whole % test.divisor === test.remainder
      }
  }
}

const isNull = (value: Value | undefined): boolean => value === undefined || value.type === T.null

function equals(wanted: Value): Meets {
  if (wanted.type === T.null) return isNull
  return (value) => value !== undefined && sameValue(value, wanted)
}

/** Orders only values of the same kind, except against MinKey and MaxKey; NaN orders with nothing. */
function ordered(op: 'lt' | 'lte' | 'gt' | 'gte', wanted: Value): Meets {
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
    if (wantsNaN || (isNumber(value.type) && isNaNValue(value))) {
      return orEqual && wantsNaN && isNaNValue(value)
    }
    const order = compareValues(value, wanted)
    return order === 0 ? orEqual : order < 0 === below
  }
}

function matchesPattern(pattern: Pattern, value: Value): boolean {
  if (value.type === T.string || value.type === T.symbol) return pattern.regex.test(textOf(value))
  if (value.type !== T.regex) return false
  const stored = regexOf(value)
  return stored.pattern === pattern.source && stored.options === pattern.options
}
