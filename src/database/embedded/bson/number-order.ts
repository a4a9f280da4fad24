import { compareWithDouble, decimalOf, decimalText } from './decimal.js'
import { bigOf, numberOf, T, type Value } from './value.js'

/**
 * A number as the greatest double that is not above it, and what is left where that is not exact.
 * Numbers of all four types thus order and equal each other exactly, 2^53 + 1 and 0.1 included.
 */
export interface NumberOrder {
  readonly floor: number
  readonly rest?: { readonly coefficient: bigint; readonly exponent: number }
}

const scratch = new DataView(new ArrayBuffer(8))

/** The next double below. */
function below(double: number): number {
  if (double === Number.POSITIVE_INFINITY) return Number.MAX_VALUE
  if (double === 0) return -Number.MIN_VALUE
  scratch.setFloat64(0, double)
  scratch.setBigInt64(0, scratch.getBigInt64(0) + (double > 0 ? -1n : 1n))
  return scratch.getFloat64(0)
}

function longOrder(value: Value): NumberOrder {
  const floor = numberOf(value)
  if (Number.isSafeInteger(floor)) return { floor }
  const exact = bigOf(value)
  const back = BigInt(floor)
  if (back === exact) return { floor }
  return { floor: back > exact ? below(floor) : floor, rest: { coefficient: exact, exponent: 0 } }
}

function decimalOrder(value: Value): NumberOrder {
  const decimal = decimalOf(value)
  if (typeof decimal === 'string') return { floor: Number(decimal) }
  if (decimal.coefficient === 0n) return { floor: 0 }
  const nearest = Number(decimalText(decimal))
  if (nearest === Number.NEGATIVE_INFINITY) return { floor: nearest, rest: decimal }
  const order = Number.isFinite(nearest) ? compareWithDouble(decimal, nearest) : -1
  if (order === 0) return { floor: nearest }
  return { floor: order < 0 ? below(nearest) : nearest, rest: decimal }
}

export function numberOrder(value: Value): NumberOrder {
  if (value.type === T.long) return longOrder(value)
  if (value.type === T.decimal) return decimalOrder(value)
  return { floor: numberOf(value) }
}

/** Digits without trailing zeros, and the power of ten of the first of them. */
function scientific({ coefficient, exponent }: { coefficient: bigint; exponent: number }): {
  digits: string
  power: number
} {
  const all = (coefficient < 0n ? -coefficient : coefficient).toString()
  return { digits: all.replace(/0+$/, ''), power: exponent + all.length - 1 }
}

/** Bytes that order what is left of numbers with the same floor, and so with the same sign. */
export function restBytes(rest: { coefficient: bigint; exponent: number }): Buffer {
  const { digits, power } = scientific(rest)
  const bytes = Buffer.alloc(digits.length + 3)
  bytes.writeUInt16BE(power + 0x2000, 0)
  bytes.write(digits, 2, 'latin1')
  return rest.coefficient < 0n ? (bytes.map((byte) => 255 - byte) as Buffer) : bytes
}

const isPlain = (value: Value): boolean => value.type === T.int || value.type === T.double

/** Compares numbers of any types; NaN is below all others and equal to itself. */
export function compareNumbers(a: Value, b: Value): number {
  const left = isPlain(a) ? { floor: numberOf(a) } : numberOrder(a)
  const right = isPlain(b) ? { floor: numberOf(b) } : numberOrder(b)
  if (left.floor < right.floor) return -1
  if (left.floor > right.floor) return 1
  if (Number.isNaN(left.floor) || Number.isNaN(right.floor)) {
    return Number(Number.isNaN(right.floor)) - Number(Number.isNaN(left.floor))
  }
  const leftRest = 'rest' in left ? left.rest : undefined
  const rightRest = 'rest' in right ? right.rest : undefined
  if (leftRest && rightRest) return Buffer.compare(restBytes(leftRest), restBytes(rightRest))
  return Number(leftRest !== undefined) - Number(rightRest !== undefined)
}

export const isNaNValue = (value: Value): boolean =>
  (value.type === T.double || value.type === T.decimal) && Number.isNaN(numberOrder(value).floor)
