import { add, multiply } from '../bson/arithmetic.js'
import { compareValues } from '../bson/compare.js'
import { elements, fieldOf, stringOf } from '../bson/read.js'
import { show } from '../bson/show.js'
import { bigOf, isNumber, T, typeName, type Value } from '../bson/value.js'
import { make, wholeValue } from '../bson/write.js'
import { check } from '../errors.js'
import { own } from '../own.js'
import { type Change, removed } from './tree.js'

/** `$inc` and `$mul`. */
export function arithmetic(operator: '$inc' | '$mul', path: string, by: Value): Change {
  const verb = operator === '$inc' ? 'increment' : 'multiply'
  check(isNumber(by), 14, `Cannot ${verb} with non-numeric argument: {${path}: ${show(by)}}`)
  return (current) => {
    if (!current) return operator === '$inc' ? by : multiply(make(0), by)
    const kind = typeName(current)
    check(
      isNumber(current),
      14,
      `Cannot apply ${operator} to a value of non-numeric type. The field '${path}' is of non-numeric type ${kind}`,
    )
    const result = operator === '$inc' ? add(current, by, true) : multiply(current, by, true)
    check(
      result !== undefined,
      2,
      `Failed to apply ${operator} operations to current value (${show(current)})`,
    )
    return result
  }
}

export const extreme =
  (sign: 1 | -1, value: Value): Change =>
  (current) =>
    !current || compareValues(value, current) * sign > 0 ? value : undefined

/** `$currentDate`: `true`, or the type that is wanted. */
export function currentDate(value: Value, now: () => Date): Change {
  const wanted = value.type === T.object ? stringOf(fieldOf(value, '$type')) : 'date'
  const sound =
    value.type === T.bool ||
    (value.type === T.object && (wanted === 'date' || wanted === 'timestamp'))
  check(sound, 2, "The '$type' string field is required to be 'date' or 'timestamp'")
  if (wanted === 'date') return () => make(now())
  return () => {
    const seconds = BigInt(Math.floor(now().getTime() / 1000))
    return { ...make((seconds << 32n) | 1n), type: T.timestamp }
  }
}

const bitwise: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
}

const isWhole = ({ type }: Value): boolean => type === T.int || type === T.long

export function bit(path: string, value: Value): Change {
  const steps = value.type === T.object ? elements(value) : []
  const sound = steps.every(({ name, value: operand }) => own(bitwise, name) && isWhole(operand))
  check(
    sound && steps.length > 0,
    2,
    "The $bit modifier only supports 'and', 'or', and 'xor' with integers",
  )
  return (current) => {
    const start = current ?? make(0)
    check(
      isWhole(start),
      2,
      `Cannot apply $bit to a value of non-integral type: '${path}' has type ${typeName(start)}`,
    )
    return steps.reduce((result, { name, value: operand }) => {
      const exact = own(bitwise, name)?.(bigOf(result), bigOf(operand)) ?? 0n
      return wholeValue(exact, result.type === T.int && operand.type === T.int)
    }, start)
  }
}

export const unset: Change = (current) => (current ? removed : undefined)
