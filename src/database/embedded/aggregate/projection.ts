import { T, type Value } from '../bson/value.js'
import { isTrue } from '../bson/numbers.js'
import { arrayValue, objectValue } from '../bson/write.js'
import { check, notHere } from '../errors.js'

/** What becomes of a field: it stays, goes, or its own fields are shaped. */
type Node = 'stay' | 'go' | Shape
type Shape = Map<string, Node>

const isShape = (node: Node | undefined): node is Shape => node instanceof Map

/** Puts a node at a dotted path. Throws where another path is in the way. */
function plant(shape: Shape, path: string, node: Node): void {
  const parts = path.split('.')
  let at = shape
  for (const [i, part] of parts.entries()) {
    if (part === '$') throw notHere(2, 'the positional operator in a projection')
    check(part !== '' && !part.startsWith('$'), 16410, `a field name is empty or has $: ${path}`)
    const last = i === parts.length - 1
    const known = at.get(part)
    const free = known === undefined || (!last && isShape(known))
    check(free, last ? 31250 : 31249, `Path collision at ${path}`)
    const inner = isShape(known) ? known : new Map<string, Node>()
    at.set(part, last ? node : inner)
    at = inner
  }
}

/** A value in its new shape, nothing where it goes; `others` says what becomes of what is not named. */
function shaped(value: Value, shape: Shape, others: 'stay' | 'go'): Value | undefined {
  if (value.type === T.array) {
    return arrayValue(value.items().flatMap((item) => shaped(item, shape, others) ?? []))
  }
  if (value.type !== T.object) return others === 'stay' ? value : undefined
  return objectValue(
    value.elements().flatMap(({ name, value: inner }): [string, Value][] => {
      const node = shape.get(name) ?? others
      const made = isShape(node) ? shaped(inner, node, others) : node === 'stay' && inner
      return made ? [[name, made]] : []
    }),
  )
}

/** What a projection says of each path, embedded documents taken apart. */
function readFields(spec: Value, prefix: string): [string, 'stay' | 'go'][] {
  return spec.elements().flatMap(({ name, value }): [string, 'stay' | 'go'][] => {
    const path = prefix + name
    if (value.type === T.bool || value.isNumber()) return [[path, isTrue(value) ? 'stay' : 'go']]
    const operator = value.type === T.object ? (value.firstName() ?? '') : '$'
    check(operator !== '', 51270, 'An empty sub-projection is not a valid value')
    if (!operator.startsWith('$')) return readFields(value, `${path}.`)
    const ofFind = ['$slice', '$elemMatch', '$meta'].includes(operator)
    throw notHere(ofFind ? 2 : 168, `${operator} in a projection, to compute '${path}'`)
  })
}

/** Makes a projection ready to run, of `find` or of `$project`; nothing where it asks for all. */
export function compileProjection(spec: Value | undefined) {
  if (!spec || spec.isEmpty()) return undefined
  const fields = readFields(spec, '')
  const rest = fields.filter(([path]) => path !== '_id')
  const excluded = rest.find(([, node]) => node === 'go')
  const includes = rest.some(([, node]) => node === 'stay')
  const id = fields.find(([path]) => path === '_id')?.[1]
  check(!excluded || !includes, 31254, `Cannot do exclusion on ${excluded?.[0] ?? ''} in inclusion`)
  const others = includes || (!excluded && id !== 'go') ? 'go' : 'stay'
  const inner = rest.some(([path]) => path.startsWith('_id.'))
  const shape: Shape = new Map<string, Node>(inner ? [] : [['_id', id ?? 'stay']])
  for (const [path, node] of rest) plant(shape, path, node)
  return (document: Value) => shaped(document, shape, others) ?? document
}
