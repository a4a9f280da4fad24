import { isTrue, wholeOf } from '../bson/arithmetic.js'
import { elements, fieldOf, items, stringOf } from '../bson/read.js'
import { T, typeName, type Value } from '../bson/value.js'
import { encode, nullValue } from '../bson/write.js'
import { check, notHere } from '../errors.js'
import type { Flow } from '../flow.js'
import { byKey, parseSort, sortKeys } from '../indexes/keys.js'
import { compileFilter } from '../match/filter.js'
import { parseFilter } from '../match/parse-filter.js'
import { own } from '../own.js'
import { compileExpression, fieldPath } from './expression.js'
import { group } from './group.js'
import { addFields, compileProjection, withValue } from './projection.js'

/** One stage of a pipeline: from the documents that come, those that go on. */
type Stage = (source: Flow<Value>) => Flow<Value>

/** A stage that makes any number of documents of each. */
export const each = (change: (document: Value) => readonly (Value | undefined)[]): Stage =>
  function* (source) {
    for (const document of source) {
      if (document) yield* change(document)
      else yield undefined
    }
  }

/** The query of a `$match`. */
export function matchOf(argument: Value) {
  check(argument.type === T.object, 15959, 'the match filter must be an expression in an object')
  return parseFilter(argument)
}

function match(argument: Value): Stage {
  const matches = compileFilter(matchOf(argument))
  return each((document) => [matches(document) ? document : undefined])
}

function project(argument: Value): Stage {
  const projection = argument.type === T.object ? compileProjection(argument) : undefined
  check(projection !== undefined, 51272, '$project specification must have at least one field')
  return each((document) => [projection(document)])
}

function setFields(argument: Value): Stage {
  const add = addFields(argument)
  return each((document) => [add(document)])
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
    check(made?.type === T.object, 40228, `'newRoot' must be an object, not ${typeName(made)}`)
    return [made]
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
  check(right, least === 1 ? 15958 : 5107200, `${name} must be a whole number of at least ${least}`)
  return Number(whole)
}

function limit(argument: Value): Stage {
  const most = amount('$limit', argument, 1)
  return function* (source) {
    let left = most
    for (const document of source) {
      yield document
      if (document && --left === 0) return
    }
  }
}

function skip(argument: Value): Stage {
  const count = amount('$skip', argument, 0)
  return (source) => {
    let left = count
    return each((document) => [left-- > 0 ? undefined : document])(source)
  }
}

function sort(argument: Value): Stage {
  const keyOf = sortKeys(parseSort(argument))
  return function* (source) {
    const list: { key: string; document: Value }[] = []
    for (const document of source) {
      if (document) list.push({ key: keyOf(document), document })
      yield undefined
    }
    for (const { document } of list.sort(byKey)) yield document
  }
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
  check(path?.startsWith('$') === true, 28818, "$unwind: path must be prefixed with a '$'")
  const keepEmpty = given.length > 0 && isTrue(fieldOf(argument, 'preserveNullAndEmptyArrays'))
  const name = path.slice(1)
  const read = fieldPath(name)
  return each((document) => {
    const value = read(document) ?? nullValue
    if (value.type === T.null) return [keepEmpty ? document : undefined]
    if (value.type !== T.array) return [document]
    const list = items(value).map((item) => withValue(document, name, item))
    return list.length === 0 && keepEmpty ? [withValue(document, name, undefined)] : list
  })
}

const stages: Readonly<Record<string, (argument: Value) => Stage>> = {
  $match: match,
  $sort: sort,
  $limit: limit,
  $skip: skip,
  $group: group,
  $count: count,
  $unwind: unwind,
  $project: project,
  $addFields: setFields,
  $set: setFields,
  $unset: unset,
  $replaceRoot: replaceRoot,
  $replaceWith: replaceWith,
}

/** Name and argument of a stage. */
export function stageOf(stage: Value): { name: string; argument: Value } {
  check(stage.type === T.object, 14, 'Each element of the pipeline must be an object')
  const [only, ...others] = elements(stage)
  check(only !== undefined && others.length === 0, 40323, 'a stage must have exactly one field')
  return { name: only.name, argument: only.value }
}

/** Makes a pipeline ready to run. */
export function compilePipeline(list: readonly Value[]): Stage {
  const compiled = list.map((stage) => {
    const { name, argument } = stageOf(stage)
    const maker = own(stages, name)
    if (!maker) throw notHere(40324, `Unrecognized pipeline stage name: '${name}'`)
    return maker(argument)
  })
  return (source) => compiled.reduce((flow, stage) => stage(flow), source)
}
