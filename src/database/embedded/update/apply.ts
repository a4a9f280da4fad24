import { identical } from '../bson/compare.js'
import { fieldOf } from '../bson/read.js'
import { show } from '../bson/show.js'
import { copyBytes, type Value } from '../bson/value.js'
import { objectValue } from '../bson/write.js'
import { elements } from '../bson/read.js'
import { CommandError } from '../errors.js'
import type { Position } from '../match/match.js'
import { type ArrayFilters, identifierOf } from './array-filters.js'
import { checkConflicts, type Step, type Update } from './parse-update.js'
import { type Branch, changeAt, closeTree, descend, openTree, valueAt } from './tree.js'

/** All that an update needs beside the document. */
export interface Applying {
  readonly update: Update
  readonly filters: ArrayFilters
  /** Runs the stages of an update that is a pipeline. */
  readonly pipeline: (document: Value) => Value
}

const largest = 16 * 1024 * 1024

/**
 * The document after an update, as bytes; nothing where it stays the same. `positions` says what `$`
 * stands for. Throws where a path cannot be followed, or where `_id` would change.
 */
export function applyUpdate(
  document: Value,
  { update, filters, pipeline }: Applying,
  positions: readonly Position[],
  inserting = false,
): Buffer | undefined {
  let next: Value
  if (update.kind === 'replace') next = replaced(document, update.document)
  else if (update.kind === 'pipeline') next = pipeline(document)
  else next = stepped(document, update.steps, filters, positions, inserting)
  if (identical(document, next)) return undefined
  checkId(document, next, update.kind)
  const bytes = copyBytes(next)
  if (bytes.length <= largest) return bytes
  throw new CommandError(17419, `Resulting document after update is larger than ${largest}`)
}

function replaced(document: Value, replacement: Value): Value {
  const id = fieldOf(replacement, '_id') ?? fieldOf(document, '_id')
  const rest = elements(replacement).flatMap(({ name, value }): [string, Value][] =>
    name === '_id' ? [] : [[name, value]],
  )
  return objectValue(id ? [['_id', id], ...rest] : rest)
}

function checkId(before: Value, after: Value, kind: Update['kind']): void {
  const id = fieldOf(before, '_id')
  const now = fieldOf(after, '_id')
  if (!id || (now && identical(id, now))) return
  throw new CommandError(
    66,
    kind === 'steps'
      ? "Performing an update on the path '_id' would modify the immutable field '_id'"
      : `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${now ? show(now) : 'nothing'}`,
  )
}

function stepped(
  document: Value,
  steps: readonly Step[],
  filters: ArrayFilters,
  positions: readonly Position[],
  inserting: boolean,
): Value {
  const root = openTree(document)
  if (!root) return document
  const wanted = steps.filter(({ onInsert }) => inserting || !onInsert)
  const placed = wanted.map((step) => ({ ...step, parts: placedAt(step.parts, positions) }))
  if (wanted.some(({ parts }) => parts.includes('$'))) checkConflicts(placed)
  const changed: string[] = []
  for (const step of placed) {
    if (step.to) renameField(root, step.parts, step.to)
    else walk(root, step, 0, [], filters, changed)
  }
  return closeTree(root)
}

/** A path with the position that the query found in place of `$`. */
function placedAt(parts: readonly string[], positions: readonly Position[]): readonly string[] {
  const at = parts.indexOf('$')
  if (at < 0) return parts
  const path = parts.slice(0, at).join('.')
  const own = positions.filter((one) => one.path === path || one.path.startsWith(`${path}.`))
  const found = own.at(-1) ?? positions.at(-1)
  if (found) return parts.with(at, String(found.index))
  throw new CommandError(2, 'The positional operator did not find the match needed from the query.')
}

function walk(
  branch: Branch,
  step: Step,
  at: number,
  trail: readonly string[],
  filters: ArrayFilters,
  changed: string[],
): void {
  const part = step.parts[at] ?? ''
  const identifier = identifierOf(part)
  if (identifier !== undefined) {
    if (!('list' in branch))
      throw new CommandError(
        2,
        `Cannot apply array updates to non-array element ${trail.join('.')}`,
      )
    const accepts = filters.get(identifier)
    for (let i = 0; i < branch.list.length; i++) {
      const item = valueAt(branch, String(i))
      if (item && accepts && !accepts(item)) continue
      const parts = step.parts.with(at, String(i))
      walk(branch, { ...step, parts }, at, trail, filters, changed)
    }
    return
  }
  const here = [...trail, part]
  const next = step.parts[at + 1]
  if (next === undefined) {
    noteChange(here, changed)
    changeAt(branch, part, step.change)
    return
  }
  const viaItems = identifierOf(next) !== undefined
  const child = descend(branch, part, next, step.create && !viaItems)
  if (child) walk(child, step, at + 1, here, filters, changed)
  else if (viaItems) {
    throw new CommandError(
      2,
      `The path '${here.join('.')}' must exist in the document in order to apply array updates.`,
    )
  }
}

/** Two filters may choose the same item, which no two changes may share. */
function noteChange(trail: readonly string[], changed: string[]): void {
  const path = `${trail.join('.')}.`
  const other = changed.find((known) => known.startsWith(path) || path.startsWith(known))
  if (other) throw new CommandError(40, `Update created a conflict at '${other.slice(0, -1)}'`)
  changed.push(path)
}

function renameField(root: Branch, from: readonly string[], to: readonly string[]): void {
  const source = parentOf(root, from, false)
  const name = from.at(-1) ?? ''
  const value = source && valueAt(source, name)
  if (!source || !value) return
  const target = parentOf(root, to, true)
  if ('list' in source || !target || 'list' in target) {
    throw new CommandError(
      2,
      `The source and destination field of $rename cannot be an array element, '${from.join('.')}'`,
    )
  }
  source.fields.delete(name)
  target.fields.delete(to.at(-1) ?? '')
  target.fields.set(to.at(-1) ?? '', value)
}

function parentOf(root: Branch, parts: readonly string[], create: boolean): Branch | undefined {
  let branch: Branch | undefined = root
  for (const [i, part] of parts.slice(0, -1).entries()) {
    if ('list' in branch)
      throw new CommandError(
        2,
        `The source or destination field of $rename cannot be an array element, '${parts.join('.')}'`,
      )
    branch = descend(branch, part, parts[i + 1] ?? '', create)
    if (!branch) return undefined
  }
  return branch
}

/** The top-level fields that an update may change; nothing where it may change all. */
export function touchedBy(update: Update): ReadonlySet<string> | undefined {
  if (update.kind !== 'steps') return undefined
  return new Set(
    update.steps.flatMap(({ parts, to }) => [parts[0] ?? '', ...(to ? [to[0] ?? ''] : [])]),
  )
}
