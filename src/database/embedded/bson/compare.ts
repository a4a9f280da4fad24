import { compareNumbers } from './number-order.js'
import { elements } from './read.js'
import { T, type Value } from './value.js'

/** The place of each type in MongoDB's order of all values; numbers share one place, so do strings. */
const ranks: readonly number[] = (() => {
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
  const table = new Array<number>(256).fill(0)
  for (const [index, types] of order.entries()) {
    for (const type of types) table[type] = (index + 1) * 8
  }
  return table
})()

/** Values of the same rank compare by content, values of different ranks by rank. */
export const rankOf = (type: number): number => ranks[type] ?? 0

const bytesOrder = (a: Value, b: Value, skipA: number, skipB: number, cut: number): number =>
  a.bytes.compare(b.bytes, b.at + skipB, b.end - cut, a.at + skipA, a.end - cut)

function compareBinary(a: Value, b: Value): number {
  const length = a.end - a.at - (b.end - b.at)
  return length === 0 ? bytesOrder(a, b, 4, 4, 0) : Math.sign(length)
}

function compareFields(a: Value, b: Value, named: boolean): number {
  const left = elements(a)
  const right = elements(b)
  for (const [index, one] of left.entries()) {
    const other = right[index]
    if (!other) return 1
    const order =
      rankOf(one.value.type) - rankOf(other.value.type) ||
      (named && one.name !== other.name
        ? Buffer.compare(Buffer.from(one.name), Buffer.from(other.name))
        : 0) ||
      compareValues(one.value, other.value)
    if (order !== 0) return Math.sign(order)
  }
  return left.length < right.length ? -1 : 0
}

/** MongoDB's order of two values: below 0, 0 or above 0. */
export function compareValues(a: Value, b: Value): number {
  const rank = rankOf(a.type) - rankOf(b.type)
  if (rank !== 0) return Math.sign(rank)
  switch (a.type) {
    case T.int:
    case T.double:
    case T.long:
    case T.decimal:
      return compareNumbers(a, b)
    case T.string:
    case T.symbol:
    case T.code:
      return bytesOrder(a, b, 4, 4, 1)
    case T.object:
      return compareFields(a, b, true)
    case T.array:
      return compareFields(a, b, false)
    case T.binary:
      return compareBinary(a, b)
    case T.date: {
      const left = a.bytes.readBigInt64LE(a.at)
      const right = b.bytes.readBigInt64LE(b.at)
      return left < right ? -1 : left > right ? 1 : 0
    }
    case T.timestamp: {
      const left = a.bytes.readBigUInt64LE(a.at)
      const right = b.bytes.readBigUInt64LE(b.at)
      return left < right ? -1 : left > right ? 1 : 0
    }
    default:
      // Object ids, booleans, regexes; null, undefined, MinKey and MaxKey have no bytes to compare.
      return bytesOrder(a, b, 0, 0, 0)
  }
}

/** Whether two values are equal, numbers of different types included. */
export function sameValue(a: Value, b: Value): boolean {
  if (a.type === b.type) {
    if (a.end - a.at === b.end - b.at && bytesOrder(a, b, 0, 0, 0) === 0) return true
    if (a.type === T.string || a.type === T.objectId || a.type === T.int) return false
  }
  return compareValues(a, b) === 0
}

/** Whether two values are the same to the byte, type included. */
export const identical = (a: Value, b: Value): boolean =>
  a.type === b.type && a.end - a.at === b.end - b.at && bytesOrder(a, b, 0, 0, 0) === 0
