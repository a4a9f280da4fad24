import { documentAt, type Value } from '../bson/value.js'
import { check } from '../errors.js'
import type { Matcher } from '../match/match.js'
import { type Collection, rangeOf, recordKey, recordLength } from '../storage/collection.js'
import { holderOf } from '../storage/records.js'
import type { Store, Table } from '../storage/store.js'
import type { Range } from './bounds.js'
import type { IndexPlan, Plan } from './plan.js'

/** A document that meets a query, and where it is. */
export interface Hit {
  readonly record: number
  readonly document: Value
}

/** Walks a way in small steps, so that others may be served and may write in between. */
export interface Scan {
  /** The next hits, perhaps none, out of about `most` documents looked at. */
  next(most: number): Hit[]
  readonly done: boolean
}

interface Step {
  readonly record: number
  readonly bytes?: Buffer
}

/** One range of a table, some keys at a time; what is between two steps may change. */
function walkRange(table: Table, { from, to }: Range, reverse: boolean) {
  let [start, end] = [from, to]
  return (limit: number) => {
    // Backwards a range begins below its end and goes down to its start.
    const span = reverse
      ? { start: end, end: start, reverse, exclusiveStart: true, inclusiveEnd: true, limit }
      : { start, end, limit }
    const found = [...table.getRange(span)]
    const last = found.at(-1)?.key
    if (last && reverse) end = last
    else if (last) start = Buffer.concat([last, Buffer.from([0])])
    return found
  }
}

/** Gives steps as it is asked for them, about so many at a time; the last ones as it returns. */
type Walk = Generator<Step[], Step[], number>

function* walkRecords({ records }: Store, { id }: Collection): Walk {
  const { start: from, end: to } = rangeOf(id)
  const next = walkRange(records, { from, to, single: false }, false)
  let most = yield []
  for (;;) {
    const found = next(most)
    const steps = found.map(({ key, value }) => ({
      record: key.readUIntBE(4, recordLength),
      bytes: value,
    }))
    if (found.length < most) return steps
    most = yield steps
  }
}

function* walkIndex(store: Store, { index, ranges, reverse, bounded }: IndexPlan): Walk {
  const whole = index.unique && bounded === index.fields.length
  let steps: Step[] = []
  let most = yield steps
  for (const range of reverse ? ranges.toReversed() : ranges) {
    const next = walkRange(store.entries, range, reverse)
    for (let more = true; more;) {
      const wanted = most - steps.length
      const holder = whole && range.single ? holderOf(store, range.from) : undefined
      const found = whole && range.single ? [] : next(wanted)
      if (holder !== undefined) steps.push({ record: holder })
      for (const { key, value } of found) {
        const at = index.unique ? value : key.subarray(key.length - recordLength)
        steps.push({ record: at.readUIntBE(0, recordLength) })
      }
      more = found.length === wanted
      if (steps.length < most) continue
      most = yield steps
      steps = []
    }
  }
  return steps
}

function* inTurn(store: Store, plans: readonly IndexPlan[]): Walk {
  let most = yield []
  for (const plan of plans) {
    const walk = walkIndex(store, plan)
    walk.next(0)
    for (let last = false; !last;) {
      const step = walk.next(most)
      last = step.done === true
      most = yield step.value
    }
  }
  return []
}

/** Begins the walk that a plan describes, through the documents that meet `matches`. */
export function openScan(store: Store, collection: Collection, plan: Plan, matches: Matcher): Scan {
  const walk =
    plan.kind === 'records'
      ? walkRecords(store, collection)
      : plan.kind === 'union'
        ? inTurn(store, plan.plans)
        : walkIndex(store, plan)
  walk.next(0)
  const repeats =
    plan.kind === 'union' || (plan.kind === 'index' && plan.index.state.multikey.includes(true))
  const seen = repeats ? new Set<number>() : undefined
  let [started, done] = [false, false]
  return {
    get done() {
      return done
    },
    next(most) {
      const gone = collection.state.dropped || (plan.kind === 'index' && plan.index.state.dropped)
      check(!started || !gone, 175, `${collection.namespace} or an index of it was dropped`)
      started = true
      const step = walk.next(most)
      done = step.done === true
      const hits: Hit[] = []
      for (const { record, bytes } of step.value) {
        if (seen?.has(record)) continue
        seen?.add(record)
        const found = bytes ?? store.records.getBinaryFast(recordKey(collection, record))
        const document = found && documentAt(found)
        // What the store lends for a moment is copied.
        if (document && matches(document)) {
          hits.push({
            record,
            document: bytes ? document : documentAt(Buffer.from(found.subarray(0, document.end))),
          })
        }
      }
      return hits
    },
  }
}
