import { T, type Value } from '../bson/value.js'
import { arrayValue, nullValue, objectValue } from '../bson/write.js'
import { check } from '../errors.js'

/** In place of a value: the field is to go. */
export const removed = Symbol('removed')

/** What a field shall be; nothing leaves it as it is. */
type Outcome = Value | typeof removed | undefined

/** From the value of a field, or nothing, to what it shall be. */
export type Change = (current: Value | undefined) => Outcome

/** The name in `$[name]`; empty for `$[]`, nothing for any other part. */
export const identifierOf = (part: string | undefined): string | undefined =>
  part === undefined ? undefined : /^\$\[(.*)\]$/.exec(part)?.[1]

/** Which items `$[name]` stands for. */
export type ArrayFilters = ReadonlyMap<string, (item: Value) => boolean>

/** A change at a path. */
export interface Edit {
  readonly parts: readonly string[]
  readonly change: Change
  /** Whether fields that are missing on the way are made. */
  readonly create: boolean
  readonly filters?: ArrayFilters
  /** Hears of every place that is changed. */
  readonly note?: (parts: readonly string[]) => void
}

/** The document with a change made. Throws where the path cannot be followed. */
export const edited = (document: Value, edit: Edit): Value => inside(document, edit, []) ?? document

/** A document or array after the change; nothing where it stays the same. */
function inside(value: Value, edit: Edit, path: readonly string[]): Value | undefined {
  const part = edit.parts[path.length] ?? ''
  if (value.type === T.array) return insideArray(value, edit, path, part)
  const fields = value.elements().map(({ name, value: inner }): [string, Value] => [name, inner])
  const at = fields.findIndex(([name]) => name === part)
  const next = after(fields[at]?.[1], edit, [...path, part])
  if (next === undefined) return undefined
  if (next === removed) fields.splice(at, at < 0 ? 0 : 1)
  else fields.splice(at < 0 ? fields.length : at, 1, [part, next])
  return objectValue(fields)
}

function insideArray(array: Value, edit: Edit, path: readonly string[], part: string) {
  const list = array.items()
  const identifier = identifierOf(part)
  const whole = /^(0|[1-9]\d{0,6})$/.test(part)
  const accepts = edit.filters?.get(identifier ?? '')
  const chosen =
    identifier === undefined
      ? [Number(part)]
      : [...list.keys()].filter((i) => accepts?.(list[i] ?? nullValue) !== false)
  if (identifier === undefined && !whole) {
    check(!edit.create, 28, `Cannot create field '${part}' in the array '${path.join('.')}'`)
    return undefined
  }
  let changed = false
  for (const i of chosen) {
    const next = after(list[i], edit, [...path, String(i)])
    if (next === undefined) continue
    changed = true
    check(i <= list.length + 1_500_000, 2, "can't backfill more than 1500000 elements")
    while (list.length < i) list.push(nullValue)
    list[i] = next === removed ? nullValue : next
  }
  return changed ? arrayValue(list) : undefined
}

/** What becomes of a value that the path has come to. */
function after(value: Value | undefined, edit: Edit, path: readonly string[]): Outcome {
  const next = edit.parts[path.length]
  if (next === undefined) {
    edit.note?.(path)
    return edit.change(value)
  }
  const [here, viaItems] = [path.join('.'), identifierOf(next) !== undefined]
  check(value !== undefined || !viaItems, 2, `The path '${here}' must exist for array updates`)
  const array = value?.type === T.array
  check(array || !viaItems, 2, `Cannot apply array updates to non-array element ${here}`)
  if (value?.type === T.object || array) return inside(value, edit, path)
  check(!value || !edit.create, 28, `Cannot create field '${next}' in element '${here}'`)
  return edit.create ? inside(objectValue([]), edit, path) : undefined
}

/** The value at a path that leads through documents alone. */
export function valueAt(document: Value, parts: readonly string[]): Value | undefined {
  let current: Value | undefined = document
  for (const part of parts) {
    check(current?.type !== T.array, 2, `'${parts.join('.')}' is of an array element`)
    current = current?.type === T.object ? current.field(part) : undefined
  }
  return current
}
