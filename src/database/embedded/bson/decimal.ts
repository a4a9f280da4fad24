import type { Value } from './value.js'

/** A Decimal128 as `coefficient × 10^exponent`, or one of the three values that are no such number. */
export type Decimal =
  { readonly coefficient: bigint; readonly exponent: number } | 'NaN' | 'Infinity' | '-Infinity'

const low64 = (1n << 64n) - 1n

/** Reads the binary integer form of IEEE 754 decimal128. */
export function decimalOf(value: Value): Decimal {
  const low = value.bytes.readBigUInt64LE(value.at)
  const high = value.bytes.readBigUInt64LE(value.at + 8)
  const negative = high >> 63n === 1n
  const top = Number((high >> 58n) & 31n)
  if (top === 31) return 'NaN'
  if (top === 30) return negative ? '-Infinity' : 'Infinity'
  // A coefficient too large for 34 digits is written with 11 in front and counts as zero.
  const large = top >> 3 === 3
  const exponent = Number((large ? high >> 47n : high >> 49n) & 0x3fffn) - 6176
  const read = large ? 0n : ((high & ((1n << 49n) - 1n)) << 64n) | (low & low64)
  const coefficient = read >= 10n ** 34n ? 0n : read
  return { coefficient: negative ? -coefficient : coefficient, exponent }
}

/** As written in decimal, such as `12.50`, in scientific form where that is shorter. */
export function decimalText(decimal: Decimal): string {
  if (typeof decimal === 'string') return decimal
  const { coefficient, exponent } = decimal
  const sign = coefficient < 0n ? '-' : ''
  const digits = (coefficient < 0n ? -coefficient : coefficient).toString()
  const scientific = exponent + digits.length - 1
  if (exponent > 0 || scientific < -6) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : ''
    return `${sign}${digits.charAt(0)}${fraction}E${scientific < 0 ? '' : '+'}${scientific}`
  }
  if (exponent === 0) return sign + digits
  const padded = digits.padStart(1 - exponent, '0')
  return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`
}

/** A finite double as an exact fraction of integers: `numerator / 2^shift`. */
function fractionOf(double: number): { numerator: bigint; shift: bigint } {
  let scaled = double
  let shift = 0n
  while (!Number.isInteger(scaled)) {
    scaled *= 2
    shift += 1n
  }
  return { numerator: BigInt(scaled), shift }
}

/** Compares a finite decimal with a finite double exactly: below 0, 0 or above 0. */
export function compareWithDouble(
  { coefficient, exponent }: { coefficient: bigint; exponent: number },
  double: number,
): number {
  const { numerator, shift } = fractionOf(double)
  const scale = 10n ** BigInt(Math.abs(exponent))
  const left = (exponent < 0 ? coefficient : coefficient * scale) << shift
  const right = exponent < 0 ? numerator * scale : numerator
  return left < right ? -1 : left > right ? 1 : 0
}
