import { field, items, type Name } from '../bson/read.js'
import { T, type Value } from '../bson/value.js'
import { missing } from '../bson/write.js'
import { check } from '../errors.js'

/** One value per field of an index or sort; nothing where the document has none. */
export type Tuple = readonly (Value | undefined)[]

export interface Tuples {
  readonly tuples: readonly Tuple[]
  /** For each field whether an array stood on its way. */
  readonly multikey: readonly boolean[]
}

/** A field of the document in hand: its value, or the array that its path has come to. */
type Slot =
  { readonly value: Value | undefined } | { readonly array: Value; readonly rest: readonly Name[] }

/** Follows a path through embedded documents until it ends or meets an array. */
function follow(document: Value, parts: readonly Name[]): Slot {
  let current = document
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]
    const value = part && current.type === T.object ? field(current, part) : undefined
    if (!value) return { value: undefined }
    if (value.type === T.array) return { array: value, rest: parts.slice(i + 1) }
    current = value
  }
  return { value: current }
}

/**
 * What an index holds of a document, and what a sort compares: one tuple, or for an array one per
 * item. Fields under the same array keep their items together; an empty array counts as less than
 * null. Throws CannotIndexParallelArrays where two fields pass through different arrays.
 */
export function tuplesOf(document: Value, paths: readonly (readonly Name[])[]): Tuples {
  const slots = paths.map((parts) => follow(document, parts))
  const tuples: Tuple[] = []
  const multikey = paths.map(() => false)
  expand(slots, multikey, tuples)
  return { tuples, multikey }
}

function expand(slots: readonly Slot[], multikey: boolean[], tuples: Tuple[]): void {
  let array: Value | undefined
  for (const [i, slot] of slots.entries()) {
    if ('value' in slot) continue
    check(!array || array.at === slot.array.at, 171, 'cannot index parallel arrays')
    array = slot.array
    multikey[i] = true
  }
  if (!array) {
    tuples.push(slots.map((slot) => ('value' in slot ? slot.value : undefined)))
    return
  }
  const list = items(array)
  for (const item of list.length > 0 ? list : [missing]) {
    const next = slots.map((slot): Slot => {
      if ('value' in slot) return slot
      return slot.rest.length === 0 ? { value: item } : follow(item, slot.rest)
    })
    expand(next, multikey, tuples)
  }
}
