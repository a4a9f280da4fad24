import { isTrue, wholeOf } from '../bson/arithmetic.js'
import { elements, firstName, isEmpty, items } from '../bson/read.js'
import { isNumber, T, type Value } from '../bson/value.js'
import { arrayValue } from '../bson/write.js'
import { CommandError, notHere } from '../errors.js'
import { compileExpression } from '../expressions/expressions.js'
import { compileFilter, type Matcher } from '../match/match.js'
import { isOperators, parseFilter, parseOperators } from '../match/parse-filter.js'
import { type Leaf, type Others, plant, shape, type Tree } from './tree.js'

/** Makes what is returned of a document. */
export type Projection = (document: Value) => Value

interface Read {
  readonly tree: Tree
  includes: string | undefined
  excludes: string | undefined
  id: Leaf | undefined
  positional: string | undefined
}

const isFlag = (value: Value): boolean => value.type === T.bool || isNumber(value.type)

const keep: Leaf = { kind: 'keep' }
const drop: Leaf = { kind: 'drop' }

/**
 * Makes a projection ready to run, of `find` or of `$project`; nothing where it asks for all.
 * `query` is what `$` in a projection of `find` refers to; `$project` has none.
 */
export function compileProjection(
  spec: Value | undefined,
  query?: Matcher,
): Projection | undefined {
  if (!spec || isEmpty(spec)) return undefined
  const read: Read = {
    tree: new Map<string, Leaf | Tree>(),
    includes: undefined,
    excludes: undefined,
    id: undefined,
    positional: undefined,
  }
  readFields(spec, '', read, query !== undefined)
  const { tree, includes, excludes, id, positional } = read
  if (includes !== undefined && excludes !== undefined) {
    throw new CommandError(
      31254,
      `Cannot do exclusion on field ${excludes} in inclusion projection`,
    )
  }
  const including = includes !== undefined || (excludes === undefined && id?.kind === 'keep')
  const others: Others = including ? 'go' : 'stay'
  // `_id` stays unless it is told to go.
  if (id ?? including) tree.set('_id', id ?? keep)
  if (positional === undefined || !query) return (document) => shape(document, tree, others)
  return (document) => shape(atPosition(document, positional, query), tree, others)
}

function readFields(spec: Value, prefix: string, read: Read, find: boolean): void {
  for (const { name, value } of elements(spec)) {
    const path = prefix + name
    if (value.type === T.object && !isOperators(value)) {
      if (isEmpty(value))
        throw new CommandError(51270, 'An empty sub-projection is not a valid value')
      readFields(value, `${path}.`, read, find)
      continue
    }
    if (find && path.endsWith('.$')) {
      if (read.positional !== undefined) {
        throw new CommandError(
          31276,
          'Cannot specify more than one positional projection per query.',
        )
      }
      read.positional = path.slice(0, -2)
      read.includes ??= path
      plant(read.tree, read.positional, keep)
      continue
    }
    const leaf = readLeaf(value, find, path)
    const flag = leaf.kind === 'keep' || leaf.kind === 'drop'
    if (path === '_id' && flag) read.id = leaf
    else {
      if (leaf.kind === 'drop') read.excludes ??= path
      else if (!isSlice(value)) read.includes ??= path
      plant(read.tree, path, leaf)
    }
  }
}

const isSlice = (value: Value): boolean => value.type === T.object && firstName(value) === '$slice'

function readLeaf(value: Value, find: boolean, path: string): Leaf {
  if (isFlag(value)) return isTrue(value) ? keep : drop
  const [first] = value.type === T.object ? elements(value) : []
  if (find && first?.name === '$slice') return { kind: 'map', change: slicer(first.value) }
  if (find && first?.name === '$elemMatch') return { kind: 'map', change: firstMatch(first.value) }
  if (first?.name === '$meta') throw notHere(17308, `Unsupported argument to $meta in '${path}'`)
  return { kind: 'compute', expression: compileExpression(value) }
}

/** `$slice`: the first, the last, or some from a place. */
function slicer(argument: Value): (value: Value) => Value {
  const given = (argument.type === T.array ? items(argument) : [argument]).map((each) => {
    const whole = isNumber(each.type) ? wholeOf(each) : undefined
    if (whole === undefined)
      throw new CommandError(28667, 'First argument to $slice must be a whole number')
    return Number(whole)
  })
  const [skip = 0, count] = given
  if (count !== undefined && count <= 0) {
    throw new CommandError(28724, `Third argument to $slice must be positive: ${count}`)
  }
  return (value) => {
    if (value.type !== T.array) return value
    const list = items(value)
    if (count === undefined) return arrayValue(skip < 0 ? list.slice(skip) : list.slice(0, skip))
    const from = skip < 0 ? Math.max(0, list.length + skip) : skip
    return arrayValue(list.slice(from, from + count))
  }
}

/** `$elemMatch` in a projection: the first item that meets it, or no field at all. */
function firstMatch(condition: Value): (value: Value) => Value | undefined {
  if (condition.type !== T.object)
    throw new CommandError(31274, 'elemMatch: Invalid argument, object required')
  const onValues = isOperators(condition)
  const matches = compileFilter(
    onValues
      ? { kind: 'and', parts: parseOperators(undefined, condition) }
      : parseFilter(condition, true),
  )
  return (value) => {
    if (value.type !== T.array) return undefined
    const found = items(value).find((item) => (onValues || item.type === T.object) && matches(item))
    return found && arrayValue([found])
  }
}

/** A document in which the array at a path holds only the item that met the query. */
function atPosition(document: Value, path: string, query: Matcher): Value {
  const positions: { path: string; index: number }[] = []
  query(document, positions)
  const own = positions.filter((one) => one.path === path || one.path.startsWith(`${path}.`))
  const found = own.at(-1) ?? positions.at(-1)
  const tree: Tree = new Map<string, Leaf | Tree>()
  plant(tree, path, {
    kind: 'map',
    change: (value) => {
      if (value.type !== T.array) return value
      const item = found && items(value)[found.index]
      if (item) return arrayValue([item])
      throw new CommandError(
        51246,
        "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
      )
    },
  })
  return shape(document, tree, 'stay')
}
