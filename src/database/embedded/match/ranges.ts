import { after, keyBytes, point, type Range } from '../bson/order-key.js'
import { isNumber, rankOf, T, type Value } from '../bson/value.js'
import { doubleValue, make } from '../bson/write.js'
import type { Pattern, Test } from './filter.js'

/**
 * The values that meet a comparison, as ranges of their order keys, in order and apart from each
 * other; for a pattern all values that may. Nothing for tests that are about something else.
 */
export function rangesOf(test: Test): readonly Range[] | undefined {
  switch (test.op) {
    case 'eq':
      return [point(test.value)]
    case 'in': {
      const prefixes = test.regexes.map(prefixRange)
      if (prefixes.includes(undefined)) return undefined
      return sorted([...test.values.map(point), ...prefixes.flatMap((range) => range ?? [])])
    }
    case 'regex': {
      const range = prefixRange(test.pattern)
      const bytes = Buffer.from(`${test.pattern.source}\0${test.pattern.options}\0`)
      return range && sorted([range, point({ type: T.regex, bytes, at: 0, end: bytes.length })])
    }
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return orderRanges(test.op, test.value)
    default:
      return undefined
  }
}

const nan = keyBytes(doubleValue(Number.NaN))

/** Values order only with those of their kind, except against MinKey and MaxKey; NaN orders with nothing. */
function orderRanges(op: 'lt' | 'lte' | 'gt' | 'gte', value: Value): Range[] {
  const { from, to, single } = point(value)
  if (value.type === T.null || from.equals(nan))
    return op.endsWith('e') ? [{ from, to, single }] : []
  const rank = rankOf(value.type)
  const edge = value.type === T.minKey || value.type === T.maxKey
  // Numbers begin after NaN.
  const least = isNumber(value) ? after(nan) : Buffer.from([edge ? 0 : rank])
  const beyond = Buffer.from([edge ? 255 : rank + 1])
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
      merged.splice(-1, 1, { from: last.from, to: range.to, single: false })
    }
  }
  return merged
}
