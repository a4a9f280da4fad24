import { documentAt, type Value } from '../bson/value.js'
import { CommandError } from '../errors.js'
import type { Matcher } from '../match/match.js'
import { type Collection, rangeOf, recordKey, recordLength } from '../storage/collection.js'
import { holderOf } from '../storage/records.js'
import type { Store } from '../storage/store.js'
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

const afterKey = (key: Buffer): Buffer => Buffer.concat([key, Buffer.from([0])])

/** Begins the walk that a plan describes, through the documents that meet `matches`. */
export function openScan(store: Store, collection: Collection, plan: Plan, matches: Matcher): Scan {
  const walk =
    plan.kind === 'records'
      ? walkRecords(store, collection, plan.reverse)
      : plan.kind === 'union'
        ? inTurn(plan.plans.map((one) => walkIndex(store, one)))
        : walkIndex(store, plan)
  const repeats =
    plan.kind === 'union' || (plan.kind === 'index' && plan.index.state.multikey.includes(true))
  const seen = repeats ? new Set<number>() : undefined
  let started = false
  return {
    get done() {
      return walk.done
    },
    next(most) {
      if (started && isGone(collection, plan)) {
        throw new CommandError(175, `${collection.namespace} or an index of it was dropped`)
      }
      started = true
      const hits: Hit[] = []
      for (const { record, bytes } of walk.next(most)) {
        if (seen?.has(record)) continue
        seen?.add(record)
        const found = bytes ?? store.records.getBinaryFast(recordKey(collection, record))
        if (!found) continue
        const document = documentAt(found)
        if (!matches(document)) continue
        hits.push({ record, document: bytes ? document : kept(document) })
      }
      return hits
    },
  }
}

/** What the store lends for a moment, copied. */
function kept({ bytes, end }: Value): Value {
  return documentAt(Buffer.from(bytes.subarray(0, end)))
}

const isGone = (collection: Collection, plan: Plan): boolean =>
  collection.state.dropped || (plan.kind === 'index' && plan.index.state.dropped)

interface Step {
  readonly record: number
  readonly bytes?: Buffer
}

interface Walk {
  next(most: number): Step[]
  readonly done: boolean
}

function inTurn(walks: readonly Walk[]): Walk {
  let at = 0
  return {
    get done() {
      return at >= walks.length
    },
    next(most) {
      const walk = walks[at]
      const steps = walk?.next(most) ?? []
      if (!walk || walk.done) at++
      return steps
    },
  }
}

function walkRecords(store: Store, { id }: Collection, reverse: boolean): Walk {
  let { start: from, end: to } = rangeOf(id)
  let done = false
  return {
    get done() {
      return done
    },
    next(most) {
      const steps: Step[] = []
      for (const { key, value } of store.records.getRange(span(from, to, reverse, most))) {
        steps.push({ record: key.readUIntBE(4, recordLength), bytes: value })
        if (reverse) to = key
        else from = afterKey(key)
      }
      done = steps.length < most
      return steps
    },
  }
}

/** A range of the store. Backwards it begins below its end and goes down to its start. */
const span = (from: Buffer, to: Buffer, reverse: boolean, limit: number) =>
  reverse
    ? { start: to, end: from, reverse, exclusiveStart: true, inclusiveEnd: true, limit }
    : { start: from, end: to, limit }

function walkIndex(store: Store, { index, ranges, reverse, bounded }: IndexPlan): Walk {
  const whole = index.unique && bounded === index.fields.length
  const ordered = reverse ? [...ranges].reverse() : ranges
  let at = 0
  let left: Range | undefined = ordered[0]
  return {
    get done() {
      return left === undefined
    },
    next(most) {
      const steps: Step[] = []
      while (left && steps.length < most) {
        if (whole && left.single) {
          const record = holderOf(store, left.from)
          if (record !== undefined) steps.push({ record })
          left = ordered[++at]
          continue
        }
        const wanted: number = most - steps.length
        let { from, to }: Range = left
        let found = 0
        for (const { key, value } of store.entries.getRange(span(from, to, reverse, wanted))) {
          found++
          steps.push({
            record: index.unique
              ? value.readUIntBE(0, recordLength)
              : key.readUIntBE(key.length - recordLength, recordLength),
          })
          if (reverse) to = key
          else from = afterKey(key)
        }
        left = found < wanted ? ordered[++at] : { from, to, single: false }
      }
      return steps
    },
  }
}
