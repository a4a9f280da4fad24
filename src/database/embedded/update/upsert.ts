import { fieldOf } from '../bson/read.js'
import { detach, T, type Value } from '../bson/value.js'
import { documentAt } from '../bson/value.js'
import { encode, objectValue } from '../bson/write.js'
import { CommandError } from '../errors.js'
import { conjuncts, type Filter } from '../match/filter.js'
import { type Applying, applyUpdate } from './apply.js'
import { type Branch, changeAt, closeTree, descend, openTree, valueAt } from './tree.js'

/** What a query says a document is equal to, from which an upsert makes the new one. */
function equalities(filter: Filter): [string, Value][] {
  return conjuncts(filter).flatMap((part): [string, Value][] => {
    if (part.kind === 'or' && part.parts.length === 1 && part.parts[0])
      return equalities(part.parts[0])
    if (part.kind !== 'leaf' || !part.path) return []
    if (part.test.op === 'eq') return [[part.path.text, part.test.value]]
    const [only] = part.test.op === 'in' ? part.test.values : []
    const single = part.test.op === 'in' && part.test.values.length === 1
    return single && only && only.type !== T.regex ? [[part.path.text, only]] : []
  })
}

/** The document that an upsert inserts where nothing met the query. */
export function upsertDocument(filter: Filter, applying: Applying, newId: () => Value): Buffer {
  const start = openTree(documentAt(encode({})))
  if (!start) throw new TypeError('an empty document could not be opened')
  if (applying.update.kind === 'replace') copyId(start, filter)
  else for (const [path, value] of equalities(filter)) assign(start, path, value)
  const before = closeTree(start)
  const bytes = applyUpdate(before, applying, [], true)
  const document = bytes ? documentAt(bytes) : before
  const id = fieldOf(document, '_id') ?? newId()
  const tree = openTree(document)
  if (!tree || !('fields' in tree)) throw new TypeError('a document is not a document')
  tree.fields.delete('_id')
  const rest = [...tree.fields.keys()].flatMap((name): [string, Value][] => {
    const value = valueAt(tree, name)
    return value ? [[name, value]] : []
  })
  return detach(objectValue([['_id', id], ...rest])).bytes
}

function copyId(start: Branch, filter: Filter): void {
  const found = equalities(filter).find(([path]) => path === '_id')
  if (found) assign(start, '_id', found[1])
}

function assign(root: Branch, path: string, value: Value): void {
  const parts = path.split('.')
  let branch: Branch | undefined = root
  for (const [i, part] of parts.slice(0, -1).entries()) {
    branch = branch && descend(branch, part, parts[i + 1] ?? '', true)
  }
  if (!branch) return
  const name = parts.at(-1) ?? ''
  if (valueAt(branch, name)) {
    throw new CommandError(54, `cannot infer query fields to set, path '${path}' is matched twice`)
  }
  changeAt(branch, name, () => value)
}
