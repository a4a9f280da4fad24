import { isTrue, wholeOf } from '../bson/numbers.js'
import { after, keyBytes, keyText, point, type Range, within } from '../bson/order-key.js'
import { show } from '../bson/show.js'
import {
  elements,
  firstName,
  identical,
  isEmpty,
  isNumber,
  items,
  numberOf,
  rankOf,
  someItem,
  stringOf,
  T,
  typeCode,
  type Value,
} from '../bson/value.js'
import { doubleValue } from '../bson/write.js'
import { check, CommandError, notHere } from '../errors.js'
import { own } from '../own.js'
import { compileFilter, everything, type Filter, type Path, pathOf, type Test } from './filter.js'

/** Patterns are PCRE in MongoDB, which JavaScript does not speak, and one may hold up everybody. */
function noPattern(value: Value): void {
  if (value.type === T.regex) throw notHere(2, `a regular expression (${show(value)})`)
}

/** `$eq`, and a value that stands for itself. */
function equal(value: Value): Test {
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

function oneOf(values: readonly Value[]): Test {
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

function ofType(value: Value): Test {
  const list = value.type === T.array ? items(value) : [value]
  check(list.length > 0, 9, '$type must match at least one type')
  const types = new Set(list.flatMap(typesOf))
  return { op: 'type', meets: (given) => given !== undefined && types.has(given.type) }
}

function ofSize(value: Value): Test {
  const size = wholeOf(value)
  check(size !== undefined && size >= 0n, 2, `$size needs a whole number: ${show(value)}`)
  const meets = (given: Value | undefined): boolean =>
    given?.type === T.array && items(given).length === Number(size)
  return { op: 'size', meets }
}

/** `$elemMatch`, of the fields of items that are documents or of the items themselves. */
function someItems(filter: Filter, of: 'documents' | 'values'): Test {
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

/** Whether a value is `{ $gt: 5 }` rather than a document to be equal to; a DBRef is a document. */
export function isOperators(value: Value): boolean {
  const name = value.type === T.object ? firstName(value) : undefined
  return name?.startsWith('$') === true && !['$ref', '$id', '$db'].includes(name)
}

const leaf = (path: Path | undefined, test: Test): Filter => ({ kind: 'leaf', path, test })
const not = (part: Filter): Filter => ({ kind: 'not', part })
const all = (parts: readonly Filter[]): Filter =>
  parts.length === 1 && parts[0] ? parts[0] : { kind: 'and', parts }

const logical = ['$and', '$or', '$nor']

/** Takes a query apart. Throws for operators that are unknown or not here. */
export const parseFilter = (document: Value): Filter =>
  all(
    elements(document).map(({ name, value }) => {
      if (name.startsWith('$')) return parseTop(name, value)
      const path = pathOf(name)
      return isOperators(value) ? parseOperators(path, value) : leaf(path, plain(value))
    }),
  )

function parseTop(name: string, value: Value): Filter {
  if (name === '$comment') return everything
  if (!logical.includes(name)) throw notHere(2, `unknown top level operator: ${name}`)
  const list = listOf(value, name)
  check(list.length > 0, 2, '$and/$or/$nor must be a nonempty array')
  const parts = list.map((item) => {
    check(item.type === T.object, 2, '$or/$and/$nor entries need to be full objects')
    return parseFilter(item)
  })
  return { kind: name.slice(1) as 'and' | 'or' | 'nor', parts }
}

function listOf(value: Value, name: string): Value[] {
  check(value.type === T.array, 2, `${name} needs an array`)
  return items(value)
}

/** Takes `{ $gt: 1, $lt: 5 }` apart, for a path or, without one, for a value itself. */
export const parseOperators = (path: Path | undefined, document: Value): Filter =>
  all(
    elements(document).map(({ name, value }) => {
      const operator = own(operators, name)
      if (!operator) throw notHere(2, `unknown operator: ${name}`)
      return operator(value, path, name)
    }),
  )

type Operator = (value: Value, path: Path | undefined, name: string) => Filter

const comparing =
  (op: 'lt' | 'lte' | 'gt' | 'gte'): Operator =>
  (value, path) =>
    leaf(path, ordered(op, value))

function among(value: Value, path: Path | undefined, name: string): Filter {
  const values = listOf(value, name)
  check(!values.some(isOperators), 2, `cannot nest $ under ${name}`)
  return leaf(path, oneOf(values))
}

const operators: Readonly<Record<string, Operator>> = {
  $eq: (value, path) => leaf(path, equal(value)),
  $ne(value, path) {
    check(value.type !== T.regex, 2, "Can't have regex as arg to $ne.")
    return not(leaf(path, equal(value)))
  },
  $gt: comparing('gt'),
  $gte: comparing('gte'),
  $lt: comparing('lt'),
  $lte: comparing('lte'),
  $in: among,
  $nin: (value, path, name) => not(among(value, path, name)),
  $exists: (value, path) => (isTrue(value) ? leaf(path, present) : not(leaf(path, present))),
  $type: (value, path) => leaf(path, ofType(value)),
  $size: (value, path) => leaf(path, ofSize(value)),
  $not(value, path) {
    if (value.type === T.regex) return not(leaf(path, plain(value)))
    check(value.type === T.object, 2, '$not needs a regex or a document')
    check(!isEmpty(value), 2, '$not cannot be empty')
    return not(parseOperators(path, value))
  },
  $all(value, path, name) {
    const parts = listOf(value, name).map((item) => {
      if (!isOperators(item)) return leaf(path, plain(item))
      check(firstName(item) === '$elemMatch', 2, 'no $ expressions in $all')
      return parseOperators(path, item)
    })
    return parts.length === 0 ? { kind: 'or', parts } : all(parts)
  },
  $elemMatch(value, path) {
    check(value.type === T.object, 2, '$elemMatch needs an Object')
    const ofValues = isOperators(value) && !logical.includes(firstName(value) ?? '')
    return leaf(
      path,
      ofValues
        ? someItems(parseOperators(undefined, value), 'values')
        : someItems(parseFilter(value), 'documents'),
    )
  },
}
