import { CommandError } from '../errors.js'
import { lengthOf, T } from './value.js'

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
  const size = sizeAt(bytes, at, limit)
  const end = at + size
  if (size < 5 || end > limit) throw broken(`a document claims ${size} bytes`)
  if (bytes[end - 1] !== 0) throw broken('a document is not terminated')
  const last = end - 1
  for (let next = at + 4; next < last;) {
    const start = afterText(bytes, next + 1, last)
    next = checkValue(bytes[next] ?? 0, bytes, start, last, depth)
    if (next > last) throw broken('a value runs past its document')
  }
  return end
}

function sizeAt(bytes: Buffer, at: number, limit: number): number {
  if (at + 5 > limit) throw broken('a length is cut short')
  return bytes.readInt32LE(at)
}

function afterText(bytes: Buffer, at: number, limit: number): number {
  let i = at
  while (i < limit && bytes[i] !== 0) i++
  if (i >= limit) throw broken('a text is not terminated')
  return i + 1
}

function checkValue(type: number, bytes: Buffer, at: number, limit: number, depth: number): number {
  if (type === T.bool && (bytes[at] ?? 2) > 1) throw broken('a boolean is neither true nor false')
  const length = lengthOf[type]
  if (length !== undefined && type !== T.undefined) return at + length
  switch (type) {
    case T.object:
    case T.array:
      return checkDocument(bytes, at, limit, depth + 1)
    case T.string:
    case T.symbol:
    case T.code: {
      const size = sizeAt(bytes, at, limit)
      const end = at + 4 + size
      if (size < 1 || end > limit || bytes[end - 1] !== 0) throw broken('a string is broken')
      return end
    }
    case T.binary: {
      const size = sizeAt(bytes, at, limit)
      if (size < 0 || at + 5 + size > limit) throw broken(`binary data claims ${size} bytes`)
      return at + 5 + size
    }
    case T.regex:
      return afterText(bytes, afterText(bytes, at, limit), limit)
    default:
      throw broken(`type 0x${type.toString(16)} is not known`)
  }
}
