import { isTrue, wholeOf } from '../bson/arithmetic.js'
import { keyText } from '../bson/order-key.js'
import { elements, firstName, isEmpty, items, stringOf } from '../bson/read.js'
import { show } from '../bson/show.js'
import { isNumber, numberOf, regexOf, T, typeCode, typeName, type Value } from '../bson/value.js'
import { CommandError, notHere } from '../errors.js'
import { compileExpression, holds } from '../expressions/expressions.js'
import { everything, nothing, type Filter, type Pattern, type Test } from './filter.js'
import { type Path, pathOf } from './path.js'
import { patternOf } from './regex.js'

const bad = (message: string): CommandError => new CommandError(2, message)

/** Whether a value is `{ $gt: 5 }` rather than a document to be equal to; a DBRef is a document. */
export function isOperators(value: Value): boolean {
  if (value.type !== T.object) return false
  const name = firstName(value)
  return name?.startsWith('$') === true && !(name === '$ref' || name === '$id' || name === '$db')
}

/**
 * Takes a query apart; `nested` where it is about items of an array, not whole documents. Throws for
 * operators that are unknown or not here.
 */
export function parseFilter(document: Value, nested = false): Filter {
  const parts = elements(document).flatMap(({ name, value }): readonly Filter[] => {
    if (name.startsWith('$')) return [parseTop(name, value, nested)]
    return parseField(pathOf(name), value)
  })
  return both(parts)
}

const both = (parts: readonly Filter[]): Filter =>
  parts.length === 1 && parts[0] ? parts[0] : { kind: 'and', parts }

function parseTop(name: string, value: Value, nested: boolean): Filter {
  switch (name) {
    case '$and':
    case '$or':
    case '$nor':
      return { kind: name.slice(1) as 'and' | 'or' | 'nor', parts: parseList(name, value, nested) }
    case '$expr': {
      if (nested) throw bad('$expr can only be applied to the top-level document')
      const expression = compileExpression(value)
      return { kind: 'expr', holds: (document) => holds(expression, document) }
    }
    case '$comment':
      return everything
    default:
      throw notHere(2, `unknown top level operator: ${name}`)
  }
}

function parseList(name: string, value: Value, nested: boolean): readonly Filter[] {
  if (value.type !== T.array) throw bad(`${name} must be an array`)
  const list = items(value)
  if (list.length === 0) throw bad('$and/$or/$nor must be a nonempty array')
  return list.map((item) => {
    if (item.type !== T.object) throw bad('$or/$and/$nor entries need to be full objects')
    return parseFilter(item, nested)
  })
}

function parseField(path: Path, value: Value): readonly Filter[] {
  if (isOperators(value)) return parseOperators(path, value)
  if (value.type === T.regex) return [leaf(path, regexTest(value))]
  return [leaf(path, { op: 'eq', value })]
}

const leaf = (path: Path | undefined, test: Test): Filter => ({ kind: 'leaf', path, test })
const not = (part: Filter): Filter => ({ kind: 'not', part })

function regexTest(value: Value): Test {
  const { pattern, options } = regexOf(value)
  return { op: 'regex', pattern: patternOf(pattern, options) }
}

/** Takes `{ $gt: 1, $lt: 5 }` apart, for a path or, without one, for a value itself. */
export function parseOperators(path: Path | undefined, document: Value): readonly Filter[] {
  const given = elements(document)
  return given.flatMap(({ name, value }): readonly Filter[] => {
    switch (name) {
      case '$eq':
        return [leaf(path, { op: 'eq', value })]
      case '$ne':
        if (value.type === T.regex) throw bad("Can't have regex as arg to $ne.")
        return [not(leaf(path, { op: 'eq', value }))]
      case '$gt':
      case '$gte':
      case '$lt':
      case '$lte':
        if (value.type === T.regex) {
          throw bad(`Can't have RegEx as arg to predicate over field '${path?.text ?? ''}'.`)
        }
        return [leaf(path, { op: name.slice(1) as 'gt' | 'gte' | 'lt' | 'lte', value })]
      case '$in':
        return [leaf(path, inTest(name, value))]
      case '$nin':
        return [not(leaf(path, inTest(name, value)))]
      case '$exists': {
        const exists = leaf(path, { op: 'exists' })
        return [isTrue(value) ? exists : not(exists)]
      }
      case '$not':
        return [not(parseNot(path, value))]
      case '$all':
        return parseAll(path, value)
      case '$elemMatch':
        return [leaf(path, elemMatchTest(value))]
      case '$regex': {
        const options = given.find((other) => other.name === '$options')?.value
        return [leaf(path, operatorRegex(value, options))]
      }
      case '$options':
        if (given.some((other) => other.name === '$regex')) return []
        throw bad('$options needs a $regex')
      case '$comment':
        return []
      default:
        return [leaf(path, otherTest(name, value))]
    }
  })
}

