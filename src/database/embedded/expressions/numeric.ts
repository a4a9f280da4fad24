import { add, multiply, subtract } from '../bson/arithmetic.js'
import { bigOf, isNumber, numberOf, T, type Value } from '../bson/value.js'
import { dateValue, doubleValue, intValue, longValue, nullValue } from '../bson/write.js'
import { CommandError, notHere } from '../errors.js'
import { isNullish, typed } from './expression.js'

function numeric(name: string, value: Value): Value {
  if (isNumber(value.type)) return value
  throw new CommandError(14, `${name} only supports numeric or date types, not ${typed(value)}`)
}

/** A date moved by milliseconds. */
function moved(name: string, date: Value, by: Value, sign: bigint): Value {
  numeric(name, by)
  const milliseconds = by.type === T.double ? BigInt(Math.round(numberOf(by))) : bigOf(by)
  return dateValue(bigOf(date) + sign * milliseconds)
}

function addTwo(a: Value, b: Value): Value {
  if (a.type === T.date && b.type === T.date) {
    throw new CommandError(16612, 'only one date allowed in an $add expression')
  }
  if (a.type === T.date) return moved('$add', a, b, 1n)
  if (b.type === T.date) return moved('$add', b, a, 1n)
  return add(numeric('$add', a), numeric('$add', b), 'double') ?? nullValue
}

type Values = readonly (Value | undefined)[]

function fold(values: Values, start: Value, combine: (a: Value, b: Value) => Value): Value {
  let total = start
  for (const value of values) {
    if (value === undefined || isNullish(value)) return nullValue
    total = combine(total, value)
  }
  return total
}

export const addAll = (values: Values): Value => fold(values, intValue(0), addTwo)

export const multiplyAll = (values: Values): Value =>
  fold(values, intValue(1), (a, b) => multiply(a, numeric('$multiply', b), 'double') ?? nullValue)

export function subtractTwo(a: Value | undefined, b: Value | undefined): Value {
  if (a === undefined || b === undefined || isNullish(a) || isNullish(b)) return nullValue
  if (a.type === T.date && b.type === T.date) return longValue(bigOf(a) - bigOf(b))
  if (a.type === T.date) return moved('$subtract', a, b, -1n)
  return subtract(numeric('$subtract', a), numeric('$subtract', b)) ?? nullValue
}

export function divide(a: Value | undefined, b: Value | undefined): Value {
  if (a === undefined || b === undefined || isNullish(a) || isNullish(b)) return nullValue
  const [left, right] = [numeric('$divide', a), numeric('$divide', b)]
  if (left.type === T.decimal || right.type === T.decimal)
    throw notHere(238, 'Decimal128 arithmetic')
  if (numberOf(right) === 0) throw new CommandError(2, "can't $divide by zero")
  return doubleValue(numberOf(left) / numberOf(right))
}
