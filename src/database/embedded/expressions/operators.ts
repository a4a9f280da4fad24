import { isTrue } from '../bson/arithmetic.js'
import { compareValues, sameValue } from '../bson/compare.js'
import { items, stringOf } from '../bson/read.js'
import { bigOf, T, textOf, type Value } from '../bson/value.js'
import { arrayValue, boolValue, intValue, make, nullValue } from '../bson/write.js'
import { CommandError, notHere } from '../errors.js'
import { own } from '../own.js'
import { accumulate } from './accumulate.js'
import {
  argumentsOf,
  fixed,
  isNullish,
  missing,
  namedArguments,
  type Operator,
  typed,
  variadic,
} from './expression.js'
import { addAll, divide, multiplyAll, subtractTwo } from './numeric.js'

const compared = (holds: (order: number) => boolean): Operator =>
  fixed(2, ([a, b]) => boolValue(holds(compareValues(a ?? missing, b ?? missing))))

/** Stops at the first argument that decides. */
const deciding =
  (decides: boolean): Operator =>
  (argument, compile, name) => {
    const inputs = argumentsOf(argument, name).map(compile)
    return (context) =>
      boolValue(inputs.some((input) => isTrue(input(context)) === decides) === decides)
  }

const cond: Operator = (argument, compile, name) => {
  const named = argument.type === T.object
  const part = named ? namedArguments(argument, name, ['if', 'then', 'else']) : undefined
  const parts = part ? ['if', 'then', 'else'].map(part) : argumentsOf(argument, name, 3)
  const [test, yes, no] = parts.map(compile)
  return (context) => (isTrue(test?.(context)) ? yes?.(context) : no?.(context))
}

/** The items of an array argument; nothing for null and missing. */
function listOf(value: Value | undefined, code: number, what: string): Value[] | undefined {
  if (value?.type === T.array) return items(value)
  if (isNullish(value)) return undefined
  throw new CommandError(code, `${what} must be an array, but is of type: ${typed(value)}`)
}

const itemAt = (list: Value | undefined, index: number, name: string): Value | undefined => {
  const found = listOf(list, 28689, `${name}'s first argument`)
  return found ? found.at(index) : nullValue
}

const arrayElemAt: Operator = fixed(2, ([list, index], name) => {
  if (index === undefined || isNullish(index)) return nullValue
  if (index.type !== T.int && index.type !== T.long) {
    throw new CommandError(28690, `${name}'s second argument must be an int or a long`)
  }
  return itemAt(list, Number(bigOf(index)), name)
})

/** `$filter` and `$map` bind a variable to each item in turn. */
const overItems =
  (
    body: string,
    code: number,
    gather: (value: Value, result: Value | undefined) => Value[],
  ): Operator =>
  (argument, compile, name) => {
    const part = namedArguments(argument, name, ['input', body], ['as'])
    const as = stringOf(part('as')) ?? 'this'
    const input = compile(part('input'))
    const run = compile(part(body))
    return (context) => {
      const list = listOf(input(context), code, `input to ${name}`)
      if (!list) return nullValue
      const { root, scope } = context
      return arrayValue(
        list.flatMap((value) =>
          gather(value, run({ root, scope: { name: as, value, outer: scope } })),
        ),
      )
    }
  }

/** Text, null and missing being empty. */
function textOrEmpty(value: Value | undefined, name: string): string {
  if (value === undefined || isNullish(value)) return ''
  if (value.type === T.string) return textOf(value)
  throw notHere(16007, `can't convert from BSON type ${typed(value)} to String in ${name}`)
}

const concat: Operator = variadic((values) => {
  const texts = values.map((value) => {
    if (isNullish(value) || value?.type === T.string) return value && stringOf(value)
    throw new CommandError(16702, `$concat only supports strings, not ${typed(value)}`)
  })
  return texts.includes(undefined) ? nullValue : make(texts.join(''))
})

/** The parts of a date in UTC as `toISOString` writes them. */
const dateParts: Readonly<Record<string, readonly [number, number]>> = {
  Y: [0, 4],
  m: [5, 7],
  d: [8, 10],
  H: [11, 13],
  M: [14, 16],
  S: [17, 19],
  L: [20, 23],
}

