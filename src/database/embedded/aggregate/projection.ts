import { isTrue } from '../bson/arithmetic.js'
import { elements, firstName, isEmpty, items } from '../bson/read.js'
import { isNumber, T, type Value } from '../bson/value.js'
import { arrayValue, objectValue } from '../bson/write.js'
import { check, notHere } from '../errors.js'
import { isOperators } from '../match/parse-filter.js'
import { compileExpression, type Expression } from './expression.js'

/** What becomes of a field: it stays, goes, is computed, or its own fields are shaped. */
type Node = 'stay' | 'go' | Expression | Shape
type Shape = Map<string, Node>

const isShape = (node: Node | undefined): node is Shape => node instanceof Map

/** Puts a node at a dotted path. Throws where another path is in the way. */
function plant(shape: Shape, path: string, node: Node): void {
  const parts = path.split('.')
  let at = shape
  for (const [i, part] of parts.entries()) {
    check(part !== '' && !part.startsWith('$'), 16410, `a field name is empty or has $: ${path}`)
    const last = i === parts.length - 1
    const known = at.get(part)
    const free = known === undefined || (!last && isShape(known))
    check(free, last ? 31250 : 31249, `Path collision at ${path}`)
    if (last) at.set(part, node)
    else {
      const inner = isShape(known) ? known : new Map<string, Node>()
      at.set(part, inner)
      at = inner
    }
  }
}

/**
 * A document in its new shape; `others` says whether what is not named stays or goes. Computed fields
 * see `root`, the document as it was; a projection puts them last, `$addFields` in their place.
 */
function shaped(document: Value, shape: Shape, others: 'stay' | 'go', root: Value): Value {
  const out = new Map<string, Value>()
  for (const { name, value } of elements(document)) {
    const node = shape.get(name) ?? others
    const made = isShape(node)
      ? within(value, node, others, root)
      : node === 'stay'
        ? value
        : undefined
    if (made ?? (typeof node === 'function' && others === 'stay')) out.set(name, made ?? value)
  }
  for (const [name, node] of shape) {
    if (isShape(node) ? out.has(name) : typeof node !== 'function') continue
    const made = isShape(node) ? computed(node, root) : typeof node === 'function' && node(root)
    if (made) out.set(name, made)
    else out.delete(name)
  }
  return objectValue(out)
}

function within(value: Value, shape: Shape, others: 'stay' | 'go', root: Value): Value | undefined {
  if (value.type === T.object) return shaped(value, shape, others, root)
  if (value.type === T.array) {
    return arrayValue(items(value).flatMap((item) => within(item, shape, others, root) ?? []))
  }
  return computed(shape, root) ?? (others === 'stay' ? value : undefined)
}

/** The document of computed fields alone, where there was none; nothing where none is computed. */
function computed(shape: Shape, root: Value): Value | undefined {
  const some = [...shape.values()].some(
    (node) => typeof node === 'function' || (isShape(node) && computed(node, root)),
  )
  return some ? shaped(objectValue([]), shape, 'go', root) : undefined
}

/** A document with a value at a path, or without one there. */
export const withValue = (document: Value, path: string, value: Value | undefined): Value => {
  const shape: Shape = new Map<string, Node>()
  plant(shape, path, () => value)
  return shaped(document, shape, 'stay', document)
}

/** Makes `$addFields` ready to run. */
export function addFields(spec: Value): (document: Value) => Value {
  check(spec.type === T.object, 40272, '$addFields specification stage must be an object')
  const shape: Shape = new Map<string, Node>()
  for (const { name, value } of elements(spec)) plant(shape, name, compileExpression(value))
  return (document) => shaped(document, shape, 'stay', document)
}

/** What a projection says of each path, embedded documents taken apart. */
function readFields(spec: Value, prefix: string): [string, Node][] {
  return elements(spec).flatMap(({ name, value }): [string, Node][] => {
    const path = prefix + name
    if (value.type === T.bool || isNumber(value)) return [[path, isTrue(value) ? 'stay' : 'go']]
    if (value.type === T.object && !isOperators(value)) {
      check(!isEmpty(value), 51270, 'An empty sub-projection is not a valid value')
      return readFields(value, `${path}.`)
    }
    const operator = value.type === T.object ? firstName(value) : undefined
    if (['$slice', '$elemMatch', '$meta'].includes(operator ?? ''))
      throw notHere(2, `${operator ?? ''} in a projection`)
    return [[path, compileExpression(value)]]
  })
}

/** Makes a projection ready to run, of `find` or of `$project`; nothing where it asks for all. */
export function compileProjection(
  spec: Value | undefined,
): ((document: Value) => Value) | undefined {
  if (!spec || isEmpty(spec)) return undefined
  const fields = readFields(spec, '')
  const rest = fields.filter(([path]) => path !== '_id')
  const excluded = rest.find(([, node]) => node === 'go')
  const includes = rest.some(([, node]) => node !== 'go')
  const id = fields.find(([path]) => path === '_id')?.[1]
  check(!excluded || !includes, 31254, `Cannot do exclusion on ${excluded?.[0] ?? ''} in inclusion`)
  for (const [path] of rest)
    if (path.endsWith('.$')) throw notHere(2, 'the positional operator in a projection')
  const others = includes || (!excluded && id !== 'go') ? 'go' : 'stay'
  const inner = rest.some(([path]) => path.startsWith('_id.'))
  const shape: Shape = new Map<string, Node>(inner ? [] : [['_id', id ?? 'stay']])
  for (const [path, node] of rest) plant(shape, path, node)
  return (document) => shaped(document, shape, others, document)
}
