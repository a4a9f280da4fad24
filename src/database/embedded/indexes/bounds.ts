import { isNumber, T, type Value } from '../bson/value.js'
import { rankOf } from '../bson/compare.js'
import { keyBytes } from '../bson/order-key.js'
import { doubleValue, make } from '../bson/write.js'
import type { Test } from '../match/filter.js'

/** Bytes from `from` up to, not including, `to`. */
export interface Range {
  readonly from: Buffer
  readonly to: Buffer
  /** Whether it holds a single value, so that what follows it in the index is in order. */
  readonly single: boolean
}

/** What a query allows of one field of an index. */
export interface FieldBounds {
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

const point = (value: Value | undefined): Range => {
  const from = keyBytes(value)
  return { from, to: after(from), single: true }
}

const kindStart = (type: number): Buffer => Buffer.from([rankOf(type)])
const kindEnd = (type: number): Buffer => Buffer.from([rankOf(type) + 1])

/** Numbers begin after NaN, which orders with no other. */
const lowest = (type: number): Buffer =>
  isNumber(type) ? after(keyBytes(doubleValue(Number.NaN))) : kindStart(type)

/** Values that the index holds otherwise than a query compares them: arrays stand there by item. */
const unbounded = (value: Value): boolean =>
  value.type === T.array || value.type === T.minKey || value.type === T.maxKey

/** The bounds of a test in an index; nothing where the index cannot help with it. */
export function boundsOf(test: Test): FieldBounds | undefined {
  switch (test.op) {
    case 'eq':
      return unbounded(test.value) ? undefined : { ranges: [point(test.value)], exact: true }
    case 'in': {
      if (test.values.some(unbounded)) return undefined
      const ranges = test.values.map(point)
      for (const pattern of test.regexes) {
        if (pattern.prefix === undefined) return undefined
        ranges.push(prefixRange(pattern.prefix))
      }
      return { ranges: sorted(ranges), exact: test.regexes.length === 0 }
    }
    case 'regex': {
      const { prefix, source, options } = test.pattern
      if (prefix === undefined) return undefined
      return {
        ranges: sorted([prefixRange(prefix), point(regexValue(source, options))]),
        exact: false,
      }
    }
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return unbounded(test.value) ? undefined : orderBounds(test.op, test.value)
    default:
      return undefined
  }
}

function orderBounds(op: 'lt' | 'lte' | 'gt' | 'gte', value: Value): FieldBounds {
  const isNaNPoint = isNumber(value.type) && point(value).to.equals(lowest(T.double))
  if (value.type === T.null || isNaNPoint) {
    const orEqual = op === 'lte' || op === 'gte'
    return { ranges: orEqual ? [point(value)] : [], exact: true }
  }
  const { from, to } = point(value)
  const range = {
    lt: { from: lowest(value.type), to: from },
    lte: { from: lowest(value.type), to },
    gt: { from: to, to: kindEnd(value.type) },
    gte: { from, to: kindEnd(value.type) },
  }[op]
  return { ranges: [{ ...range, single: false }], exact: true }
}

function prefixRange(prefix: string): Range {
  const whole = keyBytes(make(prefix))
  // Without the zero that ends the text, so that longer texts are meant too.
  const from = whole.subarray(0, whole.length - 1)
  return { from, to: after(from), single: false }
}

function regexValue(source: string, options: string): Value {
  const bytes = Buffer.from(`${source}\0${options}\0`)
  return { type: T.regex, bytes, at: 0, end: bytes.length }
}

/** In order, overlapping ranges made one. */
export function sorted(ranges: readonly Range[]): Range[] {
  const ordered = [...ranges].sort((a, b) => Buffer.compare(a.from, b.from))
  const merged: Range[] = []
  for (const range of ordered) {
    const last = merged.at(-1)
    if (!last || Buffer.compare(range.from, last.to) >= 0) merged.push(range)
    else if (Buffer.compare(range.to, last.to) > 0) {
      merged[merged.length - 1] = { from: last.from, to: range.to, single: false }
    }
  }
  return merged
}

/** What both allow. */
export function intersect(a: readonly Range[], b: readonly Range[]): Range[] {
  return a.flatMap((one) =>
    b.flatMap((other) => {
      const from = Buffer.compare(one.from, other.from) > 0 ? one.from : other.from
      const to = Buffer.compare(one.to, other.to) < 0 ? one.to : other.to
      return Buffer.compare(from, to) < 0 ? [{ from, to, single: one.single || other.single }] : []
    }),
  )
}

const inverted = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => 255 - byte))

/** The same bounds where the index has the field in descending order. */
export const descending = (ranges: readonly Range[]): Range[] =>
  ranges
    .map(({ from, to, single }) => {
      const last = inverted(from)
      return { from: single ? last : after(inverted(to)), to: after(last), single }
    })
    .reverse()
