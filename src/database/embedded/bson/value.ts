/**
 * Of every BSON type its byte, its place in MongoDB's order of all values (numbers share one place,
 * so do strings and symbols), and how many bytes its values take where that is always the same.
 */
const types = {
  minKey: [0xff, 1, 0],
  undefined: [0x06, 2, 0],
  null: [0x0a, 3, 0],
  int: [0x10, 4, 4],
  double: [0x01, 4, 8],
  long: [0x12, 4, 8],
  decimal: [0x13, 4, 16],
  string: [0x02, 5],
  symbol: [0x0e, 5],
  object: [0x03, 6],
  array: [0x04, 7],
  binData: [0x05, 8],
  objectId: [0x07, 9, 12],
  bool: [0x08, 10, 1],
  date: [0x09, 11, 8],
  timestamp: [0x11, 12, 8],
  regex: [0x0b, 13],
  javascript: [0x0d, 14],
  maxKey: [0x7f, 15, 0],
} as const

type TypeName = keyof typeof types

const all = Object.entries(types) as [TypeName, readonly [number, number, number?]][]

/** The type byte of every type, by MongoDB's name for it. */
export const T = Object.fromEntries(all.map(([name, [type]]) => [name, type])) as Readonly<
  Record<TypeName, number>
>

const byType = <Content>(
  content: (rank: number, length: number | undefined) => Content,
): readonly (Content | undefined)[] =>
  Array.from({ length: 256 }, (_, byte) => {
    const found = all.find(([, [type]]) => type === byte)
    return found && content(found[1][1], found[1][2])
  })

const ranks = byType((rank) => rank * 8)

/** The place of a type in MongoDB's order: values of the same rank compare by content. */
export const rankOf = (type: number): number => ranks[type] ?? 0

/** How many bytes the values of a type take; the other types say it themselves. */
export const lengthOf = byType((_, length) => length)

/** Where the value of a type that begins at `at` ends. The bytes have been checked on arrival. */
function endOf(type: number, bytes: Buffer, at: number): number {
  const length = lengthOf[type]
  if (length !== undefined) return at + length
  if (type === T.object || type === T.array) return at + bytes.readInt32LE(at)
  if (type === T.regex) return bytes.indexOf(0, bytes.indexOf(0, at) + 1) + 1
  return at + bytes.readInt32LE(at) + (type === T.binData ? 5 : 4)
}

/** A field name as the bytes that stand in documents. */
export type Name = Buffer

export const nameOf = (text: string): Name => Buffer.from(text, 'utf8')

interface Element {
  readonly name: string
  readonly value: Value
}

/**
 * A BSON value where it lies: the bytes from `at` to `end` of a larger buffer. Documents are stored,
 * matched and sent as they were received; a value is decoded only where its content is needed.
 */
export class Value {
  readonly type: number
  readonly bytes: Buffer
  readonly at: number
  readonly end: number

  constructor(type: number, bytes: Buffer, at = 0, end = bytes.length) {
    this.type = type
    this.bytes = bytes
    this.at = at
    this.end = end
  }

  /** MongoDB's name for its type, as in messages. */
  get typeName(): string {
    return all.find(([, [type]]) => type === this.type)?.[0] ?? 'unknown'
  }

  isNumber(): boolean {
    return rankOf(this.type) === rankOf(T.int)
  }

  /** Whether two values are the same to the byte, type included. */
  identical({ type, bytes, at, end }: Value): boolean {
    return this.type === type && this.bytes.compare(bytes, at, end, this.at, this.end) === 0
  }

  /** Its bytes, copied so that they outlive the buffer it was read from. */
  copy(): Buffer {
    return Buffer.from(this.bytes.subarray(this.at, this.end))
  }

  /** The same value, outliving the buffer it was read from. */
  detach(): Value {
    return new Value(this.type, this.copy())
  }

  /** The text of a string; nothing of any other value. */
  text(): string | undefined {
    return this.type === T.string
      ? this.bytes.toString('utf8', this.at + 4, this.end - 1)
      : undefined
  }

  /** The signed 64 bits of a long, date or int. */
  big(): bigint {
    return this.type === T.int
      ? BigInt(this.bytes.readInt32LE(this.at))
      : this.bytes.readBigInt64LE(this.at)
  }

  /** A number as JavaScript has it; a long beyond 2^53 loses its last digits, what is no number is NaN. */
  number(): number {
    if (this.type === T.int) return this.bytes.readInt32LE(this.at)
    if (this.type === T.double) return this.bytes.readDoubleLE(this.at)
    return this.type === T.long ? Number(this.big()) : Number.NaN
  }

  /** The value of a field of a document; nothing where it has no such field. */
  field(name: Name | string): Value | undefined {
    const { bytes } = this
    const wanted = typeof name === 'string' ? nameOf(name) : name
    const last = this.end - 1
    const length = wanted.length
    let at = this.at + 4
    while (at < last) {
      const type = bytes[at] ?? 0
      let i = at + 1
      let matched = 0
      while (matched < length && bytes[i] === wanted[matched]) {
        i++
        matched++
      }
      const same = matched === length && bytes[i] === 0
      while (bytes[i] !== 0) i++
      const end = endOf(type, bytes, i + 1)
      if (same) return new Value(type, bytes, i + 1, end)
      at = end
    }
    return undefined
  }

  /** Walks the values of a document or array until `visit` says true; whether it did. */
  some(visit: (item: Value, index: number, nameAt: number) => boolean): boolean {
    const { bytes } = this
    const last = this.end - 1
    let at = this.at + 4
    for (let index = 0; at < last; index++) {
      const type = bytes[at] ?? 0
      const nameAt = at + 1
      at = nameAt
      while (bytes[at] !== 0) at++
      const end = endOf(type, bytes, at + 1)
      if (visit(new Value(type, bytes, at + 1, end), index, nameAt)) return true
      at = end
    }
    return false
  }

  /** The fields of a document, or the items of an array under their index as name, in order. */
  elements(): Element[] {
    const found: Element[] = []
    this.some((value, _, nameAt) => {
      found.push({ name: value.bytes.toString('utf8', nameAt, value.at - 1), value })
      return false
    })
    return found
  }

  /** The items of an array. */
  items(): Value[] {
    const found: Value[] = []
    this.some((item) => found.push(item) === 0)
    return found
  }

  isEmpty(): boolean {
    return this.end - this.at === 5
  }

  /** The name of the first field, such as the name of a command or of an operator. */
  firstName(): string | undefined {
    if (this.isEmpty()) return undefined
    const start = this.at + 5
    return this.bytes.toString('utf8', start, this.bytes.indexOf(0, start))
  }
}

/** A whole document as a value. */
export const documentAt = (bytes: Buffer, at = 0): Value =>
  new Value(T.object, bytes, at, at + bytes.readInt32LE(at))

/** The type of a value in a message. */
export const typeName = (value: Value | undefined): string => value?.typeName ?? 'missing'