function otherTest(name: string, value: Value): Test {
  switch (name) {
    case '$type':
      return { op: 'type', types: typesOf(value) }
    case '$size': {
      const size = isNumber(value.type) ? wholeOf(value) : undefined
      if (size === undefined)
        throw bad(`Failed to parse $size. Expected an integer in: $size: ${show(value)}`)
      if (size < 0n)
        throw bad(`Failed to parse $size. Expected a non-negative number in: $size: ${size}`)
      return { op: 'size', size: Number(size) }
    }
    case '$mod':
      return modTest(value)
    default:
      throw notHere(2, `unknown operator: ${name}`)
  }
}

function inTest(name: string, value: Value): Test {
  if (value.type !== T.array) throw bad(`${name} needs an array`)
  const values: Value[] = []
  const regexes: Pattern[] = []
  for (const item of items(value)) {
    if (isOperators(item)) throw bad(`cannot nest $ under ${name}`)
    if (item.type === T.regex) {
      const { pattern, options } = regexOf(item)
      regexes.push(patternOf(pattern, options))
    }
    values.push(item)
  }
  return { op: 'in', values, keys: new Set(values.map(keyText)), regexes }
}

function parseNot(path: Path | undefined, value: Value): Filter {
  if (value.type === T.regex) return leaf(path, regexTest(value))
  if (value.type !== T.object) throw bad('$not needs a regex or a document')
  if (isEmpty(value)) throw bad('$not cannot be empty')
  return both(parseOperators(path, value))
}

function parseAll(path: Path | undefined, value: Value): readonly Filter[] {
  if (value.type !== T.array) throw bad('$all needs an array')
  const list = items(value)
  if (list.length === 0) return [nothing]
  return list.map((item) => {
    if (item.type === T.regex) return leaf(path, regexTest(item))
    if (item.type === T.object && firstName(item) === '$elemMatch') {
      return both(parseOperators(path, item))
    }
    if (isOperators(item)) throw bad('no $ expressions in $all')
    return leaf(path, { op: 'eq', value: item })
  })
}

const logical = new Set(['$and', '$or', '$nor'])

function elemMatchTest(value: Value): Test {
  if (value.type !== T.object) throw bad('$elemMatch needs an Object')
  const first = firstName(value) ?? ''
  if (isOperators(value) && !logical.has(first) && first !== '$expr') {
    return { op: 'elemMatch', items: 'values', filter: both(parseOperators(undefined, value)) }
  }
  return { op: 'elemMatch', items: 'objects', filter: parseFilter(value, true) }
}

function operatorRegex(value: Value, options: Value | undefined): Test {
  const given = stringOf(options)
  if (options && given === undefined) throw bad('$options has to be a string')
  if (value.type === T.regex) {
    const inner = regexOf(value)
    if (given !== undefined && inner.options !== '') {
      throw new CommandError(51075, 'options set in both $regex and $options')
    }
    return { op: 'regex', pattern: patternOf(inner.pattern, given ?? inner.options) }
  }
  const source = stringOf(value)
  if (source === undefined) throw bad('$regex has to be a string')
  return { op: 'regex', pattern: patternOf(source, given ?? '') }
}

function typesOf(value: Value): Set<number> {
  const list = value.type === T.array ? items(value) : [value]
  if (list.length === 0) throw new CommandError(9, '$type must match at least one type')
  return new Set(
    list.flatMap((item) => {
      const text = stringOf(item)
      if (text === 'number') return [T.int, T.double, T.long, T.decimal]
      const code = typeCode(text ?? numberOf(item))
      if (code === undefined) {
        if (text !== undefined) throw bad(`Unknown type name alias: ${text}`)
        throw isNumber(item.type)
          ? bad(`Invalid numerical type code: ${show(item)}`)
          : new CommandError(
              14,
              `type must be represented as a number or a string, not ${typeName(item.type)}`,
            )
      }
      return [code]
    }),
  )
}

function modTest(value: Value): Test {
  const list = value.type === T.array ? items(value) : undefined
  if (!list) throw bad('malformed mod, needs to be an array')
  if (list.length < 2) throw bad('malformed mod, not enough elements')
  if (list.length > 2) throw bad('malformed mod, too many elements')
  const [divisor, remainder] = list.map((item) => truncated(item))
  if (divisor === undefined) throw bad('malformed mod, divisor not a number')
  if (remainder === undefined) throw bad('malformed mod, remainder not a number')
  if (divisor === 0n) throw bad('divisor cannot be 0')
  return { op: 'mod', divisor, remainder }
}

/** A number without its fraction, as `$mod` sees it; nothing for what has no whole part in 64 bits. */
export function truncated(value: Value): bigint | undefined {
  if (value.type === T.decimal) return wholeOf(value)
  if (!isNumber(value.type)) return undefined
  if (value.type !== T.double) return wholeOf(value)
  const whole = Math.trunc(numberOf(value))
  return Number.isFinite(whole) && Math.abs(whole) < 2 ** 63 ? BigInt(whole) : undefined
}
