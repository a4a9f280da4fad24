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

/**
 * A BSON value where it lies: the bytes from `at` to `end` of a larger buffer. Documents are stored,
 * matched and sent as they were received; a value is decoded only where its content is needed.
 */
export interface Value {
  readonly type: number
  readonly bytes: Buffer
  readonly at: number
  readonly end: number
}

/** MongoDB's name for a type, as in its messages; of nothing it is `missing`. */
export const typeName = (value: Value | undefined): string =>
  value ? (all.find(([, [type]]) => type === value.type)?.[0] ?? 'unknown') : 'missing'

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

export const isNumber = ({ type }: Value): boolean => rankOf(type) === rankOf(T.int)

/** Whether two values are the same to the byte, type included. */
export const identical = (a: Value, b: Value): boolean =>
  a.type === b.type && a.bytes.compare(b.bytes, b.at, b.end, a.at, a.end) === 0

/** Where the value of a type that begins at `at` ends. The bytes have been checked on arrival. */
function endOf(type: number, bytes: Buffer, at: number): number {
  const length = lengthOf[type]
  if (length !== undefined) return at + length
  if (type === T.object || type === T.array) return at + bytes.readInt32LE(at)
  if (type === T.regex) return bytes.indexOf(0, bytes.indexOf(0, at) + 1) + 1
  return at + bytes.readInt32LE(at) + (type === T.binData ? 5 : 4)
}

/** A whole document as a value. */
export const documentAt = (bytes: Buffer, at = 0): Value => ({
  type: T.object,
  bytes,
  at,
  end: at + bytes.readInt32LE(at),
})

/** The bytes of a value, copied so that they outlive the buffer it was read from. */
export const copyBytes = ({ bytes, at, end }: Value): Buffer => Buffer.from(bytes.subarray(at, end))

/** A value that outlives the buffer it was read from. */
export const detach = (value: Value): Value => ({
  type: value.type,
  bytes: copyBytes(value),
  at: 0,
  end: value.end - value.at,
})

/** The text of a string, symbol or code value. */
export const textOf = ({ bytes, at, end }: Value): string => bytes.toString('utf8', at + 4, end - 1)

/** The signed 64 bits of a long, date or int. */
export const bigOf = ({ type, bytes, at }: Value): bigint =>
  type === T.int ? BigInt(bytes.readInt32LE(at)) : bytes.readBigInt64LE(at)

/** A number as JavaScript has it; a long beyond 2^53 loses its last digits, what is no number is NaN. */
export function numberOf(value: Value): number {
  if (value.type === T.int) return value.bytes.readInt32LE(value.at)
  if (value.type === T.double) return value.bytes.readDoubleLE(value.at)
  return value.type === T.long ? Number(bigOf(value)) : Number.NaN
}

/** A field name as the bytes that stand in documents. */
export type Name = Buffer

export const nameOf = (text: string): Name => Buffer.from(text, 'utf8')

interface Element {
  readonly name: string
  readonly value: Value
}

/** The value of a field; nothing where the document has no such field. */
export function field(document: Value, name: Name): Value | undefined {
  const { bytes } = document
  const last = document.end - 1
  const length = name.length
  let at = document.at + 4
  while (at < last) {
    const type = bytes[at] ?? 0
    let i = at + 1
    let matched = 0
    while (matched < length && bytes[i] === name[matched]) {
      i++
      matched++
    }
    const same = matched === length && bytes[i] === 0
    while (bytes[i] !== 0) i++
    const end = endOf(type, bytes, i + 1)
    if (same) return { type, bytes, at: i + 1, end }
    at = end
  }
  return undefined
}

/** The value of a field by its text, for the few fields of a command. */
export const fieldOf = (document: Value, name: string): Value | undefined =>
  field(document, nameOf(name))

/** Walks the values of a document or array until `visit` says true; whether it did. */
export function someItem(
  document: Value,
  visit: (item: Value, index: number, nameAt: number) => boolean,
): boolean {
  const { bytes } = document
  const last = document.end - 1
  let at = document.at + 4
  for (let index = 0; at < last; index++) {
    const type = bytes[at] ?? 0
    const nameAt = at + 1
    at = nameAt
    while (bytes[at] !== 0) at++
    const end = endOf(type, bytes, at + 1)
    if (visit({ type, bytes, at: at + 1, end }, index, nameAt)) return true
    at = end
  }
  return false
}

/** The fields of a document, or the items of an array under their index as name, in order. */
export function elements(document: Value): Element[] {
  const found: Element[] = []
  someItem(document, (value, _, nameAt) => {
    found.push({ name: value.bytes.toString('utf8', nameAt, value.at - 1), value })
    return false
  })
  return found
}

/** The items of an array. */
export function items(array: Value): Value[] {
  const found: Value[] = []
  someItem(array, (item) => found.push(item) === 0)
  return found
}

export const isEmpty = (document: Value): boolean => document.end - document.at === 5

/** The name of the first field, such as the name of a command or of an operator. */
export function firstName(document: Value): string | undefined {
  if (isEmpty(document)) return undefined
  const start = document.at + 5
  return document.bytes.toString('utf8', start, document.bytes.indexOf(0, start))
}

/** The text of a value that must be a string; nothing where it is not. */
export const stringOf = (value: Value | undefined): string | undefined =>
  value?.type === T.string ? textOf(value) : undefined
