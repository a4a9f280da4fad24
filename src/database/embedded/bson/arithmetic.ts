import { notHere } from '../errors.js'
import { decimalOf } from './decimal.js'
import { bigOf, isNumber, numberOf, T, type Value } from './value.js'
import { doubleValue, intValue, longValue } from './write.js'

const minLong = -(1n << 63n)
const maxLong = (1n << 63n) - 1n

/** What a whole number may become where it outgrows 64 bits: nothing, or a double. */
type Overflow = 'refuse' | 'double'

function checked(value: Value): Value {
  if (value.type === T.decimal) throw notHere(238, 'Decimal128 arithmetic')
  return value
}

/** An int where the operands were ints and the result fits, else a long, else as `overflow` says. */
function whole(exact: bigint, bothInts: boolean, overflow: Overflow): Value | undefined {
  if (bothInts && exact >= -0x80000000n && exact <= 0x7fffffffn) return intValue(Number(exact))
  if (exact >= minLong && exact <= maxLong) return longValue(exact)
  return overflow === 'double' ? doubleValue(Number(exact)) : undefined
}

function combine(
  a: Value,
  b: Value,
  overflow: Overflow,
  doubles: (x: number, y: number) => number,
  wholes: (x: bigint, y: bigint) => bigint,
): Value | undefined {
  checked(a)
  checked(b)
  if (a.type === T.double || b.type === T.double) {
    return doubleValue(doubles(numberOf(a), numberOf(b)))
  }
  return whole(wholes(bigOf(a), bigOf(b)), a.type === T.int && b.type === T.int, overflow)
}

/** The sum with MongoDB's type of result; nothing where it outgrows 64 bits and `refuse` was asked. */
export const add = (a: Value, b: Value, overflow: Overflow = 'refuse'): Value | undefined =>
  combine(
    a,
    b,
    overflow,
    (x, y) => x + y,
    (x, y) => x + y,
  )

export const subtract = (a: Value, b: Value): Value | undefined =>
  combine(
    a,
    b,
    'double',
    (x, y) => x - y,
    (x, y) => x - y,
  )

export const multiply = (a: Value, b: Value, overflow: Overflow = 'refuse'): Value | undefined =>
  combine(
    a,
    b,
    overflow,
    (x, y) => x * y,
    (x, y) => x * y,
  )

/** Whether a value counts as true: all but false, zero, null, undefined and what is missing. */
export function isTrue(value: Value | undefined): boolean {
  if (value === undefined || value.type === T.null || value.type === T.undefined) return false
  if (value.type === T.bool) return value.bytes[value.at] === 1
  if (value.type === T.decimal) {
    const decimal = decimalOf(value)
    return typeof decimal === 'string' || decimal.coefficient !== 0n
  }
  return !isNumber(value.type) || numberOf(value) !== 0
}

/** A number that must be whole and fit 64 bits, such as a limit; nothing where it does not. */
export function wholeOf(value: Value): bigint | undefined {
  if (value.type === T.int || value.type === T.long) return bigOf(value)
  if (value.type === T.double) {
    const content = numberOf(value)
    if (!Number.isInteger(content) || Math.abs(content) >= 2 ** 63) return undefined
    return BigInt(content)
  }
  if (value.type !== T.decimal) return undefined
  const decimal = decimalOf(value)
  if (typeof decimal === 'string') return undefined
  const scale = 10n ** BigInt(Math.abs(decimal.exponent))
  if (decimal.exponent >= 0) {
    const scaled = decimal.coefficient * scale
    return scaled > maxLong || scaled < minLong ? undefined : scaled
  }
  return decimal.coefficient % scale === 0n ? decimal.coefficient / scale : undefined
}
