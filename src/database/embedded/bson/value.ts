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

/** What MongoDB calls some types otherwise than we do. */
const otherNames: Readonly<Record<string, string>> = { binary: 'binData', code: 'javascript' }

const typeNames = new Map<number, string>(
  Object.entries(T).map(([name, type]) => [type, otherNames[name] ?? name]),
)

/** MongoDB's name for a type, as in `$type` and in its messages; of nothing it is `missing`. */
export const typeName = (value: Value | undefined): string =>
  value ? (typeNames.get(value.type) ?? 'unknown') : 'missing'

/** The type byte for a name or number of `$type`; nothing where there is no such type. */
export function typeCode(name: string | number): number | undefined {
  const type = name === -1 ? T.minKey : name
  return [...typeNames].find(([code, known]) => code === type || known === type)?.[0]
}

export const isNumber = ({ type }: Value): boolean =>
  type === T.int || type === T.double || type === T.long || type === T.decimal

/** How many bytes the values of a type take; the other types say it themselves. */
const lengths = new Map<number, number>([
  [T.double, 8],
  [T.date, 8],
  [T.timestamp, 8],
  [T.long, 8],
  [T.int, 4],
  [T.objectId, 12],
  [T.bool, 1],
  [T.decimal, 16],
  [T.null, 0],
  [T.undefined, 0],
  [T.minKey, 0],
  [T.maxKey, 0],
])
export const lengthOf: readonly (number | undefined)[] = Array.from({ length: 256 }, (_, type) =>
  lengths.get(type),
)

/** Where the value of a type that begins at `at` ends. The bytes have been checked on arrival. */
export function endOf(type: number, bytes: Buffer, at: number): number {
  const length = lengthOf[type]
  if (length !== undefined) return at + length
  if (type === T.object || type === T.array) return at + bytes.readInt32LE(at)
  if (type === T.regex) return bytes.indexOf(0, bytes.indexOf(0, at) + 1) + 1
  return at + bytes.readInt32LE(at) + (type === T.binary ? 5 : 4)
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

/** Pattern and options of a regex value. */
export function regexOf({ bytes, at, end }: Value): { pattern: string; options: string } {
  const [pattern = '', options = ''] = bytes.toString('utf8', at, end).split('\0')
  return { pattern, options }
}
