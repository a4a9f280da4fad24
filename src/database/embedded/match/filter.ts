import type { Range } from '../bson/order-key.js'
import { type Name, nameOf, T, type Value } from '../bson/value.js'

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
function somePath(document: Value, { parts }: Path, whole: boolean, visit: Visit): boolean {
  const inObject = (start: Value, from: number, outer: number | undefined): boolean => {
    let current = start
    for (let i = from; i < parts.length; i++) {
      const part = parts[i]
      const value = part && current.field(part)
      if (!value) return visit(undefined, outer)
      if (i === parts.length - 1) {
        if (value.type !== T.array || whole) return visit(value, outer)
        return value.some((item, index) => visit(item, outer ?? index)) || visit(value, outer)
      }
      if (value.type === T.array) return inArray(value, i + 1, outer)
      if (value.type !== T.object) return visit(undefined, outer)
      current = value
    }
    return false
  }
  const inArray = (array: Value, from: number, outer: number | undefined): boolean => {
    const part = parts[from]?.toString() ?? ''
    return array.some((item, index) => {
      if (item.type === T.object && inObject(item, from, outer ?? index)) return true
      if (part !== String(index)) return false
      if (from === parts.length - 1) return visit(item, outer ?? index)
      if (item.type === T.object) return inObject(item, from + 1, outer)
      return item.type === T.array && inArray(item, from + 1, outer)
    })
  }
  return inObject(document, 0, undefined)
}

export type Order = 'lt' | 'lte' | 'gt' | 'gte'

/** What is asked of one value. */
export interface Test {
  readonly op: 'eq' | 'in' | Order | 'exists' | 'elemMatch'
  /** Whether a value (nothing: missing) meets it; of `$elemMatch` the index of the item that does. */
  readonly meets: (value: Value | undefined) => boolean | number
  /** What a comparison compares with. */
  readonly values?: readonly Value[]
  /** The order keys of the values that meet a comparison, in order and apart from each other. */
  readonly ranges?: readonly Range[]
  /** What `$elemMatch` asks of the fields of an item. */
  readonly filter?: Filter
}

/** A question about a path, or without one about the value itself, inside `$elemMatch` and `$pull`. */
export interface Leaf {
  readonly kind: 'leaf'
  readonly path: Path | undefined
  readonly test: Test
}

/** A query taken apart: what the matcher runs and the planner reads. */
export type Filter =
  | Leaf
  | { readonly kind: 'and' | 'or' | 'nor'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }

export const everything: Filter = { kind: 'and', parts: [] }

/** The parts that must all hold, nested ands taken together. */
export function conjuncts(filter: Filter): readonly Filter[] {
  if (filter.kind !== 'and') return [filter]
  const nested = filter.parts.some(({ kind }) => kind === 'and')
  return nested ? filter.parts.flatMap(conjuncts) : filter.parts
}

/** All questions about paths in a query, wherever they stand. */
export function leavesOf(filter: Filter): readonly Leaf[] {
  if (filter.kind === 'leaf') return [filter]
  return filter.kind === 'not' ? leavesOf(filter.part) : filter.parts.flatMap(leavesOf)
}

/** Which item of which array met the query: what `$` in an update stands for. */
export interface Position {
  readonly path: string
  readonly index: number
}

/** Whether a document meets a query; where given, `positions` collects what `$` may stand for. */
export type Matcher = (document: Value, positions?: Position[]) => boolean

/** Makes a query ready to run over many documents; its tests were made ready as it was parsed. */
export function compileFilter(filter: Filter): Matcher {
  if (filter.kind === 'leaf') return compileLeaf(filter)
  if (filter.kind === 'not') {
    const part = compileFilter(filter.part)
    return (document) => !part(document)
  }
  const parts = filter.parts.map(compileFilter)
  const [only] = parts
  if (filter.kind === 'or') {
    return (document, positions) => parts.some((part) => part(document, positions))
  }
  if (filter.kind === 'nor') return (document) => !parts.some((part) => part(document))
  if (only && parts.length === 1) return only
  return (document, positions) => {
    const before = positions?.length ?? 0
    const all = parts.every((part) => part(document, positions))
    // What a failed alternative of an `$or` found must not be taken for a position.
    if (!all && positions) positions.length = before
    return all
  }
}

function compileLeaf({ path, test: { op, meets } }: Leaf): Matcher {
  if (!path) return (value) => meets(value) !== false
  return (document, positions) =>
    somePath(document, path, op === 'elemMatch', (value, outer) => {
      const found = meets(value)
      if (found === false) return false
      const index = outer ?? (found === true ? undefined : found)
      if (positions && index !== undefined) positions.push({ path: path.text, index })
      return true
    })
}
