import { elements, fieldOf } from '../bson/read.js'
import { show } from '../bson/show.js'
import { copyBytes, identical, type Value } from '../bson/value.js'
import { objectValue } from '../bson/write.js'
import { check } from '../errors.js'
import type { Position } from '../match/filter.js'
import { type ArrayFilters, identifierOf } from './array-filters.js'
import { checkConflicts, type Step, type Update } from './parse-update.js'
import { type Branch, changeAt, close, descend, openDocument, removed, valueAt } from './tree.js'

const largest = 16 * 1024 * 1024

/**
 * The document after an update, as bytes; nothing where it stays the same. `positions` says what `$`
 * stands for. Throws where a path cannot be followed, or where `_id` would change.
 */
export function applyUpdate(
  document: Value,
  update: Update,
  filters: ArrayFilters,
  positions: readonly Position[],
  inserting = false,
): Buffer | undefined {
  const next =
    update.kind === 'replace'
      ? withId(fieldOf(update.document, '_id') ?? fieldOf(document, '_id'), update.document)
      : stepped(document, update.steps, filters, positions, inserting)
  if (identical(document, next)) return undefined
  const [before, after] = [fieldOf(document, '_id'), fieldOf(next, '_id')]
  const kept = !before || (after !== undefined && identical(before, after))
  check(kept, 66, `update would modify the immutable field '_id' to ${after ? show(after) : ''}`)
  const bytes = copyBytes(next)
  check(bytes.length <= largest, 17419, `Resulting document after update is larger than ${largest}`)
  return bytes
}

/** A document with this `_id` in front, whatever it had. */
export function withId(id: Value | undefined, document: Value): Value {
  const rest = elements(document).filter(({ name }) => name !== '_id')
  const fields = rest.map(({ name, value }): [string, Value] => [name, value])
  return objectValue(id ? [['_id', id], ...fields] : fields)
}

function stepped(
  document: Value,
  steps: readonly Step[],
  filters: ArrayFilters,
  positions: readonly Position[],
  inserting: boolean,
): Value {
  const root = openDocument(document)
  const wanted = steps.filter(({ onInsert }) => inserting || !onInsert)
  const placed = wanted.map((step) => ({ ...step, parts: placedAt(step.parts, positions) }))
  if (wanted.some(({ parts }) => parts.includes('$'))) checkConflicts(placed)
  const changed: string[] = []
  for (const step of placed) {
    if (step.to) renameField(root, step.parts, step.to)
    else walk(root, step, 0, filters, changed)
  }
  return close(root)
}

/** A path with the position that the query found in place of `$`. */
function placedAt(parts: readonly string[], positions: readonly Position[]): readonly string[] {
  const at = parts.indexOf('$')
  if (at < 0) return parts
  const path = `${parts.slice(0, at).join('.')}.`
  // Where several arrays met the query, the one that is changed has the say.
  const found = positions.findLast((one) => `${one.path}.`.startsWith(path)) ?? positions.at(-1)
  check(found !== undefined, 2, 'The positional operator found no match in the query.')
  return parts.with(at, String(found.index))
}

function walk(
  branch: Branch,
  step: Step,
  at: number,
  filters: ArrayFilters,
  changed: string[],
): void {
  const part = step.parts[at] ?? ''
  const identifier = identifierOf(part)
  const here = step.parts.slice(0, at + 1).join('.')
  if (identifier !== undefined) {
    check(Array.isArray(branch), 2, `Cannot apply array updates to non-array element ${here}`)
    for (const [i] of branch.entries()) {
      const item = valueAt(branch, String(i))
      const accepts = filters.get(identifier)
      if (accepts && item && !accepts(item)) continue
      walk(branch, { ...step, parts: step.parts.with(at, String(i)) }, at, filters, changed)
    }
    return
  }
  const next = step.parts[at + 1]
  if (next === undefined) {
    noteChange(`${here}.`, changed)
    changeAt(branch, part, step.change)
    return
  }
  const viaItems = identifierOf(next) !== undefined
  const child = descend(branch, part, next, step.create && !viaItems)
  check(child !== undefined || !viaItems, 2, `The path '${here}' must exist for array updates`)
  if (child) walk(child, step, at + 1, filters, changed)
}

/** Two filters may choose the same item, which no two changes may share. */
function noteChange(path: string, changed: string[]): void {
  const other = changed.find((known) => known.startsWith(path) || path.startsWith(known))
  check(other === undefined, 40, `Update created a conflict at '${path.slice(0, -1)}'`)
  changed.push(path)
}

function renameField(root: Branch, from: readonly string[], to: readonly string[]): void {
  const source = parentOf(root, from, false)
  const value = source && valueAt(source, from.at(-1) ?? '')
  if (!value) return
  changeAt(source, from.at(-1) ?? '', () => removed)
  const target = parentOf(root, to, true)
  if (!target) return
  changeAt(target, to.at(-1) ?? '', () => removed)
  changeAt(target, to.at(-1) ?? '', () => value)
}

function parentOf(root: Branch, parts: readonly string[], create: boolean): Branch | undefined {
  let branch: Branch | undefined = root
  for (const [i, part] of parts.slice(0, -1).entries()) {
    branch = branch && descend(branch, part, parts[i + 1] ?? '', create)
    check(!Array.isArray(branch), 2, `$rename cannot be of an array element, '${parts.join('.')}'`)
  }
  return branch
}

/** The top-level fields that an update may change; nothing where it may change all. */
export function touchedBy(update: Update): ReadonlySet<string> | undefined {
  if (update.kind === 'replace') return undefined
  return new Set(update.steps.flatMap(({ parts, to = [] }) => [parts[0] ?? '', ...to.slice(0, 1)]))
}
