import type { Value } from '../bson/value.js'
import type { Path } from './path.js'

/** What is asked of one value. */
export type Test =
  | { readonly op: 'eq' | 'lt' | 'lte' | 'gt' | 'gte'; readonly value: Value }
  | { readonly op: 'in'; readonly values: readonly Value[]; readonly regexes: readonly Pattern[] }
  | { readonly op: 'regex'; readonly pattern: Pattern }
  | { readonly op: 'exists' }
  | { readonly op: 'type'; readonly types: ReadonlySet<number> }
  | { readonly op: 'mod'; readonly divisor: bigint; readonly remainder: bigint }
  | { readonly op: 'size'; readonly size: number }
  | { readonly op: 'elemMatch'; readonly items: 'objects' | 'values'; readonly filter: Filter }

/** A regular expression, as it was given and as it is run. */
export interface Pattern {
  readonly source: string
  readonly options: string
  readonly regex: RegExp
  /** The text that every match begins with, where the pattern says so. */
  readonly prefix: string | undefined
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
  | { readonly kind: 'expr'; readonly holds: (document: Value) => boolean }

export const everything: Filter = { kind: 'and', parts: [] }

/** The parts that must all hold, nested ands taken together. */
export const conjuncts = (filter: Filter): readonly Filter[] =>
  filter.kind === 'and' ? filter.parts.flatMap(conjuncts) : [filter]

/** All questions about paths in a query, wherever they stand. */
export function leavesOf(filter: Filter): readonly Leaf[] {
  if (filter.kind === 'leaf') return [filter]
  if (filter.kind === 'not') return leavesOf(filter.part)
  return filter.kind === 'expr' ? [] : filter.parts.flatMap(leavesOf)
}
