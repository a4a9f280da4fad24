import { documentAt, T, type Value } from './value.js'

/** What can be written as BSON: a value as it lies, or JavaScript's own; integers become int or long. */
export type Writable =
  | Value
  | string
  | number
  | bigint
  | boolean
  | null
  | Date
  | readonly Writable[]
  | { readonly [name: string]: Writable | undefined }

const isValue = (content: object): content is Value => 'bytes' in content && 'end' in content

/** Builds documents in one growing buffer. */
export class BsonWriter {
  #bytes: Buffer
  #at: number

  /** `reserved` bytes stay free at the front, for a message's header. */
  constructor(size = 256, reserved = 0) {
    this.#bytes = Buffer.allocUnsafe(size + reserved)
    this.#at = reserved
  }

  /** All that has been written, reserved bytes included; the writer must not be used after this. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#at)
  }

  get length(): number {
    return this.#at
  }

  reserve(size: number): void {
    if (this.#at + size <= this.#bytes.length) return
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + size))
    this.#bytes.copy(grown, 0, 0, this.#at)
    this.#bytes = grown
  }

  byte(byte: number): void {
    this.reserve(1)
    this.#bytes[this.#at++] = byte
  }

  /** Begins a document or array; give what this returns to `end`. */
  begin(): number {
    const start = this.#at
    this.reserve(4)
    this.#at += 4
    return start
  }

  end(start: number): void {
    this.byte(0)
    this.#bytes.writeInt32LE(this.#at - start, start)
  }

  name(type: number, name: string): void {
    this.reserve(name.length * 3 + 2)
    this.#bytes[this.#at++] = type
    this.#at += this.#bytes.write(name, this.#at, 'utf8')
    this.#bytes[this.#at++] = 0
  }

  raw(bytes: Buffer, from: number, to: number): void {
    this.reserve(to - from)
    this.#at += bytes.copy(this.#bytes, this.#at, from, to)
  }

  /** A named value, copied as it lies. */
  value(name: string, value: Value): void {
    this.name(value.type, name)
    this.raw(value.bytes, value.at, value.end)
  }

  /** A named content of any kind; `undefined` is left out. */
  put(name: string, content: Writable | undefined): void {
    if (content === undefined) return
    if (typeof content === 'string') {
      this.name(T.string, name)
      this.#text(content)
    } else if (typeof content === 'number') this.#number(name, content)
    else if (typeof content === 'bigint') {
      this.name(T.long, name)
      this.#int64(content)
    } else if (typeof content === 'boolean') {
      this.name(T.bool, name)
      this.byte(content ? 1 : 0)
    } else if (content === null) this.name(T.null, name)
    else if (content instanceof Date) {
      this.name(T.date, name)
      this.#int64(BigInt(content.getTime()))
    } else if (isValue(content)) this.value(name, content)
    else {
      this.name(Array.isArray(content) ? T.array : T.object, name)
      this.fields(content)
    }
  }

  /** A document or array from an object's fields. */
  fields(content: object): void {
    const start = this.begin()
    for (const [name, inner] of Object.entries(content) as [string, Writable | undefined][]) {
      this.put(name, inner)
    }
    this.end(start)
  }

  #number(name: string, content: number): void {
    if (Number.isInteger(content) && Math.abs(content) < 2 ** 31 && !Object.is(content, -0)) {
      this.name(T.int, name)
      this.reserve(4)
      this.#at = this.#bytes.writeInt32LE(content, this.#at)
      return
    }
    this.name(T.double, name)
    this.reserve(8)
    this.#at = this.#bytes.writeDoubleLE(content, this.#at)
  }

  #int64(content: bigint): void {
    this.reserve(8)
    this.#at = this.#bytes.writeBigInt64LE(content, this.#at)
  }

  #text(content: string): void {
    const size = Buffer.byteLength(content)
    this.reserve(size + 5)
    this.#at = this.#bytes.writeInt32LE(size + 1, this.#at)
    this.#at += this.#bytes.write(content, this.#at, 'utf8')
    this.#bytes[this.#at++] = 0
  }
}

/** A document with these fields, as bytes. */
export function encode(fields: Readonly<Record<string, Writable | undefined>>): Buffer {
  const writer = new BsonWriter()
  writer.fields(fields)
  return writer.finish()
}

/** One value from JavaScript's own, such as a string or a list of values. */
export function make(content: Writable): Value {
  if (typeof content === 'object' && content !== null && isValue(content)) return content
  const bytes = encode({ '': content })
  return { type: bytes[4] ?? T.null, bytes, at: 6, end: bytes.length - 1 }
}

const fixed = (type: number, size: number, write: (bytes: Buffer) => void): Value => {
  const bytes = Buffer.allocUnsafe(size)
  write(bytes)
  return { type, bytes, at: 0, end: size }
}

export const intValue = (content: number): Value =>
  fixed(T.int, 4, (bytes) => bytes.writeInt32LE(content))

export const longValue = (content: bigint): Value =>
  fixed(T.long, 8, (bytes) => bytes.writeBigInt64LE(content))

export const doubleValue = (content: number): Value =>
  fixed(T.double, 8, (bytes) => bytes.writeDoubleLE(content))

export const boolValue = (content: boolean): Value =>
  fixed(T.bool, 1, (bytes) => bytes.writeUInt8(content ? 1 : 0))

export const dateValue = (milliseconds: bigint): Value =>
  fixed(T.date, 8, (bytes) => bytes.writeBigInt64LE(milliseconds))

export const objectIdValue = (id: Buffer): Value => ({
  type: T.objectId,
  bytes: id,
  at: 0,
  end: 12,
})

export const nullValue: Value = { type: T.null, bytes: Buffer.alloc(0), at: 0, end: 0 }

/** A document with these named values, in this order. */
export function objectValue(fields: Iterable<readonly [string, Value]>): Value {
  const writer = new BsonWriter()
  const start = writer.begin()
  for (const [name, value] of fields) writer.value(name, value)
  writer.end(start)
  return documentAt(writer.finish())
}

export function arrayValue(list: readonly Value[]): Value {
  const writer = new BsonWriter()
  const start = writer.begin()
  for (const [index, value] of list.entries()) writer.value(String(index), value)
  writer.end(start)
  const bytes = writer.finish()
  return { type: T.array, bytes, at: 0, end: bytes.length }
}
