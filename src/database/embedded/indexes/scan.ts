import type { Range } from '../bson/order-key.js'
import { documentAt } from '../bson/value.js'
import type { Flow } from '../flow.js'
import type { Matcher } from '../match/filter.js'
import { type Collection, Hit, rangeOf } from '../storage/records.js'
import { recordKey, recordLength } from '../storage/records.js'
import type { Store } from '../storage/store.js'
import type { Plan } from './plan.js'

/** A range of a table that leads to records. */
interface Way {
  /** The records themselves; or entries that lead to one by their value, or by the end of their key. */
  readonly through: 'records' | 'values' | 'keys'
  readonly range: Range
  readonly reverse: boolean
  /** Whether nothing but one entry can be there, which is got without a search. */
  readonly point: boolean
}

function* waysOf({ id }: Collection, plan: Plan): Generator<Way> {
  for (const { index, ranges, reverse, bounded } of plan.through) {
    const { unique, fields } = index
    const through = unique ? 'values' : 'keys'
    const whole = unique && bounded === fields.length
    for (const range of reverse ? ranges.toReversed() : ranges)
      yield { through, range, reverse, point: whole && range.single }
  }
  if (plan.through.length > 0) return
  yield { through: 'records', range: rangeOf(id), reverse: false, point: false }
}

interface Found {
  readonly key: Buffer
  /** What ends with the record's number. */
  readonly holds: Buffer
  /** The record, where it was met on the way. */
  readonly bytes?: Buffer
}

/** The first of a way, beyond the one after which it is to go on. */
function look(store: Store, way: Way, limit: number, last?: Buffer): Found[] {
  const { through, range, reverse, point } = way
  const { start, end } = range
  if (point) {
    const holds = last ? undefined : store.entries.getBinary(start)
    return holds ? [{ key: start, holds }] : []
  }
  // Backwards a range begins below its end and goes down to its start.
  const span = reverse
    ? { start: last ?? end, end: start, reverse, exclusiveStart: true, inclusiveEnd: true, limit }
    : { start: last ?? start, end, exclusiveStart: last !== undefined, limit }
  if (through === 'keys')
    return [...store.entries.getKeys(span)].map((key) => ({ key, holds: key }))
  if (through === 'values')
    return [...store.entries.getRange(span)].map(({ key, value }) => ({ key, holds: value }))
  const found = [...store.records.getRange(span)]
  return found.map(({ key, value }) => ({ key, holds: key, bytes: value }))
}

/** So many entries are read at a time at most. */
const most = 256

/** The documents on the way that a plan describes which meet a query, each once; `first` may be enough. */
export function* scan(
  store: Store,
  collection: Collection,
  plan: Plan,
  matches: Matcher,
  first: number,
  atOnce: boolean,
): Flow<Hit> {
  // Two ranges of keys that were cut may be the same, and hold a document twice.
  const repeats = plan.through.some(
    ({ index: { state } }, i) => i > 0 || state.inexact || state.multikey.includes(true),
  )
  const seen = repeats ? new Set<number>() : undefined
  for (const way of waysOf(collection, plan)) {
    let last: Buffer | undefined
    for (let [limit, more] = [Math.min(first, most), true]; more; limit = most) {
      const { commits } = store
      const found = look(store, way, limit, last)
      more = found.length === limit
      for (const { key, holds, bytes: met } of found) {
        // Others have had their turn, and what was found may have changed.
        more ||= store.commits !== commits
        if (store.commits !== commits) break
        last = key
        const record = holds.readUIntBE(holds.length - recordLength, recordLength)
        if (seen?.has(record)) continue
        seen?.add(record)
        const bytes = met ?? store.records.getBinaryFast(recordKey(collection, record))
        if (!bytes || !matches(documentAt(bytes))) continue
        // What the store lends for a moment is copied, except for those who look at it in that moment.
        const isOwn = met !== undefined || atOnce
        yield new Hit(record, isOwn ? bytes : Buffer.from(bytes.subarray(0, bytes.readInt32LE(0))))
      }
      yield undefined
    }
  }
}
