import { wholeOf } from '../bson/arithmetic.js'
import { after, keyBytes, keyText, point, type Range, within } from '../bson/order-key.js'
import { items, someItem, stringOf } from '../bson/read.js'
import { show } from '../bson/show.js'
import { identical, isNumber, numberOf, rankOf, T, typeCode, type Value } from '../bson/value.js'
import { doubleValue } from '../bson/write.js'
import { check, CommandError, notHere } from '../errors.js'
import { compileFilter, type Filter, type Test } from './filter.js'

/** Patterns are PCRE in MongoDB, which JavaScript does not speak, and one may hold up everybody. */
function noPattern(value: Value): void {
  if (value.type === T.regex) throw notHere(2, `a regular expression (${show(value)})`)
}

/** `$eq`, and a value that stands for itself. */
export function equal(value: Value): Test {
  const range = point(value)
  // Values that are equal only if they are the same to the byte are the quick ones.
  const quick = !isNumber(value) && ![T.object, T.array, T.null].includes(value.type)
  const meets = (given: Value | undefined): boolean =>
    quick && given?.type === value.type ? identical(given, value) : within(given, range)
  return { op: 'eq', meets, values: [value], ranges: [range] }
}

/** A value as a query without operators has it. */
export function plain(value: Value): Test {
  noPattern(value)
  return equal(value)
}

export function oneOf(values: readonly Value[]): Test {
  values.forEach(noPattern)
  const points = values.map(point).sort((a, b) => Buffer.compare(a.from, b.from))
  const ranges = points.filter(({ from }, i) => points[i - 1]?.from.equals(from) !== true)
  const keys = new Set(ranges.map(({ from }) => from.toString('latin1')))
  return { op: 'in', meets: (value) => keys.has(keyText(value)), values, ranges }
}

const nan = keyBytes(doubleValue(Number.NaN))

/** Values order only with those of their kind, except against MinKey and MaxKey; NaN orders with nothing. */
function orderRange(op: 'lt' | 'lte' | 'gt' | 'gte', value: Value): Range {
  const { from, to, single } = point(value)
  if (value.type === T.null || from.equals(nan))
    return op.endsWith('e') ? { from, to, single } : { from, to: from, single }
  const rank = rankOf(value.type)
  const edge = value.type === T.minKey || value.type === T.maxKey
  // Numbers begin after NaN.
  const least = isNumber(value) ? after(nan) : Buffer.from([edge ? 0 : rank])
  const beyond = Buffer.from([edge ? 255 : rank + 1])
  const bounds = { lt: [least, from], lte: [least, to], gt: [to, beyond], gte: [from, beyond] }
  const [low = least, high = beyond] = bounds[op]
  return { from: low, to: high, single: false }
}

export function ordered(op: 'lt' | 'lte' | 'gt' | 'gte', value: Value): Test {
  check(value.type !== T.regex, 2, `Can't have RegEx as arg to $${op}`)
  const range = orderRange(op, value)
  const ranges = Buffer.compare(range.from, range.to) < 0 ? [range] : []
  return { op, meets: (given) => within(given, range), values: [value], ranges }
}

export const present: Test = { op: 'exists', meets: (value) => value !== undefined }

/** The type bytes of one name or number. */
function typesOf(value: Value): number[] {
  const text = stringOf(value)
  if (text === 'number') return [T.int, T.double, T.long, T.decimal]
  const code = typeCode(text ?? numberOf(value))
  if (code !== undefined) return [code]
  const what = text === undefined ? 'Invalid numerical type code' : 'Unknown type name alias'
  throw new CommandError(2, `${what}: ${show(value)}`)
}

export function ofType(value: Value): Test {
  const list = value.type === T.array ? items(value) : [value]
  check(list.length > 0, 9, '$type must match at least one type')
  const types = new Set(list.flatMap(typesOf))
  return { op: 'type', meets: (given) => given !== undefined && types.has(given.type) }
}

export function ofSize(value: Value): Test {
  const size = wholeOf(value)
  check(size !== undefined && size >= 0n, 2, `$size needs a whole number: ${show(value)}`)
  const meets = (given: Value | undefined): boolean =>
    given?.type === T.array && items(given).length === Number(size)
  return { op: 'size', meets }
}

/** `$elemMatch`, of the fields of items that are documents or of the items themselves. */
export function someItems(filter: Filter, of: 'documents' | 'values'): Test {
  const matches = compileFilter(filter)
  const meets = (value: Value | undefined): number | false => {
    let found: number | false = false
    if (value?.type !== T.array) return false
    someItem(value, (item, index) => {
      const fits = of === 'values' || item.type === T.object || item.type === T.array
      if (fits && matches(item)) found = index
      return found !== false
    })
    return found
  }
  return { op: 'elemMatch', meets, ...(of === 'documents' ? { filter } : {}) }
}
