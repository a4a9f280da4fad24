import { isTrue, wholeOf } from '../bson/arithmetic.js'
import { elements, fieldOf, items, stringOf } from '../bson/read.js'
import { T, typeName, type Value } from '../bson/value.js'
import { encode, nullValue } from '../bson/write.js'
import { check, notHere } from '../errors.js'
import { compileExpression, fieldPath } from '../expressions/expressions.js'
import { compileFilter } from '../match/match.js'
import { parseFilter } from '../match/parse-filter.js'
import { own } from '../own.js'
import { addFields, compileProjection, withValue } from '../project/projection.js'
import { byKey, parseSort, sortKeys } from '../sort/sort-key.js'
import { group } from './group.js'
import { gather, many, type Stage } from './stage.js'

type StageMaker = (argument: Value) => Stage

const each = (change: (document: Value) => Value): Stage => many((document) => [change(document)])

function project(argument: Value): Stage {
  const projection = argument.type === T.object ? compileProjection(argument) : undefined
  check(projection !== undefined, 51272, '$project specification must have at least one field')
  return each(projection)
}

function unset(argument: Value): Stage {
  const names = (argument.type === T.array ? items(argument) : [argument]).map(stringOf)
  check(!names.includes(undefined), 31002, '$unset must be a string or an array of strings')
  return project(encode(Object.fromEntries(names.map((name) => [name ?? '', 0]))))
}

function replaceWith(argument: Value): Stage {
  const expression = compileExpression(argument)
  return each((document) => {
    const made = expression(document)
    check(
      made?.type === T.object,
      40228,
      `'newRoot' expression must evaluate to an object, but resulting value was of type: ${typeName(made)}`,
    )
    return made
  })
}

function replaceRoot(argument: Value): Stage {
  const root = argument.type === T.object ? fieldOf(argument, 'newRoot') : undefined
  check(root !== undefined, 40231, 'no newRoot specified for the $replaceRoot stage')
  return replaceWith(root)
}

/** The number of `$limit`, `$skip` and the like. */
export function amount(name: string, value: Value, least: number): number {
  const whole = wholeOf(value)
  const right = whole !== undefined && whole >= BigInt(least)
  check(right, 15957, `${name} must be a whole number of at least ${least}`)
  return Number(whole)
}

function limit(argument: Value): Stage {
  const most = amount('$limit', argument, 1)
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

function skip(argument: Value): Stage {
  const count = amount('$skip', argument, 0)
  return (next) => {
    let left = count
    return many((document) => (left-- > 0 ? [] : [document]))(next)
  }
}

function sort(argument: Value): Stage {
  const keyOf = sortKeys(parseSort(argument))
  return gather(() => {
    const list: { key: string; document: Value }[] = []
    return {
      add: (document) => list.push({ key: keyOf(document), document }),
      results: () => list.sort(byKey).map(({ document }) => document),
    }
  })
}

function match(argument: Value): Stage {
  check(argument.type === T.object, 15959, 'the match filter must be an expression in an object')
  const matches = compileFilter(parseFilter(argument))
  return many((document) => (matches(document) ? [document] : []))
}

function count(argument: Value): Stage {
  const name = stringOf(argument)
  const sound = name !== undefined && name !== '' && !/^\$|\./.test(name)
  check(sound, 40156, 'the count field must be a non-empty string without $ and .')
  return compilePipeline([
    encode({ $group: { _id: null, [name]: { $sum: 1 } } }),
    encode({ $project: { _id: 0 } }),
  ])
}

/** `$unwind`: a document for each item of an array. */
function unwind(argument: Value): Stage {
  const given = argument.type === T.object ? elements(argument) : []
  for (const { name } of given) {
    if (name !== 'path' && name !== 'preserveNullAndEmptyArrays')
      throw notHere(28811, `unrecognized option to $unwind stage: ${name}`)
  }
  const path = stringOf(argument.type === T.object ? fieldOf(argument, 'path') : argument)
  check(
    path?.startsWith('$') === true,
    28818,
    "path option to $unwind stage should be prefixed with a '$'",
  )
  const keepEmpty = given.length > 0 && isTrue(fieldOf(argument, 'preserveNullAndEmptyArrays'))
  const name = path.slice(1)
  const read = fieldPath(name)
  return many((document) => {
    const value = read(document) ?? nullValue
    if (value.type === T.null) return keepEmpty ? [document] : []
    if (value.type !== T.array) return [document]
    const list = items(value).map((item) => withValue(document, name, item))
    return list.length === 0 && keepEmpty ? [withValue(document, name, undefined)] : list
  })
}

const stages: Readonly<Record<string, StageMaker>> = {
  $match: match,
  $sort: sort,
  $limit: limit,
  $skip: skip,
  $group: group,
  $count: count,
  $unwind: unwind,
  $project: project,
  $addFields: (argument) => each(addFields(argument)),
  $set: (argument) => each(addFields(argument)),
  $unset: unset,
  $replaceRoot: replaceRoot,
  $replaceWith: replaceWith,
}

/** Name and argument of a stage. */
export function stageOf(stage: Value): { name: string; argument: Value } {
  check(stage.type === T.object, 14, 'Each element of the pipeline must be an object')
  const [only, ...others] = elements(stage)
  check(
    only !== undefined && others.length === 0,
    40323,
    'A pipeline stage specification object must contain exactly one field.',
  )
  return { name: only.name, argument: only.value }
}

/** Makes a pipeline ready to run, in front of whatever takes its results. */
export function compilePipeline(list: readonly Value[]): Stage {
  const compiled = list.map((stage) => {
    const { name, argument } = stageOf(stage)
    const maker = own(stages, name)
    if (!maker) throw notHere(40324, `Unrecognized pipeline stage name: '${name}'`)
    return maker(argument)
  })
  return (next) => compiled.reduceRight((sink, stage) => stage(sink), next)
}
