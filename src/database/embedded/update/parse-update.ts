import { elements, firstName, items, stringOf } from '../bson/read.js'
import { show } from '../bson/show.js'
import { T, typeName, type Value } from '../bson/value.js'
import { CommandError } from '../errors.js'
import { own } from '../own.js'
import { addToSet, pop, pull, pullAll, push } from './array-changes.js'
import { arithmetic, bit, currentDate, extreme, unset } from './field-changes.js'
import type { Change } from './tree.js'

/** One change to one path, or a field that gets another name. */
export interface Step {
  readonly parts: readonly string[]
  readonly change: Change
  /** Whether fields that are missing on the way are made. */
  readonly create: boolean
  readonly onInsert: boolean
  readonly to?: readonly string[]
}

export type Update =
  | { readonly kind: 'replace'; readonly document: Value }
  | { readonly kind: 'steps'; readonly steps: readonly Step[] }
  | { readonly kind: 'pipeline'; readonly stages: readonly Value[] }

type Maker = (path: string, value: Value, now: () => Date) => Change

const creating: Readonly<Record<string, Maker>> = {
  $set: (_, value) => () => value,
  $setOnInsert: (_, value) => () => value,
  $inc: (path, value) => arithmetic('$inc', path, value),
  $mul: (path, value) => arithmetic('$mul', path, value),
  $min: (_, value) => extreme(-1, value),
  $max: (_, value) => extreme(1, value),
  $currentDate: (_, value, now) => currentDate(value, now),
  $bit: bit,
  $push: push,
  $addToSet: addToSet,
}

const lasting: Readonly<Record<string, Maker>> = {
  $unset: () => unset,
  $pop: pop,
  $pull: pull,
  $pullAll: pullAll,
}

/** Takes an update apart. Throws for operators that are unknown, paths that are wrong or that collide. */
export function parseUpdate(value: Value, now: () => Date): Update {
  if (value.type === T.array) return { kind: 'pipeline', stages: items(value) }
  if (value.type !== T.object) {
    throw new CommandError(9, `Update argument must be either an object or an array`)
  }
  if (!firstName(value)?.startsWith('$')) {
    const odd = elements(value).find(({ name }) => name.startsWith('$'))
    if (!odd) return { kind: 'replace', document: value }
    throw new CommandError(
      52,
      `The dollar ($) prefixed field '${odd.name}' in '${odd.name}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
    )
  }
  const steps = elements(value).flatMap(({ name, value: given }) => parseOperator(name, given, now))
  steps.sort((a, b) => comparePaths(a.parts, b.parts))
  checkConflicts(steps)
  return { kind: 'steps', steps }
}

function parseOperator(operator: string, given: Value, now: () => Date): Step[] {
  const maker = own(creating, operator) ?? own(lasting, operator)
  if (!maker && operator !== '$rename') {
    throw new CommandError(
      9,
      `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
    )
  }
  if (given.type !== T.object) {
    throw new CommandError(
      9,
      `Modifiers operate on fields but we found type ${typeName(given.type)} instead. For example: {$mod: {<field>: ...}} not {${operator}: ${show(given)}}`,
    )
  }
  return elements(given).map(({ name, value }): Step => {
    const parts = pathParts(name)
    if (!maker) return rename(name, parts, value)
    const change = maker(name, value, now)
    return {
      parts,
      change,
      create: own(creating, operator) !== undefined,
      onInsert: operator === '$setOnInsert',
    }
  })
}

function rename(from: string, parts: readonly string[], value: Value): Step {
  const to = stringOf(value)
  if (to === undefined)
    throw new CommandError(
      2,
      `The 'to' field for $rename must be a string: ${from}: ${show(value)}`,
    )
  const toParts = pathParts(to)
  if ([...parts, ...toParts].some((part) => part.startsWith('$'))) {
    throw new CommandError(
      2,
      `The source and target field for $rename must not be dynamic: ${from}`,
    )
  }
  if (from === to)
    throw new CommandError(
      2,
      `The source and target field for $rename must differ: ${from}: "${to}"`,
    )
  return { parts, change: unset, create: false, onInsert: false, to: toParts }
}

function pathParts(path: string): string[] {
  const parts = path.split('.')
  if (parts.includes('')) {
    throw new CommandError(
      56,
      `The update path '${path}' contains an empty field name, which is not allowed.`,
    )
  }
  for (const part of parts) {
    if (part.startsWith('$') && part !== '$' && !/^\$\[[^\]]*\]$/.test(part)) {
      throw new CommandError(
        52,
        `The dollar ($) prefixed field '${part}' in '${path}' is not allowed in the context of an update.`,
      )
    }
  }
  const positions = parts.filter((part) => part === '$').length
  if (positions > 1)
    throw new CommandError(2, `Too many positional (i.e. '$') elements found in path '${path}'`)
  if (parts[0]?.startsWith('$')) {
    throw new CommandError(
      2,
      `Cannot have positional (i.e. '$') element in the first position in path '${path}'`,
    )
  }
  return parts
}

const isIndex = (part: string): boolean => /^\d+$/.test(part)

/** Fields are made in the order of their paths, array positions by number. */
export function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (const [i, part] of a.entries()) {
    const other = b[i]
    if (other === undefined) return 1
    if (part === other) continue
    if (isIndex(part) && isIndex(other)) return Number(part) - Number(other)
    return Buffer.compare(Buffer.from(part), Buffer.from(other))
  }
  return a.length - b.length
}

/** Throws where one path is the beginning of another. */
export function checkConflicts(
  steps: readonly { parts: readonly string[]; to?: readonly string[] }[],
): void {
  const paths = steps.flatMap(({ parts, to }) => (to ? [parts, to] : [parts])).sort(comparePaths)
  for (const [i, path] of paths.entries()) {
    const next = paths[i + 1]
    if (next && path.every((part, at) => part === next[at])) {
      throw new CommandError(
        40,
        `Updating the path '${next.join('.')}' would create a conflict at '${path.join('.')}'`,
      )
    }
  }
}
