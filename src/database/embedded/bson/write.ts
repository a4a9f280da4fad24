import { T, Value } from './value.js'

/** Bytes written one after another into a buffer that grows as they come. */
export class Bytes {
  protected bytes: Buffer
  protected at: number

  /** `reserved` bytes stay free at the front. */
  constructor(size: number, reserved = 0) {
    this.bytes = Buffer.allocUnsafe(size + reserved)
    this.at = reserved
  }

  protected reserve(size: number): void {
    if (this.at + size <= this.bytes.length) return
    const grown = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.at + size))
    this.bytes.copy(grown, 0, 0, this.at)
    this.bytes = grown
  }

  protected byte(byte: number): void {
    this.reserve(1)
    this.bytes[this.at++] = byte
  }

  protected copy(bytes: Buffer, from = 0, to = bytes.length): void {
    this.reserve(to - from)
    this.at += bytes.copy(this.bytes, this.at, from, to)
  }
}

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

/** The fields of a document in JavaScript's own; `undefined` is left out. */
export type Fields = Readonly<Record<string, Writable | undefined>>

/** Builds documents, in front of which `reserved` bytes stay free for a message's header. */
export class BsonWriter extends Bytes {
  /** All that has been written, reserved bytes included; the writer must not be used after this. */
  finish(): Buffer {
    return this.bytes.subarray(0, this.at)
  }

  #name(type: number, name: string): void {
    this.reserve(name.length * 3 + 2)
    this.bytes[this.at++] = type
    this.at += this.bytes.write(name, this.at, 'utf8')
    this.bytes[this.at++] = 0
  }

  /** A named value, copied as it lies. */
  value(name: string, { type, bytes, at, end }: Value): void {
    this.#name(type, name)
    this.copy(bytes, at, end)
  }

  /** A document of which `write` writes the fields; named where it is inside another. */
  document(write: () => void, name?: string, type: number = T.object): void {
    if (name !== undefined) this.#name(type, name)
    const start = this.at
    this.reserve(4)
    this.at += 4
    write()
    this.byte(0)
    this.bytes.writeInt32LE(this.at - start, start)
  }

  /** A named content of any kind. */
  put(name: string, content: Writable | undefined): void {
    if (content === undefined) return
    if (content === null) this.#name(T.null, name)
    else if (typeof content === 'number') this.#number(name, content)
    else if (typeof content === 'bigint') this.#int64(T.long, name, content)
    else if (content instanceof Date) this.#int64(T.date, name, BigInt(content.getTime()))
    else if (typeof content === 'boolean') {
      this.#name(T.bool, name)
      this.byte(content ? 1 : 0)
    } else if (typeof content === 'string') {
      this.#name(T.string, name)
      const size = Buffer.byteLength(content)
      this.reserve(size + 5)
      this.at = this.bytes.writeInt32LE(size + 1, this.at)
      this.at += this.bytes.write(`${content}\0`, this.at, 'utf8')
    } else if (content instanceof Value) this.value(name, content)
    else
      this.document(() => this.fields(content), name, Array.isArray(content) ? T.array : T.object)
  }

  /** The fields of an object, or the items of a list. */
  fields(content: object): void {
    if (Array.isArray(content)) {
      const list = content as readonly Writable[]
      for (let i = 0; i < list.length; i++) this.put(String(i), list[i])
    } else {
      const fields = content as Fields
      for (const name of Object.keys(fields)) this.put(name, fields[name])
    }
  }

  #number(name: string, content: number): void {
    const isInt = content === (content | 0) && !Object.is(content, -0)
    this.#name(isInt ? T.int : T.double, name)
    this.reserve(8)
    this.at = isInt
      ? this.bytes.writeInt32LE(content, this.at)
      : this.bytes.writeDoubleLE(content, this.at)
  }

  #int64(type: number, name: string, content: bigint): void {
    this.#name(type, name)
    this.reserve(8)
    this.at = this.bytes.writeBigInt64LE(content, this.at)
  }
}

function written(write: (writer: BsonWriter) => void, type: number = T.object): Value {
  const writer = new BsonWriter(256)
  writer.document(() => write(writer))
  return new Value(type, writer.finish())
}

/** A document with these fields. */
export const encode = (fields: Fields): Value => written((writer) => writer.fields(fields))

/** One value from JavaScript's own, such as a string or a list of values. */
export function make(content: Writable): Value {
  const { bytes, end } = encode({ '': content })
  return new Value(bytes[4] ?? T.null, bytes, 6, end - 1)
}

export const doubleValue = (content: number): Value => {
  const bytes = Buffer.allocUnsafe(8)
  bytes.writeDoubleLE(content)
  return new Value(T.double, bytes)
}

/** A whole number as a long, or as an int where that is wanted and it fits. */
export const wholeValue = (content: bigint, small: boolean): Value =>
  make(small && content === BigInt.asIntN(32, content) ? Number(content) : content)

export const nullValue = new Value(T.null, Buffer.alloc(0))

/** Missing, where a place in an order is needed: below null. */
export const missing = new Value(T.undefined, Buffer.alloc(0))

/** A document with these named values, in this order. */
export const objectValue = (fields: Iterable<readonly [string, Value]>): Value =>
  written((writer) => {
    for (const [name, value] of fields) writer.value(name, value)
  })

export const arrayValue = (list: readonly Value[]): Value =>
  written((writer) => {
    for (const [index, value] of list.entries()) writer.value(String(index), value)
  }, T.array)
