import { isTrue } from '../bson/arithmetic.js'
import { elements, firstName, isEmpty, items } from '../bson/read.js'
import { T, type Value } from '../bson/value.js'
import { check, notHere } from '../errors.js'
import { own } from '../own.js'
import { everything, type Filter, type Test } from './filter.js'
import { type Path, pathOf } from './path.js'
import { equal, ofSize, ofType, oneOf, ordered, plain, present, someItems } from './tests.js'

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
