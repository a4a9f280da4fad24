import { isTrue, wholeOf } from '../bson/arithmetic.js'
import { elements, fieldOf, firstName, isEmpty, items, stringOf } from '../bson/read.js'
import { show } from '../bson/show.js'
import { numberOf, regexOf, T, typeCode, type Value } from '../bson/value.js'
import { check, CommandError, notHere } from '../errors.js'
import { compileExpression, holds } from '../expressions/expressions.js'
import { everything, type Filter, type Test } from './filter.js'
import { type Path, pathOf } from './path.js'
import { patternOf } from './regex.js'

/** Whether a value is `{ $gt: 5 }` rather than a document to be equal to; a DBRef is a document. */
export function isOperators(value: Value): boolean {
  const name = value.type === T.object ? firstName(value) : undefined
  return name?.startsWith('$') === true && !['$ref', '$id', '$db'].includes(name)
}

const leaf = (path: Path | undefined, test: Test): Filter => ({ kind: 'leaf', path, test })
const not = (part: Filter): Filter => ({ kind: 'not', part })
const all = (parts: readonly Filter[]): Filter =>
  parts.length === 1 && parts[0] ? parts[0] : { kind: 'and', parts }

/**
 * Takes a query apart; `nested` where it is about items of an array, not whole documents. Throws for
 * operators that are unknown or not here.
 */
export function parseFilter(document: Value, nested = false): Filter {
  return all(
    elements(document).map(({ name, value }) => {
      if (name.startsWith('$')) return parseTop(name, value, nested)
      return isOperators(value)
        ? parseOperators(pathOf(name), value)
        : leaf(pathOf(name), plain(value))
    }),
  )
}

/** A value that is to be equal, or a regular expression that is to match. */
function plain(value: Value): Test {
  if (value.type !== T.regex) return { op: 'eq', value }
  const { pattern, options } = regexOf(value)
  return { op: 'regex', pattern: patternOf(pattern, options) }
}

function parseTop(name: string, value: Value, nested: boolean): Filter {
  if (name === '$comment') return everything
  if (name === '$expr') {
    check(!nested, 2, '$expr can only be applied to the top-level document')
    const expression = compileExpression(value)
    return { kind: 'expr', holds: (document) => holds(expression, document) }
  }
  if (name !== '$and' && name !== '$or' && name !== '$nor') {
    throw notHere(2, `unknown top level operator: ${name}`)
  }
  const list = listOf(name, value)
  check(list.length > 0, 2, '$and/$or/$nor must be a nonempty array')
  const parts = list.map((item) => {
    check(item.type === T.object, 2, '$or/$and/$nor entries need to be full objects')
    return parseFilter(item, nested)
  })
  return { kind: name.slice(1) as 'and' | 'or' | 'nor', parts }
}

function listOf(name: string, value: Value): Value[] {
  check(value.type === T.array, 2, `${name} needs an array`)
  return items(value)
}

/** Takes `{ $gt: 1, $lt: 5 }` apart, for a path or, without one, for a value itself. */
export const parseOperators = (path: Path | undefined, document: Value): Filter =>
  all(elements(document).map(({ name, value }) => parseOperator(path, name, value, document)))

