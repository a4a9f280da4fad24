import { show } from '../bson/show.js'
import { documentAt, type Value } from '../bson/value.js'
import { encode, objectValue } from '../bson/write.js'
import { check } from '../errors.js'
import { conjuncts, type Filter, type Position } from '../match/filter.js'
import { edited, removed, valueAt } from './edit.js'
import { checkConflicts, type Step, type Steps, type Update } from './parse-update.js'

/** The largest document that is stored, in bytes, as in MongoDB. */
export const largestDocument = 16 * 1024 * 1024

/**
 * The document after an update, as bytes; nothing where it stays the same. `positions` says what `$`
 * stands for; without it the document is new. Throws where a path cannot be followed, or where `_id`
 * would change.
 */
export function applyUpdate(document: Value, update: Update, positions?: readonly Position[]) {
  const next =
    update.kind === 'replace'
      ? withId(update.document.field('_id') ?? document.field('_id'), update.document)
      : stepped(document, update, positions)
  if (document.identical(next)) return undefined
  const [before, after] = [document.field('_id'), next.field('_id')]
  const kept = !before || (after !== undefined && before.identical(after))
  check(kept, 66, `update would modify the immutable field '_id' to ${after ? show(after) : ''}`)
  const bytes = next.copy()
  const fits = bytes.length <= largestDocument
  check(fits, 17419, `Resulting document after update is larger than ${largestDocument}`)
  return bytes
}

/** A document with this `_id` in front, whatever it had. */
export function withId(id: Value | undefined, document: Value): Value {
  const rest = document.elements().filter(({ name }) => name !== '_id')
  const fields = rest.map(({ name, value }): [string, Value] => [name, value])
  return objectValue(id ? [['_id', id], ...fields] : fields)
}

function stepped(document: Value, { steps, filters }: Steps, positions?: readonly Position[]) {
  const places: Pick<Step, 'parts' | 'to'>[] = []
  const note = (parts: readonly string[]): unknown => places.push({ parts })
  let current = document
  for (const { parts, change, create, onInsert, to } of steps) {
    if (onInsert && positions) continue
    const placed = { parts: placedAt(parts, positions ?? []), filters, note }
    const [value] = to ? [parts, to].map((path) => valueAt(current, path)) : []
    if (!to) current = edited(current, { ...placed, change, create })
    if (!to || !value) continue
    // What gets another name goes to the end, also where there was such a field.
    current = edited(current, { parts, change: () => removed, create: false })
    current = edited(current, { parts: to, change: () => removed, create: false })
    current = edited(current, { parts: to, change: () => value, create: true })
  }
  // Only in a document can it be told whether two filters choose the same item.
  const dynamic = steps.some(({ parts }) => parts.some((part) => part.startsWith('$')))
  if (dynamic) checkConflicts(places)
  return current
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

/** The top-level fields that an update may change; nothing where it may change all. */
export function touchedBy(update: Update): ReadonlySet<string> | undefined {
  if (update.kind === 'replace') return undefined
  return new Set(update.steps.flatMap(({ parts, to = [] }) => [parts[0] ?? '', ...to.slice(0, 1)]))
}

/** What a query says a document is equal to, from which an upsert makes the new one. */
function equalities(filter: Filter): [string, Value][] {
  return conjuncts(filter).flatMap((part): [string, Value][] => {
    if (part.kind === 'or' && part.parts.length === 1) return part.parts.flatMap(equalities)
    if (part.kind !== 'leaf' || !part.path) return []
    const { op, values = [] } = part.test
    const [only] = op === 'eq' || op === 'in' ? values : []
    return only && values.length === 1 ? [[part.path.text, only]] : []
  })
}

/** The document that an upsert inserts where nothing met the query. */
export function upsertDocument(filter: Filter, update: Update, newId: () => Value): Value {
  // A replacement is whole but for its `_id`.
  const given = equalities(filter).filter(([path]) => update.kind === 'steps' || path === '_id')
  const before = given.reduce((document, [path, value]) => {
    const change = (current: Value | undefined): Value => {
      check(!current, 54, `cannot infer query fields, '${path}' is matched twice`)
      return value
    }
    return edited(document, { parts: path.split('.'), change, create: true })
  }, encode({}))
  const bytes = applyUpdate(before, update)
  const document = bytes ? documentAt(bytes) : before
  return withId(document.field('_id') ?? newId(), document)
}
