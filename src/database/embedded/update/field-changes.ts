import { add, multiply } from '../bson/arithmetic.js'
import { compareValues } from '../bson/compare.js'
import { elements, fieldOf, stringOf } from '../bson/read.js'
import { show } from '../bson/show.js'
import { bigOf, isNumber, T, typeName, type Value } from '../bson/value.js'
import { intValue, longValue, make } from '../bson/write.js'
import { CommandError } from '../errors.js'
import { own } from '../own.js'
import { type Change, removed } from './tree.js'

/** `$inc` and `$mul`. */
export function arithmetic(operator: '$inc' | '$mul', path: string, by: Value): Change {
  if (!isNumber(by.type)) {
    const verb = operator === '$inc' ? 'increment' : 'multiply'
    throw new CommandError(14, `Cannot ${verb} with non-numeric argument: {${path}: ${show(by)}}`)
  }
  return (current) => {
    if (!current) return operator === '$inc' ? by : multiply(intValue(0), by)
    if (!isNumber(current.type)) {
      throw new CommandError(
        14,
        `Cannot apply ${operator} to a value of non-numeric type. The document has the field '${path}' of non-numeric type ${typeName(current.type)}`,
      )
    }
    const result = operator === '$inc' ? add(current, by) : multiply(current, by)
    if (result) return result
    throw new CommandError(
      2,
      `Failed to apply ${operator} operations to current value (${show(current)})`,
    )
  }
}

export const extreme =
  (sign: 1 | -1, value: Value): Change =>
  (current) =>
    !current || compareValues(value, current) * sign > 0 ? value : undefined

/** `$currentDate`: `true`, or the type that is wanted. */
export function currentDate(value: Value, now: () => Date): Change {
  const wanted = value.type === T.object ? stringOf(fieldOf(value, '$type')) : 'date'
  if (value.type !== T.bool && wanted !== 'date' && wanted !== 'timestamp') {
    throw new CommandError(2, "The '$type' string field is required to be 'date' or 'timestamp'")
  }
  if (wanted !== 'timestamp') return () => make(now())
  return () => {
    const bytes = Buffer.alloc(8)
    bytes.writeUInt32LE(1, 0)
    bytes.writeUInt32LE(Math.floor(now().getTime() / 1000), 4)
    return { type: T.timestamp, bytes, at: 0, end: 8 }
  }
}

const bitwise: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
}

const isWhole = (value: Value): boolean => value.type === T.int || value.type === T.long

export function bit(path: string, value: Value): Change {
  const steps = value.type === T.object ? elements(value) : []
  if (steps.length === 0) {
    throw new CommandError(2, `The $bit modifier is not compatible with a ${typeName(value.type)}`)
  }
  for (const { name, value: operand } of steps) {
    if (!own(bitwise, name) || !isWhole(operand)) {
      throw new CommandError(
        2,
        `The $bit modifier only supports 'and', 'or', and 'xor' with integers, not '${name}'`,
      )
    }
  }
  return (current) => {
    let result = current ?? intValue(0)
    if (!isWhole(result)) {
      throw new CommandError(
        2,
        `Cannot apply $bit to a value of non-integral type: '${path}' has type ${typeName(result.type)}`,
      )
    }
    for (const { name, value: operand } of steps) {
      const exact = own(bitwise, name)?.(bigOf(result), bigOf(operand)) ?? 0n
      const small = result.type === T.int && operand.type === T.int
      result = small ? intValue(Number(exact)) : longValue(exact)
    }
    return result
  }
}

export const unset: Change = (current) => (current ? removed : undefined)
