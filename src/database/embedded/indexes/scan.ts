import type { Range } from '../bson/order-key.js'
import { documentAt } from '../bson/value.js'
import type { Flow } from '../flow.js'
import type { Matcher } from '../match/filter.js'
import { type Collection, Hit, rangeOf } from '../storage/records.js'
import { recordKey, recordLength } from '../storage/records.js'
import type { Store, Table } from '../storage/store.js'
import type { Plan } from './plan.js'

/** A range of a table that leads to records. */
interface Way {
  readonly table: Table
  readonly range: Range
  readonly reverse: boolean
  /** Whether a record's number is the value, as in a unique index; else the key ends with it. */
  readonly unique: boolean
  /** Whether nothing but one entry can be there, which is got without a search. */
  readonly point: boolean
}

function* waysOf(store: Store, { id }: Collection, { through }: Plan): Generator<Way> {
  for (const { index, ranges, reverse, bounded } of through) {
    const { unique, fields } = index
    const whole = unique && bounded === fields.length
    for (const range of reverse ? ranges.toReversed() : ranges)
      yield { table: store.entries, range, reverse, unique, point: whole && range.single }
  }
  if (through.length > 0) return
  const range = rangeOf(id)
  yield { table: store.records, range, reverse: false, unique: false, point: false }
}

interface Found {
  readonly key: Buffer
  readonly value: Buffer
}

/** The first entries of a way, beyond the one after which it is to go on. */
function look({ table, range: { start, end }, reverse, point }: Way, limit: number, last?: Buffer) {
  if (point) {
    const value = last ? undefined : table.getBinary(start)
    return value ? [{ key: start, value }] : []
  }
  // Backwards a range begins below its end and goes down to its start.
  const span = reverse
    ? { start: last ?? end, end: start, reverse, exclusiveStart: true, inclusiveEnd: true, limit }
    : { start: last ?? start, end, exclusiveStart: last !== undefined, limit }
  return [...table.getRange(span)] as Found[]
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
): Flow<Hit> {
  // Two ranges of keys that were cut may be the same, and hold a document twice.
  const repeats = plan.through.some(
    ({ index: { state } }, i) => i > 0 || state.inexact || state.multikey.includes(true),
  )
  const seen = repeats ? new Set<number>() : undefined
  for (const way of waysOf(store, collection, plan)) {
    let last: Buffer | undefined
    for (let [limit, more] = [Math.min(first, most), true]; more; limit = most) {
      const { commits } = store
      const found = look(way, limit, last)
      more = found.length === limit
      for (const { key, value } of found) {
        // Others have had their turn, and what was found may have changed.
        more ||= store.commits !== commits
        if (store.commits !== commits) break
        last = key
        const holds = way.unique ? value : key
        const record = holds.readUIntBE(holds.length - recordLength, recordLength)
        if (seen?.has(record)) continue
        seen?.add(record)
        const own = way.table === store.records
        const bytes = own ? value : store.records.getBinaryFast(recordKey(collection, record))
        if (!bytes || !matches(documentAt(bytes))) continue
        // What the store lends for a moment is copied.
        yield new Hit(record, own ? bytes : Buffer.from(bytes.subarray(0, bytes.readInt32LE(0))))
      }
      yield undefined
    }
  }
}
