import { field, type Name, nameOf, someItem } from '../bson/read.js'
import { T, type Value } from '../bson/value.js'

/** A dotted path, taken apart once. */
export interface Path {
  readonly text: string
  readonly parts: readonly Name[]
}

export const pathOf = (text: string): Path => ({ text, parts: text.split('.').map(nameOf) })

/** Sees a value that a path leads to (nothing: missing) and, where an array was walked, the index in the outermost. */
type Visit = (value: Value | undefined, index: number | undefined) => boolean

const isIndex = (part: Name, index: number): boolean =>
  part.length > 0 && part.length < 8 && part.toString('latin1') === String(index)

/**
 * Shows `visit` every value that a path leads to, as MongoDB's queries walk: into each item of an
 * array on the way, and by position where a part is a number; at the end the items of an array and
 * then the array itself, or with `whole` only the array. Stops when `visit` says true; whether it did.
 */
export function somePath(document: Value, path: Path, whole: boolean, visit: Visit): boolean {
  return fromObject(document, path.parts, 0, undefined, whole, visit)
}

function fromObject(
  start: Value,
  parts: readonly Name[],
  from: number,
  outer: number | undefined,
  whole: boolean,
  visit: Visit,
): boolean {
  let current = start
  for (let i = from; i < parts.length; i++) {
    const part = parts[i]
    const value = part && field(current, part)
    if (!value) return visit(undefined, outer)
    if (i === parts.length - 1) {
      if (value.type !== T.array || whole) return visit(value, outer)
      return someItem(value, (item, index) => visit(item, outer ?? index)) || visit(value, outer)
    }
    if (value.type === T.array) return fromArray(value, parts, i + 1, outer, whole, visit)
    if (value.type !== T.object) return visit(undefined, outer)
    current = value
  }
  return false
}

function fromArray(
  array: Value,
  parts: readonly Name[],
  from: number,
  outer: number | undefined,
  whole: boolean,
  visit: Visit,
): boolean {
  const part = parts[from]
  if (!part) return false
  return someItem(array, (item, index) => {
    if (item.type === T.object && fromObject(item, parts, from, outer ?? index, whole, visit)) {
      return true
    }
    if (!isIndex(part, index)) return false
    if (from === parts.length - 1) return visit(item, outer ?? index)
    if (item.type === T.object) return fromObject(item, parts, from + 1, outer, whole, visit)
    return item.type === T.array && fromArray(item, parts, from + 1, outer, whole, visit)
  })
}
