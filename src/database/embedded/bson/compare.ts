import { compareNumbers } from './number-order.js'
import { elements } from './read.js'
import { isNumber, T, type Value } from './value.js'

/** MongoDB's order of all types; numbers share one place, so do strings and symbols. */
const order: readonly (readonly number[])[] = [
  [T.minKey],
  [T.undefined],
  [T.null],
  [T.int, T.double, T.long, T.decimal],
  [T.string, T.symbol],
  [T.object],
  [T.array],
  [T.binary],
  [T.objectId],
  [T.bool],
  [T.date],
  [T.timestamp],
  [T.regex],
  [T.code],
  [T.maxKey],
]
const ranks: readonly number[] = Array.from(
  { length: 256 },
  (_, type) => (order.findIndex((types) => types.includes(type)) + 1) * 8,
)

/** Values of the same rank compare by content, values of different ranks by rank. */
export const rankOf = (type: number): number => ranks[type] ?? 0

/** Compares bytes, `skip` at the front and `cut` at the end left out. */
const bytesOrder = (a: Value, b: Value, skip = 0, cut = 0): number =>
  a.bytes.compare(b.bytes, b.at + skip, b.end - cut, a.at + skip, a.end - cut)

function compareFields(a: Value, b: Value): number {
  const right = elements(b)
  for (const [i, one] of elements(a).entries()) {
    const other = right[i]
    if (!other) return 1
    const names =
      one.name === other.name ? 0 : Buffer.compare(Buffer.from(one.name), Buffer.from(other.name))
    const found =
      rankOf(one.value.type) - rankOf(other.value.type) ||
      names ||
      compareValues(one.value, other.value)
    if (found !== 0) return Math.sign(found)
  }
  return elements(a).length < right.length ? -1 : 0
}

const big = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)

/** MongoDB's order of two values: below 0, 0 or above 0. */
export function compareValues(a: Value, b: Value): number {
  const rank = rankOf(a.type) - rankOf(b.type)
  if (rank !== 0) return Math.sign(rank)
  if (isNumber(a)) return compareNumbers(a, b)
  switch (a.type) {
    case T.string:
    case T.symbol:
    case T.code:
      return bytesOrder(a, b, 4, 1)
    case T.object:
    case T.array:
      return compareFields(a, b)
    case T.binary:
      return Math.sign(a.end - a.at - (b.end - b.at)) || bytesOrder(a, b, 4)
    case T.date:
      return big(a.bytes.readBigInt64LE(a.at), b.bytes.readBigInt64LE(b.at))
    case T.timestamp:
      return big(a.bytes.readBigUInt64LE(a.at), b.bytes.readBigUInt64LE(b.at))
    default:
      // Object ids, booleans, regexes; null, undefined, MinKey and MaxKey have no bytes to compare.
      return bytesOrder(a, b)
  }
}

/** Whether two values are the same to the byte, type included. */
export const identical = (a: Value, b: Value): boolean =>
  a.type === b.type && a.end - a.at === b.end - b.at && bytesOrder(a, b) === 0

/** Whether two values are equal, numbers of different types included. */
export const sameValue = (a: Value, b: Value): boolean =>
  identical(a, b) || (a.type !== T.string && compareValues(a, b) === 0)
