import { field, items, type Name } from '../bson/read.js'
import { T, type Value } from '../bson/value.js'
import { CommandError } from '../errors.js'
import { missing } from '../expressions/expression.js'

/** One value per field of an index or sort; nothing where the document has none. */
export type Tuple = readonly (Value | undefined)[]

/** The tuples of a document, and for each field whether an array stood on its way. */
export interface Tuples {
  readonly tuples: readonly Tuple[]
  readonly multikey: readonly boolean[] | undefined
}

/** A field of the document in hand: its value, or how far along its path the walk has come. */
type Slot = { readonly value: Value | undefined } | { readonly from: number; readonly array: Value }

/** Follows a path through embedded documents until it ends or meets an array. */
function follow(document: Value, parts: readonly Name[], from: number): Slot {
  let current = document
  for (let i = from; i < parts.length; i++) {
    const part = parts[i]
    const value = part && field(current, part)
    if (!value) return { value: undefined }
    if (value.type === T.array) return { from: i + 1, array: value }
    if (i === parts.length - 1) return { value }
    if (value.type !== T.object) return { value: undefined }
    current = value
  }
  return { value: undefined }
}

/**
 * What an index holds of a document, and what a sort compares: one tuple, or for an array one per
 * item. Fields under the same array keep their items together; an empty array counts as less than
 * null. Throws CannotIndexParallelArrays where two fields pass through different arrays.
 */
export function tuplesOf(document: Value, paths: readonly (readonly Name[])[]): Tuples {
  const slots = paths.map((parts) => follow(document, parts, 0))
  const multikey = slots.map((slot) => 'array' in slot)
  if (!multikey.includes(true)) {
    return {
      tuples: [slots.map((slot) => ('value' in slot ? slot.value : undefined))],
      multikey: undefined,
    }
  }
  const tuples: Tuple[] = []
  expand(slots, paths, multikey, tuples)
  return { tuples, multikey }
}

function expand(
  slots: readonly Slot[],
  paths: readonly (readonly Name[])[],
  multikey: boolean[],
  tuples: Tuple[],
): void {
  const array = commonArray(slots, paths)
  if (!array) {
    tuples.push(slots.map((slot) => ('value' in slot ? slot.value : undefined)))
    return
  }
  for (const [i, slot] of slots.entries()) if ('array' in slot) multikey[i] = true
  const list: readonly (Value | undefined)[] = items(array)
  for (const item of list.length === 0 ? [undefined] : list) {
    const next = slots.map((slot, i): Slot => {
      const parts = paths[i] ?? []
      if ('value' in slot) return slot
      if (slot.from === parts.length) return { value: item ?? missing }
      return item?.type === T.object ? follow(item, parts, slot.from) : { value: undefined }
    })
    expand(next, paths, multikey, tuples)
  }
}

function commonArray(
  slots: readonly Slot[],
  paths: readonly (readonly Name[])[],
): Value | undefined {
  let common: { array: Value; name: string } | undefined
  for (const [i, slot] of slots.entries()) {
    if ('value' in slot) continue
    const name = paths[i]?.[slot.from - 1]?.toString() ?? ''
    if (common && common.array.at !== slot.array.at) {
      throw new CommandError(171, `cannot index parallel arrays [${name}] [${common.name}]`)
    }
    common = { array: slot.array, name }
  }
  return common?.array
}
