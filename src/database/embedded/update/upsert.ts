import { fieldOf } from '../bson/read.js'
import { documentAt, type Value } from '../bson/value.js'
import { check } from '../errors.js'
import { conjuncts, type Filter } from '../match/filter.js'
import { applyUpdate, withId } from './apply.js'
import type { ArrayFilters } from './array-filters.js'
import type { Update } from './parse-update.js'
import { type Branch, changeAt, close, descend, openDocument, valueAt } from './tree.js'

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
export function upsertDocument(
  filter: Filter,
  update: Update,
  filters: ArrayFilters,
  empty: Value,
  newId: () => Value,
): Value {
  const start = openDocument(empty)
  for (const [path, value] of equalities(filter)) {
    // A replacement is whole but for its `_id`.
    if (update.kind === 'steps' || path === '_id') assign(start, path.split('.'), value)
  }
  const before = close(start)
  const bytes = applyUpdate(before, update, filters, [], true)
  const document = bytes ? documentAt(bytes) : before
  return withId(fieldOf(document, '_id') ?? newId(), document)
}

function assign(root: Branch, parts: readonly string[], value: Value): void {
  let branch: Branch | undefined = root
  for (const [i, part] of parts.slice(0, -1).entries()) {
    branch = branch && descend(branch, part, parts[i + 1] ?? '', true)
  }
  const name = parts.at(-1) ?? ''
  const free = branch && !valueAt(branch, name)
  check(free === true, 54, `cannot infer query fields, '${parts.join('.')}' is matched twice`)
  if (branch) changeAt(branch, name, () => value)
}
