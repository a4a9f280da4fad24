import { CommandError } from '../errors.js'
import { T } from './value.js'

const maxDepth = 180

const broken = (why: string): CommandError => new CommandError(22, `invalid BSON: ${why}`)

/**
 * Checks that a whole document lies between `at` and `limit`, every length and terminator in it
 * right, so that everything after this may read it without looking again. Returns where it ends.
 * Throws InvalidBSON, also for the types that MongoDB has long deprecated (undefined, DBPointer,
 * code with scope), which are not held here.
 */
export function checkDocument(bytes: Buffer, at: number, limit: number, depth = 0): number {
  if (depth > maxDepth) throw broken(`nested deeper than ${maxDepth} levels`)
  if (at + 5 > limit) throw broken('a document is cut short')
  const size = bytes.readInt32LE(at)
  const end = at + size
  if (size < 5 || end > limit) throw broken(`a document claims ${size} bytes`)
  if (bytes[end - 1] !== 0) throw broken('a document is not terminated')
  const last = end - 1
  let next = at + 4
  while (next < last) {
    const type = bytes[next] ?? 0
    const start = afterName(bytes, next + 1, last)
    next = checkValue(type, bytes, start, last, depth)
    if (next > last) throw broken('a value runs past its document')
  }
  return end
}

function afterName(bytes: Buffer, at: number, limit: number): number {
  let i = at
  while (i < limit && bytes[i] !== 0) i++
  if (i >= limit) throw broken('a field name is not terminated')
  return i + 1
}

function checkValue(type: number, bytes: Buffer, at: number, limit: number, depth: number): number {
  switch (type) {
    case T.double:
    case T.date:
    case T.timestamp:
    case T.long:
      return at + 8
    case T.int:
      return at + 4
    case T.objectId:
      return at + 12
    case T.decimal:
      return at + 16
    case T.null:
    case T.minKey:
    case T.maxKey:
      return at
    case T.bool:
      if ((bytes[at] ?? 2) > 1) throw broken('a boolean is neither true nor false')
      return at + 1
    case T.object:
    case T.array:
      return checkDocument(bytes, at, limit, depth + 1)
    case T.string:
    case T.symbol:
    case T.code: {
      if (at + 5 > limit) throw broken('a string is cut short')
      const length = bytes.readInt32LE(at)
      const end = at + 4 + length
      if (length < 1 || end > limit) throw broken(`a string claims ${length} bytes`)
      if (bytes[end - 1] !== 0) throw broken('a string is not terminated')
      return end
    }
    case T.binary: {
      if (at + 5 > limit) throw broken('binary data is cut short')
      const length = bytes.readInt32LE(at)
      if (length < 0 || at + 5 + length > limit) throw broken(`binary data claims ${length} bytes`)
      return at + 5 + length
    }
    case T.regex:
      return afterName(bytes, afterName(bytes, at, limit), limit)
    default:
      throw broken(`type 0x${type.toString(16)} is not known`)
  }
}
