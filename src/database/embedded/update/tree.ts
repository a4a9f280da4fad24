import { elements, items } from '../bson/read.js'
import { show } from '../bson/show.js'
import { T, type Value } from '../bson/value.js'
import { BsonWriter, nullValue } from '../bson/write.js'
import { CommandError } from '../errors.js'

/** A document or array opened for change; what has not been touched stays as it lies. */
export type Branch = { readonly fields: Map<string, Node> } | { readonly list: Node[] }
type Node = Value | Branch

/** Put in place of a value: the field is to go. */
export const removed = Symbol('removed')

/** From the value of a field, or nothing, to what it shall be; nothing leaves all as it is. */
export type Change = (current: Value | undefined) => Value | typeof removed | undefined

const isValue = (node: Node): node is Value => 'bytes' in node

export function openTree(value: Value): Branch | undefined {
  if (value.type === T.array) return { list: items(value) }
  if (value.type !== T.object) return undefined
  return { fields: new Map(elements(value).map((each) => [each.name, each.value])) }
}

function write(writer: BsonWriter, name: string, node: Node): void {
  if (isValue(node)) writer.value(name, node)
  else {
    writer.name('list' in node ? T.array : T.object, name)
    writeBranch(writer, node)
  }
}

function writeBranch(writer: BsonWriter, branch: Branch): void {
  const start = writer.begin()
  for (const [name, node] of 'list' in branch ? branch.list.entries() : branch.fields) {
    write(writer, String(name), node)
  }
  writer.end(start)
}

/** The document or array as bytes again. */
export function closeTree(branch: Branch): Value {
  const writer = new BsonWriter(1024)
  writeBranch(writer, branch)
  const bytes = writer.finish()
  return { type: 'list' in branch ? T.array : T.object, bytes, at: 0, end: bytes.length }
}

const valueOf = (node: Node): Value => (isValue(node) ? node : closeTree(node))

const mostPadding = 1_500_000

const asIndex = (name: string): number | undefined =>
  /^(0|[1-9]\d{0,8})$/.test(name) ? Number(name) : undefined

function get(branch: Branch, name: string): Node | undefined {
  if ('fields' in branch) return branch.fields.get(name)
  const index = asIndex(name)
  return index === undefined ? undefined : branch.list[index]
}

function put(branch: Branch, name: string, node: Node): void {
  if ('fields' in branch) {
    branch.fields.set(name, node)
    return
  }
  const index = asIndex(name)
  if (index === undefined) throw notViable(name, branch)
  if (index > branch.list.length + mostPadding) {
    throw new CommandError(2, `can't backfill more than ${mostPadding} elements`)
  }
  while (branch.list.length < index) branch.list.push(nullValue)
  branch.list[index] = node
}

const notViable = (name: string, parent: Node): CommandError =>
  new CommandError(28, `Cannot create field '${name}' in element ${show(valueOf(parent))}`)

/** The child as a branch, opened in place; `create` makes one that is missing, or throws PathNotViable. */
export function descend(
  branch: Branch,
  name: string,
  next: string,
  create: boolean,
): Branch | undefined {
  const child = get(branch, name)
  if (child && !isValue(child)) return child
  const opened = child ? openTree(child) : create ? { fields: new Map<string, Node>() } : undefined
  if (!opened) {
    if (child && create) throw notViable(next, child)
    return undefined
  }
  put(branch, name, opened)
  return opened
}

/** The value under a name in a branch. */
export function valueAt(branch: Branch, name: string): Value | undefined {
  const node = get(branch, name)
  return node && valueOf(node)
}

/** Applies a change to the field or item under a name. */
export function changeAt(branch: Branch, name: string, change: Change): void {
  const next = change(valueAt(branch, name))
  if (next === undefined) return
  if (next !== removed) put(branch, name, next)
  else if ('fields' in branch) branch.fields.delete(name)
  else if (get(branch, name)) put(branch, name, nullValue)
}
