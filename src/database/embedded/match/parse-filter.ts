import { isTrue } from '../bson/numbers.js'
import { after, keyBytes, keyText, point, type Range, within } from '../bson/order-key.js'
import { show } from '../bson/show.js'
import { rankOf, T, type Value } from '../bson/value.js'
import { doubleValue } from '../bson/write.js'
import { check, notHere } from '../errors.js'
import { compileFilter, everything, type Filter, type Order, type Path, pathOf } from './filter.js'
import type { Test } from './filter.js'

/** `$eq`, and a value that stands for itself. */
export function equal(value: Value): Test {
  // Patterns are PCRE in MongoDB, which JavaScript does not speak, and one may hold up everybody.
  if (value.type === T.regex) throw notHere(2, `a regular expression (${show(value)})`)
  const range = point(value)
  // Values that are equal only if they are the same to the byte are the quick ones.
  const quick = !value.isNumber() && ![T.object, T.array, T.null].includes(value.type)
  const meets = (given: Value | undefined): boolean =>
    quick && given?.type === value.type ? given.identical(value) : within(given, range)
  return { op: 'eq', meets, values: [value], ranges: [range] }
}

function oneOf(value: Value, name: string): Test {
  const values = listOf(value, name)
  check(!values.some(isOperators), 2, `cannot nest $ under ${name}`)
  const points = values.flatMap((each) => equal(each).ranges ?? [])
  points.sort((a, b) => Buffer.compare(a.start, b.start))
  const ranges = points.filter(({ start }, i) => points[i - 1]?.start.equals(start) !== true)
  const keys = new Set(ranges.map(({ start }) => start.toString('latin1')))
  return { op: 'in', meets: (given) => keys.has(keyText(given)), values, ranges }
}

const nan = keyBytes(doubleValue(Number.NaN))

/** Values order only with those of their kind, except against MinKey and MaxKey; NaN orders with nothing. */
function orderRange(op: Order, value: Value): Range {
  const { start, end, single } = point(value)
  if (value.type === T.null || start.equals(nan))
    return op.endsWith('e') ? { start, end, single } : { start, end: start, single }
  const rank = rankOf(value.type)
  const edge = value.type === T.minKey || value.type === T.maxKey
  // Numbers begin after NaN.
  const least = value.isNumber() ? after(nan) : Buffer.from([edge ? 0 : rank])
  const beyond = Buffer.from([edge ? 255 : rank + 1])
  const bounds = { lt: [least, start], lte: [least, end], gt: [end, beyond], gte: [start, beyond] }
  const [low = least, high = beyond] = bounds[op]
  return { start: low, end: high, single: false }
}

export function ordered(op: Order, value: Value): Test {
  check(value.type !== T.regex, 2, `Can't have RegEx as arg to $${op}`)
  const range = orderRange(op, value)
  const ranges = Buffer.compare(range.start, range.end) < 0 ? [range] : []
  return { op, meets: (given) => within(given, range), values: [value], ranges }
}

export const present: Test = { op: 'exists', meets: (value) => value !== undefined }

/** `$elemMatch`, of the fields of items that are documents or of the items themselves. */
function someItems(value: Value): Test {
  check(value.type === T.object, 2, '$elemMatch needs an Object')
  const ofValues = isOperators(value) && !logical.includes(value.firstName() ?? '')
  const filter = ofValues ? parseOperators(undefined, value) : parseFilter(value)
  const matches = compileFilter(filter)
  const meets = (given: Value | undefined): number | false => {
    let found: number | false = false
    if (given?.type !== T.array) return false
    given.some((item, index) => {
      const fits = ofValues || item.type === T.object || item.type === T.array
      if (fits && matches(item)) found = index
      return found !== false
    })
    return found
  }
  return { op: 'elemMatch', meets, ...(ofValues ? {} : { filter }) }
}

/** Whether a value is `{ $gt: 5 }` rather than a document to be equal to; a DBRef is a document. */
export function isOperators(value: Value): boolean {
  const name = value.type === T.object ? value.firstName() : undefined
  return name?.startsWith('$') === true && !['$ref', '$id', '$db'].includes(name)
}

const leaf = (path: Path | undefined, test: Test): Filter => ({ kind: 'leaf', path, test })
const not = (part: Filter): Filter => ({ kind: 'not', part })
const all = (parts: readonly Filter[]): Filter =>
  parts.length === 1 && parts[0] ? parts[0] : { kind: 'and', parts }

const logical = ['$and', '$or', '$nor']

/** Takes a query apart; none asks for everything. Throws for operators that are unknown or not here. */
export const parseFilter = (document: Value | undefined): Filter =>
  all(
    (document ? document.elements() : []).map(({ name, value }) => {
      if (name.startsWith('$')) return parseTop(name, value)
      const path = pathOf(name)
      return isOperators(value) ? parseOperators(path, value) : leaf(path, equal(value))
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
  return value.items()
}

/** Maps, as what a client sends may be called `constructor`. */
const tests = new Map(
  Object.entries<(value: Value, name: string) => Test>({
    $eq: equal,
    $gt: (value) => ordered('gt', value),
    $gte: (value) => ordered('gte', value),
    $lt: (value) => ordered('lt', value),
    $lte: (value) => ordered('lte', value),
    $in: oneOf,
    $exists: () => present,
    $elemMatch: someItems,
  }),
)

const opposites = new Map(Object.entries({ $ne: '$eq', $nin: '$in' }))

/** Takes `{ $gt: 1, $lt: 5 }` apart, for a path or, without one, for a value itself. */
export const parseOperators = (path: Path | undefined, document: Value): Filter =>
  all(
    document.elements().map(({ name, value }) => {
      if (name === '$not') {
        if (!isOperators(value)) throw notHere(2, `$not of anything but operators: ${show(value)}`)
        return not(parseOperators(path, value))
      }
      const opposite = opposites.get(name)
      const test = tests.get(opposite ?? name)
      if (!test) throw notHere(2, `unknown operator: ${name}`)
      const asked = leaf(path, test(value, name))
      return opposite || (name === '$exists' && !isTrue(value)) ? not(asked) : asked
    }),
  )
