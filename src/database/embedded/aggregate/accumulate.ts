import { add } from '../bson/arithmetic.js'
import { compareValues, keyText } from '../bson/order-key.js'
import { detach, isNumber, numberOf, T, type Value } from '../bson/value.js'
import { arrayValue, doubleValue, make, nullValue } from '../bson/write.js'
import { notHere } from '../errors.js'
import { own } from '../own.js'

/** Takes values one by one and gives what they come to. What is kept outlives the document it was in. */
export interface Accumulator {
  add(value: Value | undefined): void
  result(): Value
}

/**
 * Sums whole numbers exactly, and fractions with the error of each step carried along, so that the
 * order of the values does not show in the result.
 */
class Sum implements Accumulator {
  #double = false
  #small = 0
  #large = make(0)
  #fraction = 0
  #carried = 0
  count = 0

  add(value: Value | undefined): void {
    if (value === undefined || !isNumber(value)) return
    if (value.type === T.decimal) throw notHere(238, 'Decimal128 arithmetic')
    this.count++
    const next = numberOf(value)
    if (value.type === T.double) this.#addDouble(next)
    else if (value.type === T.int && Number.isSafeInteger(this.#small + next)) this.#small += next
    else this.#large = add(this.#large, value) ?? this.#large
  }

  #addDouble(next: number): void {
    this.#double = true
    const sum = this.#fraction + next
    const [more, less] =
      Math.abs(this.#fraction) >= Math.abs(next) ? [this.#fraction, next] : [next, this.#fraction]
    this.#carried += more - sum + less
    this.#fraction = sum
  }

  /** The whole numbers together: an int where all were and it fits. */
  #whole(): Value {
    const small = this.#small === (this.#small | 0) ? this.#small : BigInt(this.#small)
    return add(this.#large, make(small)) ?? this.#large
  }

  total(): number {
    const exact = Number.isFinite(this.#fraction) ? this.#carried : 0
    return this.#fraction + exact + numberOf(this.#whole())
  }

  result(): Value {
    return this.#double ? doubleValue(this.total()) : this.#whole()
  }
}

function averaging(): Accumulator {
  const sum = new Sum()
  return {
    add: (value) => sum.add(value),
    result: () => (sum.count === 0 ? nullValue : doubleValue(sum.total() / sum.count)),
  }
}

/** Keeps one value: the one that `replaces` says is to replace the one before. */
function keeping(replaces: (value: Value, kept: Value | undefined) => boolean): Accumulator {
  let kept: Value | undefined
  return {
    add(value = nullValue) {
      if (replaces(value, kept)) kept = detach(value)
    },
    result: () => kept ?? nullValue,
  }
}

const extreme = (sign: 1 | -1): Accumulator =>
  keeping(
    (value, kept) =>
      value.type !== T.null &&
      value.type !== T.undefined &&
      (!kept || compareValues(value, kept) * sign > 0),
  )

/** Gathers values, with `once` each only once. */
function gathering(once: boolean): Accumulator {
  const list = new Map<string | number, Value>()
  return {
    add(value) {
      if (value === undefined) return
      const key = once ? keyText(value) : list.size
      if (!list.has(key)) list.set(key, detach(value))
    },
    result: () => arrayValue([...list.values()]),
  }
}

function counting(): Accumulator {
  const sum = new Sum()
  return { add: () => sum.add(make(1)), result: () => sum.result() }
}

const accumulators: Readonly<Record<string, () => Accumulator>> = {
  $sum: () => new Sum(),
  $avg: averaging,
  $min: () => extreme(-1),
  $max: () => extreme(1),
  $first: () => keeping((_, kept) => kept === undefined),
  $last: () => keeping(() => true),
  $push: () => gathering(false),
  $addToSet: () => gathering(true),
  $count: counting,
}

/** Makes accumulators of one kind; throws for a name that is no accumulator here. */
export function accumulatorOf(name: string): () => Accumulator {
  const found = own(accumulators, name)
  if (!found) throw notHere(15952, `unknown group operator '${name}'`)
  return found
}
