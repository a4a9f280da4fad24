import { rankOf } from './compare.js'
import { numberOrder, restBytes } from './number-order.js'
import { elements, someItem } from './read.js'
import { T, type Value } from './value.js'

/**
 * Writes values so that the order of their bytes is MongoDB's order of the values: index keys, sort
 * keys and keys of groups. No key is the beginning of another, so keys may follow one another, and
 * a field of descending order has its bytes inverted.
 */
export class KeyWriter {
  #bytes = Buffer.allocUnsafe(4096)
  #view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length)
  #at = 0

  start(): this {
    this.#at = 0
    return this
  }

  /** What has been written since `start`, copied. */
  take(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#at))
  }

  /** The same as text of one character per byte, which a `Map` can hold. */
  takeText(): string {
    return this.#bytes.toString('latin1', 0, this.#at)
  }

  /** Adds a value; a missing one counts as null. */
  add(value: Value | undefined, descending = false): this {
    const from = this.#at
    this.#value(value)
    if (descending) {
      for (let i = from; i < this.#at; i++) this.#bytes[i] = 255 - (this.#bytes[i] ?? 0)
    }
    return this
  }

  /** Adds a number of four bytes, such as the id of an index. */
  addUint32(number: number): this {
    this.#reserve(4)
    this.#view.setUint32(this.#at, number)
    this.#at += 4
    return this
  }

  /** Adds bytes as they are. */
  addBytes(bytes: Buffer): this {
    this.#copy(bytes, 0, bytes.length)
    return this
  }

  #reserve(size: number): void {
    if (this.#at + size <= this.#bytes.length) return
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + size))
    this.#bytes.copy(grown, 0, 0, this.#at)
    this.#bytes = grown
    this.#view = new DataView(grown.buffer, grown.byteOffset, grown.length)
  }

  #byte(byte: number): void {
    this.#reserve(1)
    this.#bytes[this.#at++] = byte
  }

  #copy(bytes: Buffer, from: number, to: number): void {
    this.#reserve(to - from)
    this.#at += bytes.copy(this.#bytes, this.#at, from, to)
  }

  #value(value: Value | undefined): void {
    const type = value?.type ?? T.null
    this.#byte(rankOf(type))
    if (value) this.#content(value)
  }

  #content(value: Value): void {
    const { bytes, at, end } = value
    switch (value.type) {
      case T.int:
      case T.double:
      case T.long:
      case T.decimal: {
        this.#number(value)
        return
      }
      case T.string:
      case T.symbol:
      case T.code: {
        this.#text(bytes, at + 4, end - 1)
        return
      }
      case T.object:
        for (const { name, value: inner } of elements(value)) {
          this.#byte(rankOf(inner.type))
          this.#reserve(name.length * 3 + 1)
          this.#at += this.#bytes.write(name, this.#at, 'utf8')
          this.#byte(0)
          this.#content(inner)
        }
        {
          this.#byte(0)
          return
        }
      case T.array:
        someItem(value, (item) => {
          this.#value(item)
          return false
        })
        {
          this.#byte(0)
          return
        }
      case T.binary:
        this.#reserve(4)
        this.#view.setUint32(this.#at, end - at - 5)
        this.#at += 4
        {
          this.#copy(bytes, at + 4, end)
          return
        }
      case T.date:
        this.#reserve(8)
        this.#view.setBigUint64(this.#at, bytes.readBigUInt64LE(at) ^ (1n << 63n))
        this.#at += 8
        return
      case T.timestamp:
        this.#reserve(8)
        this.#view.setBigUint64(this.#at, bytes.readBigUInt64LE(at))
        this.#at += 8
        return
      default: {
        // Object ids and booleans have fixed lengths; a regex ends by its own second zero.
        this.#copy(bytes, at, end)
        return
      }
    }
  }

  #text(bytes: Buffer, from: number, to: number): void {
    this.#reserve((to - from) * 2 + 1)
    const target = this.#bytes
    let at = this.#at
    for (let i = from; i < to; i++) {
      const byte = bytes[i] ?? 0
      // 0 ends the text, so 0 and 1 inside it are written as 1 1 and 1 2.
      if (byte < 2) {
        target[at++] = 1
        target[at++] = byte + 1
      } else target[at++] = byte
    }
    target[at++] = 0
    this.#at = at
  }

  #number(value: Value): void {
    const { floor, rest } = numberOrder(value)
    this.#reserve(9)
    const at = this.#at
    if (Number.isNaN(floor)) this.#bytes.fill(0, at, at + 8)
    else {
      this.#view.setFloat64(at, floor === 0 ? 0 : floor)
      const top = this.#bytes[at] ?? 0
      if (top < 128) this.#bytes[at] = top + 128
      else for (let i = at; i < at + 8; i++) this.#bytes[i] = 255 - (this.#bytes[i] ?? 0)
    }
    this.#at += 8
    this.#byte(rest ? 1 : 0)
    if (rest) {
      const bytes = restBytes(rest)
      this.#copy(bytes, 0, bytes.length)
    }
  }
}

const writer = new KeyWriter()

/** The order key of one value as text, for sets and maps of values. */
export const keyText = (value: Value | undefined): string => writer.start().add(value).takeText()

/** The order key of one value. */
export const keyBytes = (value: Value | undefined): Buffer => writer.start().add(value).take()
