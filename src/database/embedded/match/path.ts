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

/**
 * Shows `visit` every value that a path leads to, as MongoDB's queries walk: into each item of an
 * array on the way, and by position where a part is a number; at the end the items of an array and
 * then the array itself, or with `whole` only the array. Stops when `visit` says true; whether it did.
 */
export function somePath(document: Value, { parts }: Path, whole: boolean, visit: Visit): boolean {
  const inObject = (start: Value, from: number, outer: number | undefined): boolean => {
    let current = start
    for (let i = from; i < parts.length; i++) {
      const part = parts[i]
      const value = part && field(current, part)
      if (!value) return visit(undefined, outer)
      if (i === parts.length - 1) {
        if (value.type !== T.array || whole) return visit(value, outer)
        return someItem(value, (item, index) => visit(item, outer ?? index)) || visit(value, outer)
      }
      if (value.type === T.array) return inArray(value, i + 1, outer)
      if (value.type !== T.object) return visit(undefined, outer)
      current = value
    }
    return false
  }
  const inArray = (array: Value, from: number, outer: number | undefined): boolean => {
    const part = parts[from]?.toString() ?? ''
    return someItem(array, (item, index) => {
      if (item.type === T.object && inObject(item, from, outer ?? index)) return true
      if (part !== String(index)) return false
      if (from === parts.length - 1) return visit(item, outer ?? index)
      if (item.type === T.object) return inObject(item, from + 1, outer)
      return item.type === T.array && inArray(item, from + 1, outer)
    })
  }
  return inObject(document, 0, undefined)
}
