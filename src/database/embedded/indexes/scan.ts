import type { Range } from '../bson/order-key.js'
import { documentAt, type Value } from '../bson/value.js'
import type { Flow } from '../flow.js'
import type { Matcher } from '../match/filter.js'
import { type Collection, holderOf, rangeOf, recordKey, recordLength } from '../storage/records.js'
import type { Store, Table } from '../storage/store.js'
import type { IndexPlan, Plan } from './plan.js'

/** A document that meets a query, and where it is. */
export interface Hit {
  readonly record: number
  readonly document: Value
}

const [fewest, most] = [8, 256]
const zero = Buffer.from([0])

/** The entries of a range of a table, each as it is when it is asked for. */
function* walk(store: Store, table: Table, { from, to }: Range, reverse = false) {
  let [start, end] = [from, to]
  for (let [limit, more] = [fewest, true]; more; limit = Math.min(limit * 4, most)) {
    // Backwards a range begins below its end and goes down to its start.
    const span = reverse
      ? { start: end, end: start, reverse, exclusiveStart: true, inclusiveEnd: true, limit }
      : { start, end, limit }
    const { commits } = store
    const found = [...table.getRange(span)]
    more = found.length === limit
    let last: Buffer | undefined
    for (const entry of found) {
      // Others have had their turn, and what was found may have changed.
      more ||= store.commits !== commits
      if (store.commits !== commits) break
      last = entry.key
      yield entry
    }
    if (last && reverse) end = last
    else if (last) start = Buffer.concat([last, zero])
  }
}

interface Step {
  readonly record: number
  readonly bytes?: Buffer
}

function* walkIndex(store: Store, { index, ranges, reverse, bounded }: IndexPlan): Flow<Step> {
  const whole = index.unique && bounded === index.fields.length
  for (const range of reverse ? ranges.toReversed() : ranges) {
    if (whole && range.single) {
      const record = holderOf(store, range.from)
      yield record === undefined ? undefined : { record }
      continue
    }
    for (const { key, value } of walk(store, store.entries, range, reverse)) {
      const at = index.unique ? value : key.subarray(key.length - recordLength)
      yield { record: at.readUIntBE(0, recordLength) }
    }
  }
}

function* steps(store: Store, { id }: Collection, { through }: Plan): Flow<Step> {
  for (const plan of through) yield* walkIndex(store, plan)
  if (through.length > 0) return
  const { start: from, end: to } = rangeOf(id)
  for (const { key, value: bytes } of walk(store, store.records, { from, to, single: false }))
    yield { record: key.readUIntBE(4, recordLength), bytes }
}

/** The documents on the way that a plan describes which meet a query, each once. */
export function* scan(
  store: Store,
  collection: Collection,
  plan: Plan,
  matches: Matcher,
): Flow<Hit> {
  const repeats = plan.through.some(({ index }, i) => i > 0 || index.state.multikey.includes(true))
  const seen = repeats ? new Set<number>() : undefined
  for (const step of steps(store, collection, plan)) {
    if (!step || seen?.has(step.record)) {
      yield undefined
      continue
    }
    const { record, bytes } = step
    seen?.add(record)
    const lent = bytes ? undefined : store.records.getBinaryFast(recordKey(collection, record))
    const found = bytes ?? lent
    const document = found && documentAt(found)
    if (!document || !matches(document)) yield undefined
    // What the store lends for a moment is copied.
    else yield { record, document: lent ? copied(lent, document) : document }
  }
}

const copied = (lent: Buffer, { end }: Value): Value =>
  documentAt(Buffer.from(lent.subarray(0, end)))
