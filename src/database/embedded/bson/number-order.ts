import { Decimal128 } from 'bson'
import { bigOf, copyBytes, numberOf, T, type Value } from './value.js'

/** `coefficient × 10^exponent`. */
export interface Exact {
  readonly coefficient: bigint
  readonly exponent: number
}

/**
 * A number as the greatest double that is not above it, and its exact value where that is not the
 * same. Numbers of all four types thus order and equal each other exactly, 2^53 + 1 and 0.1 included.
 */
export interface NumberOrder {
  readonly floor: number
  readonly exact?: Exact
}

/** A Decimal128 as it is written, such as `1.50` or `NaN`. */
export const decimalText = (value: Value): string => new Decimal128(copyBytes(value)).toString()

/** The exact value of a finite decimal. */
export function exactOf(text: string): Exact | undefined {
  const found = /^(-?)(\d+)(?:\.(\d+))?(?:E([+-]\d+))?$/i.exec(text)
  if (!found) return undefined
  const [, sign = '', whole = '', fraction = '', power = '0'] = found
  const coefficient = BigInt(`${sign}${whole}${fraction}`)
  return { coefficient, exponent: Number(power) - fraction.length }
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

/** Compares an exact value with a finite double, as whole numbers over the same power of two. */
function compareWithDouble({ coefficient, exponent }: Exact, double: number): number {
  let scaled = double
  let shift = 0n
  for (; !Number.isInteger(scaled); shift++) scaled *= 2
  const scale = 10n ** BigInt(Math.abs(exponent))
  const left = (exponent < 0 ? coefficient : coefficient * scale) << shift
  const right = BigInt(scaled) * (exponent < 0 ? scale : 1n)
  return left < right ? -1 : left > right ? 1 : 0
}

export function numberOrder(value: Value): NumberOrder {
  const plain = numberOf(value)
  if (value.type !== T.decimal && (value.type !== T.long || Number.isSafeInteger(plain))) {
    return { floor: plain }
  }
  const text = value.type === T.long ? bigOf(value).toString() : decimalText(value)
  const exact = exactOf(text)
  const nearest = Number(text)
  if (!exact || exact.coefficient === 0n) return { floor: nearest }
  if (nearest === Number.NEGATIVE_INFINITY) return { floor: nearest, exact }
  const order = Number.isFinite(nearest) ? compareWithDouble(exact, nearest) : -1
  if (order === 0) return { floor: nearest }
  return { floor: order < 0 ? below(nearest) : nearest, exact }
}

/** Bytes that order the exact values of numbers with the same floor, and so with the same sign. */
export function exactBytes({ coefficient, exponent }: Exact): Buffer {
  const digits = (coefficient < 0n ? -coefficient : coefficient).toString()
  const bytes = Buffer.from(`  ${digits.replace(/0+$/, '')}\0`, 'latin1')
  bytes.writeUInt16BE(exponent + digits.length + 0x2000, 0)
  if (coefficient < 0n) for (const [i, byte] of bytes.entries()) bytes[i] = 255 - byte
  return bytes
}

/** Compares numbers of any types; NaN is below all others and equal to itself. */
export function compareNumbers(a: Value, b: Value): number {
  const left = numberOrder(a)
  const right = numberOrder(b)
  if (left.floor < right.floor) return -1
  if (left.floor > right.floor) return 1
  const nans = Number(Number.isNaN(right.floor)) - Number(Number.isNaN(left.floor))
  if (nans !== 0 || Number.isNaN(left.floor)) return nans
  if (left.exact && right.exact)
    return Buffer.compare(exactBytes(left.exact), exactBytes(right.exact))
  return Number(left.exact !== undefined) - Number(right.exact !== undefined)
}

export const isNaNValue = (value: Value): boolean =>
  value.type === T.decimal
    ? Number.isNaN(numberOrder(value).floor)
    : value.type === T.double && Number.isNaN(numberOf(value))
