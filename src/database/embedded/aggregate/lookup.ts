import { keyText } from '../bson/order-key.js'
import { elements, items, stringOf } from '../bson/read.js'
import { T, type Value } from '../bson/value.js'
import { arrayValue, nullValue, objectValue } from '../bson/write.js'
import { CommandError, notHere } from '../errors.js'
import { fieldPath } from '../expressions/expressions.js'
import { everyDocument } from '../indexes/search.js'
import { pathOf } from '../match/path.js'
import { type Leaf, plant, shape, type Tree } from '../project/tree.js'
import { collector, each, gather, many, type Stage, type StageMaker, type World } from './stage.js'

/** A document with a value at a path. */
export function withValue(document: Value, path: string, value: Value | undefined): Value {
  const tree: Tree = new Map<string, Leaf | Tree>()
  plant(tree, path, { kind: 'compute', expression: () => value })
  return shape(document, tree, 'stay')
}

/** `$lookup` by equality of a field here and a field there. */
export const lookup: StageMaker = (argument, world) => {
  const given = new Map(
    (argument.type === T.object ? elements(argument) : []).map((each_) => [
      each_.name,
      each_.value,
    ]),
  )
  for (const name of given.keys()) {
    if (!['from', 'localField', 'foreignField', 'as'].includes(name)) {
      throw notHere(9, `$lookup with argument '${name}'`)
    }
  }
  const text = (name: string): string => {
    const found = stringOf(given.get(name))
    if (found === undefined)
      throw new CommandError(9, `$lookup argument '${name}' must be a string`)
    return found
  }
  const [from, foreign, as] = [text('from'), pathOf(text('foreignField')), text('as')]
  const local = fieldPath(text('localField'))
  return each((document) => {
    const value = local({ root: document, scope: undefined }) ?? nullValue
    const values = value.type === T.array ? items(value) : [value]
    const test = { op: 'in', values, keys: new Set(values.map(keyText)), regexes: [] } as const
    const filter = { kind: 'leaf', path: foreign, test } as const
    return withValue(document, as, arrayValue(world.search(from, { ...everyDocument, filter })))
  })
}

/** `$unwind`: a document for each item of an array. */
export const unwind: StageMaker = (argument) => {
  const given = new Map(
    (argument.type === T.object ? elements(argument) : []).map((each_) => [
      each_.name,
      each_.value,
    ]),
  )
  for (const name of given.keys()) {
    if (!['path', 'includeArrayIndex', 'preserveNullAndEmptyArrays'].includes(name)) {
      throw new CommandError(28811, `unrecognized option to $unwind stage: ${name}`)
    }
  }
  const path = stringOf(argument.type === T.object ? given.get('path') : argument)
  if (!path?.startsWith('$')) {
    throw new CommandError(28818, `path option to $unwind stage should be prefixed with a '$'`)
  }
  const preserve = given.get('preserveNullAndEmptyArrays')
  const keepEmpty = preserve?.type === T.bool && preserve.bytes[preserve.at] === 1
  const indexName = stringOf(given.get('includeArrayIndex'))
  const name = path.slice(1)
  const read = fieldPath(name)
  const numbered = (document: Value, index: Value): Value =>
    indexName === undefined ? document : withValue(document, indexName, index)
  return many((document) => {
    const value = read({ root: document, scope: undefined })
    if (value === undefined || value.type === T.null) {
      return keepEmpty ? [numbered(document, nullValue)] : []
    }
    if (value.type !== T.array) return [numbered(document, nullValue)]
    const list = items(value)
    if (list.length === 0) {
      return keepEmpty ? [numbered(withValue(document, name, undefined), nullValue)] : []
    }
    return list.map((item, i) => numbered(withValue(document, name, item), longIndex(i)))
  })
}

function longIndex(index: number): Value {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64LE(BigInt(index))
  return { type: T.long, bytes, at: 0, end: 8 }
}

/** `$facet`: several pipelines over the same documents, each result a field of one document. */
export function facet(
  argument: Value,
  world: World,
  compile: (stages: readonly Value[], world: World) => Stage,
): Stage {
  const pipelines = elements(argument).map(({ name, value }) => {
    if (value.type !== T.array) {
      throw new CommandError(40170, `arguments to $facet must be arrays, ${name} is not`)
    }
    return { name, stage: compile(items(value), world) }
  })
  return gather(() => {
    const running = pipelines.map(({ name, stage }) => {
      const out = collector()
      return { name, out, head: stage(out) }
    })
    return {
      add(document) {
        for (const { head } of running) if (!head.full) head.push(document)
      },
      results() {
        for (const { head } of running) head.end()
        return [
          objectValue(
            running.map(({ name, out }): [string, Value] => [name, arrayValue(out.list)]),
          ),
        ]
      },
    }
  })
}
