import { Decimal128 } from 'bson'
import { notHere } from '../errors.js'
import { T, type Value } from './value.js'
import { doubleValue, wholeValue } from './write.js'

/** `coefficient × 10^exponent`. */
interface Exact {
  readonly coefficient: bigint
  readonly exponent: number
}

/**
 * A number as the greatest double that is not above it, and its exact value where that is not the
 * same. Numbers of all four types thus order and equal each other exactly, 2^53 + 1 and 0.1 included.
 */
interface NumberOrder {
  readonly floor: number
  readonly exact?: Exact
}

/** A Decimal128 as it is written, such as `1.50` or `NaN`. */
const decimalText = (value: Value): string => new Decimal128(value.copy()).toString()

/** The exact value of a finite decimal. */
function exactOf(text: string): Exact | undefined {
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
  const plain = value.number()
  if (value.type !== T.decimal && (value.type !== T.long || Number.isSafeInteger(plain))) {
    return { floor: plain }
  }
  const text = value.type === T.long ? value.big().toString() : decimalText(value)
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

/** A sum or product of MongoDB's type: beyond 64 bits whole ones become a double, or with `strict` nothing. */
export function compute(by: '+' | '*', a: Value, b: Value, strict = false): Value | undefined {
  if (a.type === T.decimal || b.type === T.decimal) throw notHere(238, 'Decimal128 arithmetic')
  if (a.type === T.double || b.type === T.double) {
    const [x, y] = [a.number(), b.number()]
    return doubleValue(by === '+' ? x + y : x * y)
  }
  const [x, y] = [a.big(), b.big()]
  const exact = by === '+' ? x + y : x * y
  if (exact === BigInt.asIntN(64, exact))
    return wholeValue(exact, a.type === T.int && b.type === T.int)
  return strict ? undefined : doubleValue(Number(exact))
}

/** Whether a value counts as true: all but false, zero, null and what is missing. */
export function isTrue(value: Value | undefined): boolean {
  if (value === undefined || value.type === T.null || value.type === T.undefined) return false
  if (value.type === T.bool) return value.bytes[value.at] === 1
  if (!value.isNumber()) return true
  const { floor, exact } = numberOrder(value)
  return floor !== 0 || exact !== undefined
}

/** A number that is whole and fits 64 bits, as near as a double comes; nothing for any other value. */
export function wholeOf(value: Value | undefined): number | undefined {
  if (!value?.isNumber()) return undefined
  const { floor, exact } = numberOrder(value)
  const whole = Number.isInteger(floor) && Math.abs(floor) <= 2 ** 63
  return whole && (!exact || value.type === T.long) ? floor : undefined
}
