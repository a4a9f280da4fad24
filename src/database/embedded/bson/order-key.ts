import { exactBytes, numberOrder } from './numbers.js'
import { rankOf, T, type Value } from './value.js'
import { Bytes } from './write.js'

/**
 * Writes values so that the order of their bytes is MongoDB's order of the values: index keys, sort
 * keys and keys of groups. No key is the beginning of another, so keys may follow one another, and
 * a field of descending order has its bytes inverted.
 */
export class KeyWriter extends Bytes {
  start(): this {
    this.at = 0
    return this
  }

  /** What has been written since `start`, copied. */
  take(): Buffer {
    return Buffer.from(this.bytes.subarray(0, this.at))
  }

  /** The same as text of one character per byte, which a `Map` can hold. */
  takeText(): string {
    return this.bytes.toString('latin1', 0, this.at)
  }

  /** Compares what has been written since `start` with other such bytes. */
  compare(other: Buffer): number {
    return this.bytes.compare(other, 0, other.length, 0, this.at)
  }

  /** Adds a value; a missing one counts as null. */
  add(value: Value | undefined, descending = false): this {
    const from = this.at
    this.#value(value)
    if (descending) this.#invert(from)
    return this
  }

  /** Adds a number of four bytes, such as the id of an index. */
  addUint32(number: number): this {
    this.reserve(4)
    this.at = this.bytes.writeUInt32BE(number, this.at)
    return this
  }

  #invert(from: number): void {
    for (let i = from; i < this.at; i++) this.bytes[i] = 255 - (this.bytes[i] ?? 0)
  }

  #value(value: Value | undefined): void {
    this.byte(rankOf(value?.type ?? T.null))
    if (value) this.#content(value)
  }

  #content(value: Value): void {
    const { bytes, at, end } = value
    if (value.isNumber()) {
      this.#number(value)
      return
    }
    switch (value.type) {
      case T.string:
      case T.symbol:
      case T.javascript:
        this.#text(bytes, at + 4, end - 1)
        break
      case T.object:
        for (const { name, value: inner } of value.elements()) {
          this.byte(rankOf(inner.type))
          this.copy(Buffer.from(`${name}\0`))
          this.#content(inner)
        }
        this.byte(0)
        break
      case T.array:
        value.some((item) => {
          this.#value(item)
          return false
        })
        this.byte(0)
        break
      case T.binData:
        this.addUint32(end - at - 5).copy(bytes, at + 4, end)
        break
      case T.date:
      case T.timestamp:
        this.addUint32((bytes.readUInt32LE(at + 4) ^ (value.type === T.date ? 2 ** 31 : 0)) >>> 0)
        this.addUint32(bytes.readUInt32LE(at))
        break
      default:
        // Object ids and booleans have fixed lengths; a regex ends by its own second zero.
        this.copy(bytes, at, end)
    }
  }

  #text(bytes: Buffer, from: number, to: number): void {
    this.reserve((to - from) * 2 + 1)
    for (let i = from; i < to; i++) {
      const byte = bytes[i] ?? 0
      // 0 ends the text, so 0 and 1 inside it are written as 1 1 and 1 2.
      if (byte < 2) this.bytes[this.at++] = 1
      this.bytes[this.at++] = byte < 2 ? byte + 1 : byte
    }
    this.bytes[this.at++] = 0
  }

  #number(value: Value): void {
    const { floor, exact } = numberOrder(value)
    this.reserve(8)
    const from = this.at
    this.at = this.bytes.writeDoubleBE(floor === 0 ? 0 : floor, from)
    if (Number.isNaN(floor)) this.bytes.fill(0, from, this.at)
    else if (floor < 0) this.#invert(from)
    else this.bytes[from] = (this.bytes[from] ?? 0) | 0x80
    this.byte(exact ? 1 : 0)
    if (exact) this.copy(exactBytes(exact))
  }
}

const writer = new KeyWriter(4096)

/** The order key of one value as text, for sets and maps of values. */
export const keyText = (value: Value | undefined): string => writer.start().add(value).takeText()

/** The order key of one value. */
export const keyBytes = (value: Value | undefined): Buffer => writer.start().add(value).take()

/** The order of a value and an order key: below 0, 0 or above 0. */
export const compareToKey = (value: Value, key: Buffer): number =>
  writer.start().add(value).compare(key)

/** MongoDB's order of two values: below 0, 0 or above 0. */
export const compareValues = (a: Value, b: Value): number => compareToKey(a, keyBytes(b))

/** Bytes from `start` up to, not including, `end`. */
export interface Range {
  readonly start: Buffer
  readonly end: Buffer
  /** Whether it holds a single value, so that what follows it in an index is in order. */
  readonly single: boolean
}

/** Whether the order key of a value lies in a range. */
export function within(value: Value | undefined, { start, end }: Range): boolean {
  const rank = rankOf(value?.type ?? T.null)
  // Most values that are outside are so by their kind alone.
  if (rank < (start[0] ?? 0) || rank > (end[0] ?? 255)) return false
  writer.start().add(value)
  return writer.compare(start) >= 0 && writer.compare(end) < 0
}

/** The first bytes that follow everything that begins with these. */
export function after(bytes: Buffer): Buffer {
  let length = bytes.length
  while (length > 0 && bytes[length - 1] === 255) length--
  const next = Buffer.from(bytes.subarray(0, length))
  if (length > 0) next[length - 1] = (next[length - 1] ?? 0) + 1
  return next
}

/** The range of one value alone. */
export function point(value: Value | undefined): Range {
  const start = keyBytes(value)
  return { start, end: after(start), single: true }
}
