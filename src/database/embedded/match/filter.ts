import type { Range } from '../bson/order-key.js'
import type { Value } from '../bson/value.js'
import { type Path, somePath } from './path.js'

/** What is asked of one value. */
export interface Test {
  readonly op: 'eq' | 'in' | 'lt' | 'lte' | 'gt' | 'gte' | 'exists' | 'type' | 'size' | 'elemMatch'
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
export const conjuncts = (filter: Filter): readonly Filter[] =>
  filter.kind === 'and' ? filter.parts.flatMap(conjuncts) : [filter]

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

/** Makes a query ready to run over many documents. */
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
  const whole = op === 'size' || op === 'elemMatch'
  return (document, positions) =>
    somePath(document, path, whole, (value, outer) => {
      const found = meets(value)
      if (found === false) return false
      const index = outer ?? (found === true ? undefined : found)
      if (positions && index !== undefined) positions.push({ path: path.text, index })
      return true
    })
}
