import { notHere } from '../errors.js'
import { exactOf, decimalText } from './number-order.js'
import { bigOf, isNumber, numberOf, T, type Value } from './value.js'
import { doubleValue, wholeValue } from './write.js'

const fits = (exact: bigint): boolean => exact === BigInt.asIntN(64, exact)

/** Makes `+` or `×` with MongoDB's type of result. */
const operation =
  (doubles: (x: number, y: number) => number, wholes: (x: bigint, y: bigint) => bigint) =>
  /** Where a whole result outgrows 64 bits it becomes a double, or with `strict` nothing. */
  (a: Value, b: Value, strict = false): Value | undefined => {
    if (a.type === T.decimal || b.type === T.decimal) throw notHere(238, 'Decimal128 arithmetic')
    if (a.type === T.double || b.type === T.double) {
      return doubleValue(doubles(numberOf(a), numberOf(b)))
    }
    const exact = wholes(bigOf(a), bigOf(b))
    if (fits(exact)) return wholeValue(exact, a.type === T.int && b.type === T.int)
    return strict ? undefined : doubleValue(Number(exact))
  }

export const add = operation(
  (x, y) => x + y,
  (x, y) => x + y,
)
export const multiply = operation(
  (x, y) => x * y,
  (x, y) => x * y,
)

/** Whether a value counts as true: all but false, zero, null and what is missing. */
export function isTrue(value: Value | undefined): boolean {
  if (value === undefined || value.type === T.null || value.type === T.undefined) return false
  if (value.type === T.bool) return value.bytes[value.at] === 1
  if (value.type === T.decimal) return exactOf(decimalText(value))?.coefficient !== 0n
  return !isNumber(value) || numberOf(value) !== 0
}

/** A number that is whole and fits 64 bits; nothing for any other value. With `cut` a fraction goes. */
export function wholeOf(value: Value | undefined, cut = false): bigint | undefined {
  if (value?.type === T.int || value?.type === T.long) return bigOf(value)
  if (value?.type === T.double) {
    const content = cut ? Math.trunc(numberOf(value)) : numberOf(value)
    return Number.isInteger(content) && fits(BigInt(content)) ? BigInt(content) : undefined
  }
  const exact = value?.type === T.decimal ? exactOf(decimalText(value)) : undefined
  if (!exact) return undefined
  const scale = 10n ** BigInt(Math.abs(exact.exponent))
  if (exact.exponent < 0 && !cut && exact.coefficient % scale !== 0n) return undefined
  const whole = exact.exponent < 0 ? exact.coefficient / scale : exact.coefficient * scale
  return fits(whole) ? whole : undefined
}
