import { elements, items } from '../bson/read.js'
import { T, type Value } from '../bson/value.js'
import { arrayValue, objectValue } from '../bson/write.js'
import { CommandError } from '../errors.js'
import type { Expression } from '../expressions/expression.js'

/** What becomes of a field: it stays, goes, is computed, or is itself made into something else. */
export type Leaf =
  | { readonly kind: 'keep' | 'drop' }
  | { readonly kind: 'compute'; readonly expression: Expression }
  | { readonly kind: 'map'; readonly change: (value: Value) => Value | undefined }

export type Tree = Map<string, Leaf | Tree>

const isTree = (node: Leaf | Tree): node is Tree => node instanceof Map

/** Puts a leaf at a dotted path. Throws where another path is in the way. */
export function plant(tree: Tree, path: string, leaf: Leaf): void {
  const parts = path.split('.')
  let at = tree
  for (const [i, part] of parts.entries()) {
    if (part === '' || part.startsWith('$')) {
      throw new CommandError(
        16410,
        `FieldPath field names may not be empty or start with '$': ${path}`,
      )
    }
    const known = at.get(part)
    const last = i === parts.length - 1
    if (known && (last || !isTree(known))) {
      throw new CommandError(
        31250,
        `Path collision at ${path} remaining portion ${parts.slice(i).join('.')}`,
      )
    }
    if (last) at.set(part, leaf)
    else {
      const inner: Tree = known && isTree(known) ? known : new Map<string, Leaf | Tree>()
      at.set(part, inner)
      at = inner
    }
  }
}

/** Whether what a tree does not name stays or goes. */
export type Others = 'stay' | 'go'

/** A document shaped by a tree; computed fields see `root`, the document as it was. */
export function shape(document: Value, tree: Tree, others: Others, root = document): Value {
  const out: [string, Value][] = []
  const done = new Set<string>()
  for (const { name, value } of elements(document)) {
    const node = tree.get(name)
    if (!node) {
      if (others === 'stay') out.push([name, value])
      continue
    }
    // A projection puts computed fields last; what only adds fields replaces them in their place.
    if (others === 'go' && !isTree(node) && node.kind === 'compute') continue
    done.add(name)
    const shaped = isTree(node) ? inside(value, node, others, root) : leafValue(value, node, root)
    if (shaped) out.push([name, shaped])
  }
  for (const [name, node] of tree) {
    if (done.has(name)) continue
    const made = isTree(node) ? fresh(node, root) : leafValue(undefined, node, root)
    if (made) out.push([name, made])
  }
  return objectValue(out)
}

function leafValue(value: Value | undefined, leaf: Leaf, root: Value): Value | undefined {
  if (leaf.kind === 'compute') return leaf.expression({ root, scope: undefined })
  if (leaf.kind === 'map') return value && leaf.change(value)
  return leaf.kind === 'keep' ? value : undefined
}

function inside(value: Value, tree: Tree, others: Others, root: Value): Value | undefined {
  if (value.type === T.object) return shape(value, tree, others, root)
  if (value.type === T.array) {
    return arrayValue(items(value).flatMap((item) => inside(item, tree, others, root) ?? []))
  }
  return fresh(tree, root) ?? (others === 'stay' ? value : undefined)
}

/** The document of computed fields alone, where there was none; nothing where none is computed. */
function fresh(tree: Tree, root: Value): Value | undefined {
  const out = [...tree].flatMap(([name, node]): [string, Value][] => {
    const made = isTree(node) ? fresh(node, root) : leafValue(undefined, node, root)
    return made ? [[name, made]] : []
  })
  return out.length > 0 ||
    [...tree.values()].some((node) => !isTree(node) && node.kind === 'compute')
    ? objectValue(out)
    : undefined
}
