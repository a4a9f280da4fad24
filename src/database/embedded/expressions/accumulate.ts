import { add } from '../bson/arithmetic.js'
import { compareValues } from '../bson/compare.js'
import { keyText } from '../bson/order-key.js'
import { elements } from '../bson/read.js'
import { detach, isNumber, numberOf, T, type Value } from '../bson/value.js'
import {
  arrayValue,
  doubleValue,
  intValue,
  longValue,
  nullValue,
  objectValue,
} from '../bson/write.js'
import { CommandError, notHere } from '../errors.js'
import { own } from '../own.js'
import { isNullish, missing, typed } from './expression.js'

/** Takes values one by one and gives what they come to. What is kept outlives the document it was in. */
export interface Accumulator {
  add(value: Value | undefined): void
  result(): Value
}

/**
 * Sums whole numbers exactly, and fractions with the error of each step carried along, so that the
 * order of the values does not show in the result.
 */
function summing(): Accumulator & { total(): number } {
  let type: number = T.int
  let wholes = 0
  let large: Value = intValue(0)
  let fraction = 0
  let carried = 0
  const addDouble = (next: number): void => {
    const sum = fraction + next
    carried += Math.abs(fraction) >= Math.abs(next) ? fraction - sum + next : next - sum + fraction
    fraction = sum
  }
  const addLarge = (value: Value): void => {
    large = add(large, value, 'double') ?? large
  }
  const whole = (): Value => add(large, longValue(BigInt(wholes)), 'double') ?? large
  const total = (): number =>
    (Number.isFinite(fraction) ? fraction + carried : fraction) + numberOf(whole())
  return {
    add(value) {
      if (value === undefined || !isNumber(value.type)) return
      if (value.type === T.decimal) throw notHere(238, 'Decimal128 arithmetic')
      const next = numberOf(value)
      if (value.type === T.double) {
        type = T.double
        addDouble(next)
      } else {
        if (value.type === T.long && type === T.int) type = T.long
        if (Number.isSafeInteger(next) && Number.isSafeInteger(wholes + next)) wholes += next
        else addLarge(value)
      }
    },
    total,
    result() {
      if (type === T.double) return doubleValue(total())
      const exact = whole()
      const small = numberOf(exact)
      return type === T.int && small === (small | 0) ? intValue(small) : exact
    },
  }
}

function averaging(): Accumulator {
  const sum = summing()
  let count = 0
  return {
    add(value) {
      if (value === undefined || !isNumber(value.type)) return
      sum.add(value)
      count++
    },
    result: () => (count === 0 ? nullValue : doubleValue(sum.total() / count)),
  }
}

/** Keeps one value: the one that `replaces` says is to replace the one before. */
function keeping(replaces: (value: Value, kept: Value | undefined) => boolean): Accumulator {
  let kept: Value | undefined
  return {
    add(value) {
      const given = value ?? nullValue
      if (replaces(given, kept)) kept = detach(given)
    },
    result: () => kept ?? nullValue,
  }
}

const extreme = (sign: 1 | -1): Accumulator =>
  keeping((value, kept) => !isNullish(value) && (!kept || compareValues(value, kept) * sign > 0))

/** Gathers values, each only once where `once` says so. */
function gathering(once: boolean): Accumulator {
  const list: Value[] = []
  const seen = new Set<string>()
  return {
    add(value) {
      if (value === undefined) return
      if (once) {
        const key = keyText(value)
        if (seen.has(key)) return
        seen.add(key)
      }
      list.push(detach(value))
    },
    result: () => arrayValue(list),
  }
}

function counting(): Accumulator {
  let count = 0
  return {
    add() {
      count++
    },
    result: () => intValue(count),
  }
}

function merging(): Accumulator {
  const merged = new Map<string, Value>()
  return {
    add(value) {
      if (value === undefined || isNullish(value)) return
      if (value.type !== T.object) {
        throw new CommandError(
          40400,
          `$mergeObjects requires object inputs, but input is of type ${typed(value)}`,
        )
      }
      for (const { name, value: inner } of elements(value)) merged.set(name, detach(inner))
    },
    result: () => objectValue(merged),
  }
}

const accumulators: Readonly<Record<string, () => Accumulator>> = {
  $sum: summing,
  $avg: averaging,
  $min: () => extreme(-1),
  $max: () => extreme(1),
  $first: () => keeping((_, kept) => kept === undefined),
  $last: () => keeping(() => true),
  $push: () => gathering(false),
  $addToSet: () => gathering(true),
  $count: counting,
  $mergeObjects: merging,
}

/** Makes accumulators of one kind; throws for a name that is no accumulator here. */
export function accumulatorOf(name: string): () => Accumulator {
  const found = own(accumulators, name)
  if (!found) throw notHere(15952, `unknown group operator '${name}'`)
  return found
}

/** One accumulator over a list, as `$sum` and its like work in expressions. */
export function accumulate(name: string, values: Iterable<Value | undefined>): Value {
  const accumulator = accumulatorOf(name)()
  for (const value of values) accumulator.add(value ?? missing)
  return accumulator.result()
}
