import { KeyWriter } from '../bson/order-key.js'
import { type Name, T, type Value } from '../bson/value.js'
import { missing } from '../bson/write.js'
import { check, notHere } from '../errors.js'
import { type Path, pathOf } from '../match/filter.js'

/** One value per field of an index or sort; nothing where the document has none. */
export type Tuple = readonly (Value | undefined)[]

interface Tuples {
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
    const value = part && current.type === T.object ? current.field(part) : undefined
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
export function tuplesOf(document: Value, paths: readonly Pick<Path, 'parts'>[]): Tuples {
  const slots = paths.map(({ parts }) => follow(document, parts))
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
  const list = array.items()
  for (const item of list.length > 0 ? list : [missing]) {
    const next = slots.map((slot): Slot => {
      if ('value' in slot) return slot
      return slot.rest.length === 0 ? { value: item } : follow(item, slot.rest)
    })
    expand(next, multikey, tuples)
  }
}

/** One field of a sort, or of an index. */
export interface OrderField extends Path {
  readonly descending: boolean
}

/** Takes a sort such as `{ due: 1, name: -1 }` apart. */
export function parseSort(sort: Value | undefined): OrderField[] {
  if (!sort) return []
  check(sort.type === T.object, 14, 'the sort must be a document')
  return sort.elements().map(({ name, value }) => {
    if (value.type === T.object || name === '$natural') throw notHere(2, `sort by '${name}'`)
    const direction = value.number()
    check(direction === 1 || direction === -1, 15975, '$sort key ordering must be 1 or -1')
    const parts = name.split('.')
    check(!parts.includes('') && !name.startsWith('$'), 15998, `'${name}' is not a valid FieldPath`)
    if (parts.some((part) => /^\d+$/.test(part)))
      throw notHere(2, `sort by a position of an array ('${name}')`)
    return { ...pathOf(name), descending: direction < 0 }
  })
}

const writer = new KeyWriter(4096)

/**
 * Makes the text by which documents are put in order. Of a field that is an array counts the least
 * item, or the greatest where the order is descending.
 */
export function sortKeys(sort: readonly OrderField[]): (document: Value) => string {
  return (document) => {
    let least: string | undefined
    for (const tuple of tuplesOf(document, sort).tuples) {
      writer.start()
      for (const [i, value] of tuple.entries()) writer.add(value, sort[i]?.descending)
      const key = writer.takeText()
      if (least === undefined || key < least) least = key
    }
    return least ?? ''
  }
}

export const byKey = (a: { readonly key: string }, b: { readonly key: string }): number =>
  a.key < b.key ? -1 : a.key > b.key ? 1 : 0
