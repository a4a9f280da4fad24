/** The type byte of every BSON value. */
export const T = {
  double: 0x01,
  string: 0x02,
  object: 0x03,
  array: 0x04,
  binary: 0x05,
  undefined: 0x06,
  objectId: 0x07,
  bool: 0x08,
  date: 0x09,
  null: 0x0a,
  regex: 0x0b,
  code: 0x0d,
  symbol: 0x0e,
  int: 0x10,
  timestamp: 0x11,
  long: 0x12,
  decimal: 0x13,
  minKey: 0xff,
  maxKey: 0x7f,
} as const

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

const typeNames: Readonly<Record<number, string>> = {
  [T.double]: 'double',
  [T.string]: 'string',
  [T.object]: 'object',
  [T.array]: 'array',
  [T.binary]: 'binData',
  [T.undefined]: 'undefined',
  [T.objectId]: 'objectId',
  [T.bool]: 'bool',
  [T.date]: 'date',
  [T.null]: 'null',
  [T.regex]: 'regex',
  [T.code]: 'javascript',
  [T.symbol]: 'symbol',
  [T.int]: 'int',
  [T.timestamp]: 'timestamp',
  [T.long]: 'long',
  [T.decimal]: 'decimal',
  [T.minKey]: 'minKey',
  [T.maxKey]: 'maxKey',
}

/** MongoDB's name for a type, as in `$type` and in its messages. */
export const typeName = (type: number): string => typeNames[type] ?? `type ${type}`

/** The type byte for a name or number of `$type`; nothing where there is no such type. */
export function typeCode(name: string | number): number | undefined {
  if (typeof name === 'string') {
    const found = Object.entries(typeNames).find(([, known]) => known === name)
    return found && Number(found[0])
  }
  const byte = name === -1 ? T.minKey : name
  return byte in typeNames ? byte : undefined
}

export const isNumber = (type: number): boolean =>
  type === T.int || type === T.double || type === T.long || type === T.decimal

const fixedLengths: readonly (number | undefined)[] = Array.from({ length: 256 }, (_, type) => {
  switch (type) {
    case T.double:
    case T.date:
    case T.timestamp:
    case T.long:
      return 8
    case T.int:
      return 4
    case T.objectId:
      return 12
    case T.bool:
      return 1
    case T.decimal:
      return 16
    case T.null:
    case T.undefined:
    case T.minKey:
    case T.maxKey:
      return 0
    default:
      return undefined
  }
})

const afterZero = (bytes: Buffer, at: number): number => {
  let i = at
  while (bytes[i] !== 0) i++
  return i + 1
}

/** Where the value of a type that begins at `at` ends. The bytes have been checked on arrival. */
export function endOf(type: number, bytes: Buffer, at: number): number {
  const fixed = fixedLengths[type]
  if (fixed !== undefined) return at + fixed
  switch (type) {
    case T.object:
    case T.array:
      return at + bytes.readInt32LE(at)
    case T.binary:
      return at + 5 + bytes.readInt32LE(at)
    case T.regex:
      return afterZero(bytes, afterZero(bytes, at))
    default:
      return at + 4 + bytes.readInt32LE(at)
  }
}

/** A whole document as a value. */
export const documentAt = (bytes: Buffer, at = 0): Value => ({
  type: T.object,
  bytes,
  at,
  end: at + bytes.readInt32LE(at),
})

/** The bytes of a value, copied so that they outlive the buffer it was read from. */
export const copyBytes = (value: Value): Buffer =>
  Buffer.from(value.bytes.subarray(value.at, value.end))

/** A value that outlives the buffer it was read from. */
export const detach = (value: Value): Value => {
  const bytes = copyBytes(value)
  return { type: value.type, bytes, at: 0, end: bytes.length }
}

/** The text of a string, symbol or code value. */
export const textOf = (value: Value): string =>
  value.bytes.toString('utf8', value.at + 4, value.end - 1)

/** A number as JavaScript has it; a long beyond 2^53 loses its last digits, a decimal is NaN here. */
export function numberOf(value: Value): number {
  switch (value.type) {
    case T.int:
      return value.bytes.readInt32LE(value.at)
    case T.double:
      return value.bytes.readDoubleLE(value.at)
    case T.long:
      return Number(value.bytes.readBigInt64LE(value.at))
    default:
      return Number.NaN
  }
}

/** The signed 64 bits of a long, date or int. */
export const bigOf = (value: Value): bigint =>
  value.type === T.int
    ? BigInt(value.bytes.readInt32LE(value.at))
    : value.bytes.readBigInt64LE(value.at)

/** Pattern and options of a regex value. */
export function regexOf(value: Value): { pattern: string; options: string } {
  const middle = afterZero(value.bytes, value.at)
  return {
    pattern: value.bytes.toString('utf8', value.at, middle - 1),
    options: value.bytes.toString('utf8', middle, value.end - 1),
  }
}