function parseOperator(
  path: Path | undefined,
  name: string,
  value: Value,
  document: Value,
): Filter {
  switch (name) {
    case '$eq':
      return leaf(path, { op: 'eq', value })
    case '$ne':
      check(value.type !== T.regex, 2, "Can't have regex as arg to $ne.")
      return not(leaf(path, { op: 'eq', value }))
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      check(
        value.type !== T.regex,
        2,
        `Can't have RegEx as arg to predicate over field '${path?.text ?? ''}'.`,
      )
      return leaf(path, { op: name.slice(1) as 'gt' | 'gte' | 'lt' | 'lte', value })
    case '$in':
      return leaf(path, inTest(name, value))
    case '$nin':
      return not(leaf(path, inTest(name, value)))
    case '$exists':
      return isTrue(value) ? leaf(path, { op: 'exists' }) : not(leaf(path, { op: 'exists' }))
    case '$not':
      return not(parseNot(path, value))
    case '$all':
      return parseAll(path, value)
    case '$elemMatch':
      return leaf(path, elemMatchTest(value))
    case '$regex':
      return leaf(path, regexTest(value, fieldOf(document, '$options')))
    case '$options':
      check(fieldOf(document, '$regex') !== undefined, 2, '$options needs a $regex')
      return everything
    case '$type':
      return leaf(path, { op: 'type', types: typesOf(value) })
    case '$size': {
      const size = wholeOf(value)
      check(
        size !== undefined && size >= 0n,
        2,
        `Failed to parse $size. Expected a non-negative integer in: $size: ${show(value)}`,
      )
      return leaf(path, { op: 'size', size: Number(size) })
    }
    case '$mod':
      return leaf(path, modTest(value))
    default:
      throw notHere(2, `unknown operator: ${name}`)
  }
}

function inTest(name: string, value: Value): Test {
  const values = listOf(name, value)
  check(!values.some(isOperators), 2, `cannot nest $ under ${name}`)
  const regexes = values.flatMap((item) => {
    const test = plain(item)
    return test.op === 'regex' ? [test.pattern] : []
  })
  return { op: 'in', values, regexes }
}

function parseNot(path: Path | undefined, value: Value): Filter {
  if (value.type === T.regex) return leaf(path, plain(value))
  check(value.type === T.object, 2, '$not needs a regex or a document')
  check(!isEmpty(value), 2, '$not cannot be empty')
  return parseOperators(path, value)
}

function parseAll(path: Path | undefined, value: Value): Filter {
  const parts = listOf('$all', value).map((item) => {
    if (!isOperators(item)) return leaf(path, plain(item))
    check(firstName(item) === '$elemMatch', 2, 'no $ expressions in $all')
    return parseOperators(path, item)
  })
  return parts.length === 0 ? { kind: 'or', parts } : all(parts)
}

function elemMatchTest(value: Value): Test {
  check(value.type === T.object, 2, '$elemMatch needs an Object')
  const onValues =
    isOperators(value) && !['$and', '$or', '$nor', '$expr'].includes(firstName(value) ?? '')
  return onValues
    ? { op: 'elemMatch', items: 'values', filter: parseOperators(undefined, value) }
    : { op: 'elemMatch', items: 'objects', filter: parseFilter(value, true) }
}

function regexTest(value: Value, options: Value | undefined): Test {
  const given = stringOf(options)
  check(!options || given !== undefined, 2, '$options has to be a string')
  const inner = value.type === T.regex ? regexOf(value) : { pattern: stringOf(value), options: '' }
  check(inner.pattern !== undefined, 2, '$regex has to be a string')
  check(
    given === undefined || inner.options === '',
    51075,
    'options set in both $regex and $options',
  )
  return { op: 'regex', pattern: patternOf(inner.pattern, given ?? inner.options) }
}

function typesOf(value: Value): Set<number> {
  const list = value.type === T.array ? items(value) : [value]
  check(list.length > 0, 9, '$type must match at least one type')
  return new Set(
    list.flatMap((item) => {
      const text = stringOf(item)
      if (text === 'number') return [T.int, T.double, T.long, T.decimal]
      const code = typeCode(text ?? numberOf(item))
      if (code !== undefined) return [code]
      throw new CommandError(
        2,
        text === undefined
          ? `Invalid numerical type code: ${show(item)}`
          : `Unknown type name alias: ${text}`,
      )
    }),
  )
}

function modTest(value: Value): Test {
  const [divisor, remainder, ...more] = listOf('$mod', value).map((item) => wholeOf(item, true))
  check(
    divisor !== undefined && remainder !== undefined && more.length === 0,
    2,
    'malformed mod, needs to be two numbers',
  )
  check(divisor !== 0n, 2, 'divisor cannot be 0')
  return { op: 'mod', divisor, remainder }
}