const dateToString: Operator = (argument, compile, name) => {
  const part = namedArguments(argument, name, ['date'], ['format'])
  const format = stringOf(part('format')) ?? '%Y-%m-%dT%H:%M:%S.%LZ'
  const odd = /%([^YmdHMSL%]|$)/.exec(format)
  if (odd) throw notHere(18536, `Invalid format character '${odd[0]}' in format string`)
  const date = compile(part('date'))
  return (context) => {
    const value = date(context)
    if (value === undefined || isNullish(value)) return nullValue
    if (value.type !== T.date) {
      throw notHere(16006, `can't convert from BSON type ${typed(value)} to Date`)
    }
    const written = new Date(Number(bigOf(value))).toISOString()
    if (written.length > 24) throw notHere(18537, 'dates beyond the year 9999')
    const write = (_: string, letter: string): string =>
      written.slice(...(own(dateParts, letter) ?? [0, 0]))
    return make(format.replace(/%([YmdHMSL])/g, write).replaceAll('%%', '%'))
  }
}

/** `$sum`, `$avg`, `$min` and `$max` of several arguments, or of the items of one array. */
const gathered: Operator = variadic((values, name) => {
  const [only] = values
  return accumulate(name, values.length === 1 && only?.type === T.array ? items(only) : values)
})

/** The operators of expressions. What is not here is refused by name. */
export const operators: Readonly<Record<string, Operator>> = {
  $eq: compared((order) => order === 0),
  $ne: compared((order) => order !== 0),
  $gt: compared((order) => order > 0),
  $gte: compared((order) => order >= 0),
  $lt: compared((order) => order < 0),
  $lte: compared((order) => order <= 0),
  $cmp: fixed(2, ([a, b]) => intValue(compareValues(a ?? missing, b ?? missing))),
  $and: deciding(false),
  $or: deciding(true),
  $not: fixed(1, ([value]) => boolValue(!isTrue(value))),
  $cond: cond,
  $ifNull: variadic((values) => values.find((value) => !isNullish(value)) ?? values.at(-1)),
  $literal: (argument) => () => argument,
  $type: fixed(1, ([value]) => make(typed(value))),
  $add: variadic(addAll),
  $subtract: fixed(2, ([a, b]) => subtractTwo(a, b)),
  $multiply: variadic(multiplyAll),
  $divide: fixed(2, ([a, b]) => divide(a, b)),
  $sum: gathered,
  $avg: gathered,
  $min: gathered,
  $max: gathered,
  $size: fixed(1, ([value]) => {
    if (value?.type === T.array) return intValue(items(value).length)
    throw new CommandError(
      17124,
      `The argument to $size must be an array, but was of type: ${typed(value)}`,
    )
  }),
  $isArray: fixed(1, ([value]) => boolValue(value?.type === T.array)),
  $in: fixed(2, ([value, list]) => {
    if (list?.type !== T.array) {
      throw new CommandError(
        40081,
        `$in requires an array as a second argument, found: ${typed(list)}`,
      )
    }
    return boolValue(value !== undefined && items(list).some((item) => sameValue(item, value)))
  }),
  $arrayElemAt: arrayElemAt,
  $first: fixed(1, ([list], name) => itemAt(list, 0, name)),
  $last: fixed(1, ([list], name) => itemAt(list, -1, name)),
  $filter: overItems('cond', 28651, (value, result) => (isTrue(result) ? [value] : [])),
  $map: overItems('in', 16883, (_, result) => [result ?? nullValue]),
  $concatArrays: variadic((values) => {
    const lists = values.map((value) => listOf(value, 28664, 'an argument to $concatArrays'))
    return lists.includes(undefined) ? nullValue : arrayValue(lists.flatMap((list) => list ?? []))
  }),
  $concat: concat,
  // MongoDB changes the case of ASCII's letters only.
  $toLower: fixed(1, ([value], name) =>
    make(textOrEmpty(value, name).replace(/[A-Z]/g, (letter) => letter.toLowerCase())),
  ),
  $toUpper: fixed(1, ([value], name) =>
    make(textOrEmpty(value, name).replace(/[a-z]/g, (letter) => letter.toUpperCase())),
  ),
  $dateToString: dateToString,
  $mergeObjects: variadic((values) => accumulate('$mergeObjects', values)),
}
