import { add, isTrue, multiply, subtract, wholeOf } from '../bson/arithmetic.js'
import { compareValues, sameValue } from '../bson/compare.js'
import { elements, fieldOf, items, stringOf } from '../bson/read.js'
import { bigOf, isNumber, numberOf, T, typeName, type Value } from '../bson/value.js'
import { doubleValue, make, missing, nullValue } from '../bson/write.js'
import { check, notHere } from '../errors.js'
import { accumulate } from './accumulate.js'
import { argumentsOf, computing, isNullish, type Operator, type Values } from './expression.js'

const compared = (holds: (order: number) => boolean): Operator =>
  computing(2, ([a, b]) => make(holds(compareValues(a ?? missing, b ?? missing))))

/** Stops at the first argument that decides. */
const deciding =
  (decides: boolean): Operator =>
  (argument, compile, name) => {
    const inputs = argumentsOf(argument, name).map(compile)
    return (document) =>
      make(inputs.some((input) => isTrue(input(document)) === decides) === decides)
  }

const cond: Operator = (argument, compile, name) => {
  const parts = ['if', 'then', 'else'].map((part) => fieldOf(argument, part))
  const named =
    argument.type === T.object
      ? parts.flatMap((part) => part ?? [])
      : argumentsOf(argument, name, 3)
  const known = argument.type !== T.object || elements(argument).length === 3
  check(named.length === 3 && known, 17080, "$cond takes exactly 'if', 'then' and 'else'")
  const [test, yes, no] = named.map(compile)
  return (document) => (isTrue(test?.(document)) ? yes?.(document) : no?.(document))
}

/** Combines numbers one after another, and null as soon as one of them is null. */
const folded = (
  start: Value | undefined,
  combine: (a: Value, b: Value, name: string) => Value,
): Operator =>
  computing(start ? undefined : 2, (values, name) => {
    if (values.some(isNullish)) return nullValue
    const all = [...(start ? [start] : []), ...(values as readonly Value[])]
    return all.reduce((total, value) => combine(total, value, name))
  })

const numeric = (value: Value, name: string): Value => {
  check(isNumber(value), 14, `${name} only supports numeric or date types, not ${typeName(value)}`)
  return value
}

/** A date moved by milliseconds. */
function moved(date: Value, by: Value, name: string, sign: bigint): Value {
  const milliseconds = wholeOf(doubleValue(Math.round(numberOf(numeric(by, name))))) ?? 0n
  return make(new Date(Number(bigOf(date) + sign * milliseconds)))
}

function plus(a: Value, b: Value, name: string): Value {
  check(
    a.type !== T.date || b.type !== T.date,
    16612,
    'only one date allowed in an $add expression',
  )
  if (a.type === T.date) return moved(a, b, name, 1n)
  if (b.type === T.date) return moved(b, a, name, 1n)
  return add(numeric(a, name), numeric(b, name)) ?? nullValue
}

function minus(a: Value, b: Value, name: string): Value {
  if (a.type === T.date && b.type === T.date) return make(bigOf(a) - bigOf(b))
  if (a.type === T.date) return moved(a, b, name, -1n)
  return subtract(numeric(a, name), numeric(b, name)) ?? nullValue
}

function quotient(a: Value, b: Value, name: string): Value {
  const [left, right] = [numeric(a, name), numeric(b, name)]
  if (left.type === T.decimal || right.type === T.decimal)
    throw notHere(238, 'Decimal128 arithmetic')
  check(numberOf(right) !== 0, 2, "can't $divide by zero")
  return doubleValue(numberOf(left) / numberOf(right))
}

/** `$sum`, `$avg`, `$min` and `$max` of several arguments, or of the items of one array. */
const gathered = computing(undefined, (values: Values, name) => {
  const [only] = values
  return accumulate(name, values.length === 1 && only?.type === T.array ? items(only) : values)
})

const elementAt = ([list, at]: Values, name: string): Value | undefined => {
  if (isNullish(list) || isNullish(at)) return nullValue
  const index = wholeOf(at)
  check(
    list?.type === T.array && index !== undefined,
    28689,
    `${name} needs an array and a whole number`,
  )
  return items(list).at(Number(index))
}

const concat = computing(undefined, (values) => {
  if (values.some(isNullish)) return nullValue
  const texts = values.map(stringOf)
  check(!texts.includes(undefined), 16702, '$concat only supports strings')
  return make(texts.join(''))
})

/** The operators of expressions. What is not here is refused by name. */
export const operators: Readonly<Record<string, Operator>> = {
  $eq: compared((order) => order === 0),
  $ne: compared((order) => order !== 0),
  $gt: compared((order) => order > 0),
  $gte: compared((order) => order >= 0),
  $lt: compared((order) => order < 0),
  $lte: compared((order) => order <= 0),
  $cmp: computing(2, ([a, b]) => make(compareValues(a ?? missing, b ?? missing))),
  $and: deciding(false),
  $or: deciding(true),
  $not: computing(1, ([value]) => make(!isTrue(value))),
  $cond: cond,
  $ifNull: computing(
    undefined,
    (values) => values.find((value) => !isNullish(value)) ?? values.at(-1),
  ),
  $literal: (argument) => () => argument,
  $add: folded(make(0), plus),
  $multiply: folded(make(1), (a, b, name) => multiply(a, numeric(b, name)) ?? nullValue),
  $subtract: folded(undefined, minus),
  $divide: folded(undefined, quotient),
  $sum: gathered,
  $avg: gathered,
  $min: gathered,
  $max: gathered,
  $size: computing(1, ([value]) => {
    check(
      value?.type === T.array,
      17124,
      `The argument to $size must be an array, but was of type: ${typeName(value)}`,
    )
    return make(items(value).length)
  }),
  $in: computing(2, ([value, list]) => {
    check(
      list?.type === T.array,
      40081,
      `$in requires an array as a second argument, found: ${typeName(list)}`,
    )
    return make(items(list).some((item) => sameValue(item, value ?? missing)))
  }),
  $arrayElemAt: computing(2, elementAt),
  $first: computing(1, ([list], name) => elementAt([list, make(0)], name)),
  $last: computing(1, ([list], name) => elementAt([list, make(-1)], name)),
  $concat: concat,
  $mergeObjects: computing(undefined, (values) => accumulate('$mergeObjects', values)),
}
