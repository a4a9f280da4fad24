import { rankOf } from '../bson/compare.js'
import { isNaNValue } from '../bson/number-order.js'
import { keyBytes } from '../bson/order-key.js'
import { isNumber, T, type Value } from '../bson/value.js'
import { doubleValue, make } from '../bson/write.js'
import type { Pattern, Test } from '../match/filter.js'

/** Bytes from `from` up to, not including, `to`. */
export interface Range {
  readonly from: Buffer
  readonly to: Buffer
  /** Whether it holds a single value, so that what follows it in the index is in order. */
  readonly single: boolean
}

/** What a query allows of one field of an index. */
export interface FieldBounds {
  /** In order and apart from each other. */
  readonly ranges: readonly Range[]
  /** Whether the bounds say all that the query says, given a field without arrays. */
  readonly exact: boolean
}

/** The first bytes that follow everything that begins with these. */
export function after(bytes: Buffer): Buffer {
  let length = bytes.length
  while (length > 0 && bytes[length - 1] === 255) length--
  const next = Buffer.from(bytes.subarray(0, length))
  if (length > 0) next[length - 1] = (next[length - 1] ?? 0) + 1
  return next
}

function point(value: Value | undefined): Range {
  const from = keyBytes(value)
  return { from, to: after(from), single: true }
}

/** Values that the index holds otherwise than a query compares them: arrays stand there by item. */
const unbounded = ({ type }: Value): boolean =>
  type === T.array || type === T.minKey || type === T.maxKey

/** The bounds of a test in an index; nothing where the index cannot help with it. */
export function boundsOf(test: Test): FieldBounds | undefined {
  switch (test.op) {
    case 'eq':
      return unbounded(test.value) ? undefined : { ranges: [point(test.value)], exact: true }
    case 'in': {
      const prefixes = test.regexes.map(prefixRange)
      if (test.values.some(unbounded) || prefixes.includes(undefined)) return undefined
      const ranges = [...test.values.map(point), ...prefixes.flatMap((range) => range ?? [])]
      return { ranges: sorted(ranges), exact: prefixes.length === 0 }
    }
    case 'regex': {
      const range = prefixRange(test.pattern)
      const bytes = Buffer.from(`${test.pattern.source}\0${test.pattern.options}\0`)
      const itself = point({ type: T.regex, bytes, at: 0, end: bytes.length })
      return range && { ranges: sorted([range, itself]), exact: false }
    }
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return unbounded(test.value)
        ? undefined
        : { ranges: orderRanges(test.op, test.value), exact: true }
    default:
      return undefined
  }
}

function orderRanges(op: 'lt' | 'lte' | 'gt' | 'gte', value: Value): Range[] {
  const { from, to, single } = point(value)
  if (value.type === T.null || isNaNValue(value))
    return op === 'lte' || op === 'gte' ? [{ from, to, single }] : []
  const rank = rankOf(value.type)
  // Numbers begin after NaN, which orders with no other.
  const least = isNumber(value) ? after(keyBytes(doubleValue(Number.NaN))) : Buffer.from([rank])
  const beyond = Buffer.from([rank + 1])
  const range = {
    lt: { from: least, to: from },
    lte: { from: least, to },
    gt: { from: to, to: beyond },
    gte: { from, to: beyond },
  }[op]
  return Buffer.compare(range.from, range.to) < 0 ? [{ ...range, single: false }] : []
}

function prefixRange({ prefix }: Pattern): Range | undefined {
  if (prefix === undefined) return undefined
  const whole = keyBytes(make(prefix))
  // Without the zero that ends the text, so that longer texts are meant too.
  const from = whole.subarray(0, whole.length - 1)
  return { from, to: after(from), single: false }
}

/** In order, overlapping ranges made one. */
function sorted(ranges: readonly Range[]): Range[] {
  const merged: Range[] = []
  for (const range of [...ranges].sort((a, b) => Buffer.compare(a.from, b.from))) {
    const last = merged.at(-1)
    if (!last || Buffer.compare(range.from, last.to) >= 0) merged.push(range)
    else if (Buffer.compare(range.to, last.to) > 0) {
      merged[merged.length - 1] = { from: last.from, to: range.to, single: false }
    }
  }
  return merged
}

/** What both allow. */
export const intersect = (a: readonly Range[], b: readonly Range[]): Range[] =>
  a.flatMap((one) =>
    b.flatMap((other) => {
      const from = Buffer.compare(one.from, other.from) > 0 ? one.from : other.from
      const to = Buffer.compare(one.to, other.to) < 0 ? one.to : other.to
      return Buffer.compare(from, to) < 0 ? [{ from, to, single: one.single || other.single }] : []
    }),
  )

const inverted = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => 255 - byte))

/** The same bounds where the index has the field in descending order. */
export const descending = (ranges: readonly Range[]): Range[] =>
  ranges.toReversed().map(({ from, to, single }) => {
    const last = inverted(from)
    return { from: single ? last : after(inverted(to)), to: after(last), single }
  })
