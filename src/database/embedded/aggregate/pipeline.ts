import { wholeOf } from '../bson/arithmetic.js'
import { elements, fieldOf, items, stringOf } from '../bson/read.js'
import { documentAt, isNumber, T, typeName, type Value } from '../bson/value.js'
import { encode } from '../bson/write.js'
import { CommandError, notHere } from '../errors.js'
import { compileExpression } from '../expressions/expressions.js'
import { compileFilter } from '../match/match.js'
import { parseFilter } from '../match/parse-filter.js'
import { own } from '../own.js'
import { compileProjection } from '../project/projection.js'
import { type Leaf, plant, shape, type Tree } from '../project/tree.js'
import { byKey, parseSort, sortKeys } from '../sort/sort-key.js'
import { group } from './group.js'
import { facet, lookup, unwind } from './lookup.js'
import { each, gather, many, type Sink, type Stage, type StageMaker, type World } from './stage.js'

type Transform = (argument: Value) => (document: Value) => Value

const addFields: Transform = (argument) => {
  if (argument.type !== T.object) {
    throw new CommandError(
      40272,
      `$addFields specification stage must be an object, got ${typeName(argument.type)}`,
    )
  }
  const tree: Tree = new Map<string, Leaf | Tree>()
  for (const { name, value } of elements(argument)) {
    plant(tree, name, { kind: 'compute', expression: compileExpression(value) })
  }
  return (document) => shape(document, tree, 'stay')
}

const project: Transform = (argument) => {
  const projection = argument.type === T.object ? compileProjection(argument) : undefined
  if (projection) return projection
  throw new CommandError(51272, '$project specification must be an object with at least one field')
}

const unset: Transform = (argument) => {
  const names = (argument.type === T.array ? items(argument) : [argument]).map(stringOf)
  const fields = names.map((name) => {
    if (name === undefined)
      throw new CommandError(31002, '$unset specification must be a string or an array of strings')
    return [name, 0] as const
  })
  return project(documentAt(encode(Object.fromEntries(fields))))
}

const replaceWith: Transform = (argument) => {
  const expression = compileExpression(argument)
  return (document) => {
    const made = expression({ root: document, scope: undefined })
    if (made?.type === T.object) return made
    throw new CommandError(
      40228,
      `'newRoot' expression must evaluate to an object, but resulting value was of type: ${made ? typeName(made.type) : 'missing'}`,
    )
  }
}

/** The stages that make one document of one, which an update may also use. */
const transforms: Readonly<Record<string, Transform>> = {
  $addFields: addFields,
  $set: addFields,
  $project: project,
  $unset: unset,
  $replaceWith: replaceWith,
  $replaceRoot: (argument) => {
    const root = argument.type === T.object ? fieldOf(argument, 'newRoot') : undefined
    if (root) return replaceWith(root)
    throw new CommandError(40231, 'no newRoot specified for the $replaceRoot stage')
  },
}

/** The number of `$limit` and `$skip`. */
export function amount(name: string, value: Value, least: number): number {
  const whole = isNumber(value.type) ? wholeOf(value) : undefined
  if (whole !== undefined && whole >= BigInt(least)) return Number(whole)
  throw new CommandError(
    least === 1 ? 15958 : 15956,
    `the ${name} must be a whole number of at least ${least}`,
  )
}

const limit: StageMaker = (argument) => {
  const most = amount('limit', argument, 1)
  return (next) => {
    let left = most
    return {
      push(document) {
        if (left-- > 0) next.push(document)
      },
      end: () => next.end(),
      get full() {
        return left <= 0 || next.full
      },
    }
  }
}

const skip: StageMaker = (argument) => {
  const count = amount('skip', argument, 0)
  return (next: Sink) => {
    let left = count
    return many((document) => (left-- > 0 ? [] : [document]))(next)
  }
}

const sort: StageMaker = (argument) => {
  const keyOf = sortKeys(parseSort(argument))
  return gather(() => {
    const list: { key: string; document: Value }[] = []
    return {
      add: (document) => void list.push({ key: keyOf(document), document }),
      results: () => list.sort(byKey).map(({ document }) => document),
    }
  })
}

const match: StageMaker = (argument) => {
  if (argument.type !== T.object)
    throw new CommandError(15959, 'the match filter must be an expression in an object')
  const matches = compileFilter(parseFilter(argument))
  return many((document) => (matches(document) ? [document] : []))
}

const count: StageMaker = (argument, world) => {
  const name = stringOf(argument)
  if (!name || name.startsWith('$') || name.includes('.')) {
    throw new CommandError(40156, 'the count field must be a non-empty string without $ and .')
  }
  const counted = compilePipeline(
    [{ $group: { _id: null, [name]: { $sum: 1 } } }, { $project: { _id: 0 } }].map((stage) =>
      documentAt(encode(stage)),
    ),
    world,
  )
  return counted
}

const stages: Readonly<Record<string, StageMaker>> = {
  $match: match,
  $sort: sort,
  $limit: limit,
  $skip: skip,
  $group: group,
  $count: count,
  $unwind: unwind,
  $lookup: lookup,
  $facet: (argument, world) => facet(argument, world, compilePipeline),
}

/** Name and argument of a stage. */
export function stageOf(stage: Value): { name: string; argument: Value } {
  if (stage.type !== T.object)
    throw new CommandError(14, 'Each element of the pipeline must be an object')
  const [only, ...others] = elements(stage)
  if (only && others.length === 0) return { name: only.name, argument: only.value }
  throw new CommandError(
    40323,
    'A pipeline stage specification object must contain exactly one field.',
  )
}

function compileStage(stage: Value, world: World): Stage {
  const { name, argument } = stageOf(stage)
  const transform = own(transforms, name)
  if (transform) return each(transform(argument))
  const maker = own(stages, name)
  if (maker) return maker(argument, world)
  throw notHere(40324, `Unrecognized pipeline stage name: '${name}'`)
}

/** Makes a pipeline ready to run, in front of whatever takes its results. */
export function compilePipeline(list: readonly Value[], world: World): Stage {
  const compiled = list.map((stage) => compileStage(stage, world))
  return (next) => compiled.reduceRight((sink, stage) => stage(sink), next)
}

/** The change that an update makes where it is a pipeline. */
export function compileTransform(list: readonly Value[]): (document: Value) => Value {
  const compiled = list.map((stage) => {
    const { name, argument } = stageOf(stage)
    const transform = own(transforms, name)
    if (transform) return transform(argument)
    throw new CommandError(72, `${name} is not allowed to be used within an update`)
  })
  return (document) => compiled.reduce((made, change) => change(made), document)
}
