import { elements, items } from '../bson/read.js'
import { show } from '../bson/show.js'
import { T, type Value } from '../bson/value.js'
import { arrayValue, nullValue, objectValue } from '../bson/write.js'
import { check } from '../errors.js'

/** A document or array opened for change; what has not been touched stays as it lies. */
export type Branch = Map<string, Node> | Node[]
type Node = Value | Branch

/** In place of a value: the field is to go. */
export const removed = Symbol('removed')

/** From the value of a field, or nothing, to what it shall be; nothing leaves all as it is. */
export type Change = (current: Value | undefined) => Value | typeof removed | undefined

const isValue = (node: Node): node is Value => 'bytes' in node

export const openDocument = (document: Value): Map<string, Node> =>
  new Map(elements(document).map(({ name, value }) => [name, value]))

/** The document or array as bytes again. */
export function close(node: Node): Value {
  if (isValue(node)) return node
  if (Array.isArray(node)) return arrayValue(node.map(close))
  return objectValue([...node].map(([name, child]) => [name, close(child)]))
}

const asIndex = (name: string): number | undefined =>
  /^(0|[1-9]\d{0,6})$/.test(name) ? Number(name) : undefined

function get(branch: Branch, name: string): Node | undefined {
  if (!Array.isArray(branch)) return branch.get(name)
  const index = asIndex(name)
  return index === undefined ? undefined : branch[index]
}

function put(branch: Branch, name: string, node: Node): void {
  if (!Array.isArray(branch)) {
    branch.set(name, node)
    return
  }
  const index = asIndex(name)
  check(index !== undefined, 28, `Cannot create field '${name}' in element ${show(close(branch))}`)
  check(index <= branch.length + 1_500_000, 2, "can't backfill more than 1500000 elements")
  while (branch.length < index) branch.push(nullValue)
  branch[index] = node
}

/**
 * The child that is a document or array, opened in place. One that is missing is made for `create`,
 * which is refused where something else stands there; without it, there is nothing then.
 */
export function descend(
  branch: Branch,
  name: string,
  next: string,
  create: boolean,
): Branch | undefined {
  const child = get(branch, name)
  if (child && !isValue(child)) return child
  if (!child && !create) return undefined
  const opened =
    child?.type === T.array
      ? items(child)
      : !child || child.type === T.object
        ? child && openDocument(child)
        : false
  check(
    opened !== false || !create,
    28,
    `Cannot create field '${next}' in element {${name}: ${child ? show(child) : ''}}`,
  )
  if (opened === false) return undefined
  const made = opened ?? new Map<string, Node>()
  put(branch, name, made)
  return made
}

/** The value under a name in a branch. */
export function valueAt(branch: Branch, name: string): Value | undefined {
  const node = get(branch, name)
  return node && close(node)
}

/** Applies a change to the field or item under a name. */
export function changeAt(branch: Branch, name: string, change: Change): void {
  const next = change(valueAt(branch, name))
  if (next === undefined) return
  if (next !== removed) put(branch, name, next)
  else if (Array.isArray(branch)) put(branch, name, nullValue)
  else branch.delete(name)
}
