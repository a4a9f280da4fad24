import type { Range } from '../bson/order-key.js'
import { copyBytes, documentAt, type Value } from '../bson/value.js'
import type { Flow } from '../flow.js'
import type { Matcher } from '../match/filter.js'
import { type Collection, rangeOf, recordKey, recordLength } from '../storage/records.js'
import type { Store, Table } from '../storage/store.js'
import type { Plan } from './plan.js'

/** A document that meets a query, and where it is. */
export interface Hit {
  readonly record: number
  readonly document: Value
}

/** A range of a table that leads to records. */
interface Way {
  readonly table: Table
  readonly range: Range
  readonly reverse: boolean
  /** Whether nothing but one entry can be there, which is got without a search. */
  readonly point: boolean
  recordOf(key: Buffer, value: Buffer): number
}

const atEnd = (bytes: Buffer): number => bytes.readUIntBE(bytes.length - recordLength, recordLength)

function* waysOf({ records, entries }: Store, { id }: Collection, { through }: Plan) {
  for (const { index, ranges, reverse, bounded } of through) {
    const whole = index.unique && bounded === index.fields.length
    const recordOf = (key: Buffer, value: Buffer): number => atEnd(index.unique ? value : key)
    for (const range of reverse ? ranges.toReversed() : ranges)
      yield { table: entries, range, reverse, point: whole && range.single, recordOf }
  }
  if (through.length > 0) return
  const { start: from, end: to } = rangeOf(id)
  const range = { from, to, single: false }
  yield { table: records, range, reverse: false, point: false, recordOf: atEnd }
}

interface Found {
  readonly key: Buffer
  readonly value: Buffer
}

/** The first entries of a way, beyond the one after which it is to go on. */
function look({ table, range: { from, to }, reverse, point }: Way, limit: number, last?: Buffer) {
  if (point) {
    const value = last ? undefined : table.getBinary(from)
    return value ? [{ key: from, value }] : []
  }
  // Backwards a range begins below its end and goes down to its start.
  const span = reverse
    ? { start: last ?? to, end: from, reverse, exclusiveStart: true, inclusiveEnd: true, limit }
    : { start: last ?? from, end: to, exclusiveStart: last !== undefined, limit }
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
  const repeats = plan.through.some(({ index }, i) => i > 0 || index.state.multikey.includes(true))
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
        const record = way.recordOf(key, value)
        if (seen?.has(record)) continue
        seen?.add(record)
        const own = way.table === store.records
        const bytes = own ? value : store.records.getBinaryFast(recordKey(collection, record))
        const document = bytes && documentAt(bytes)
        if (!document || !matches(document)) continue
        // What the store lends for a moment is copied.
        yield { record, document: own ? document : documentAt(copyBytes(document)) }
      }
      yield undefined
    }
  }
}
