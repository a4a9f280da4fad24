import { wholeOf } from '../bson/numbers.js'
import { T, type Value } from '../bson/value.js'
import { encode } from '../bson/write.js'
import { check, notHere } from '../errors.js'
import type { Flow } from '../flow.js'
import { byKey, parseSort, sortKeys } from '../indexes/keys.js'
import { compileFilter } from '../match/filter.js'
import { parseFilter } from '../match/parse-filter.js'
import { group } from './group.js'
import { compileProjection } from './projection.js'

/** One stage of a pipeline: from the documents that come, those that go on. */
type Stage = (source: Flow<Value>) => Flow<Value>

/** A stage that makes of each document another, or none. */
export const each = (change: (document: Value) => Value | undefined): Stage =>
  function* (source) {
    for (const document of source) yield document && change(document)
  }

/** The query of a `$match`. */
export function matchOf(argument: Value) {
  check(argument.type === T.object, 15959, 'the match filter must be an expression in an object')
  return parseFilter(argument)
}

function match(argument: Value): Stage {
  const matches = compileFilter(matchOf(argument))
  return each((document) => (matches(document) ? document : undefined))
}

function project(argument: Value): Stage {
  const projection = argument.type === T.object ? compileProjection(argument) : undefined
  check(projection !== undefined, 51272, '$project specification must have at least one field')
  return each(projection)
}

/** The number of `$limit`, `$skip` and the like. */
function amount(name: string, value: Value, least: number): number {
  const whole = wholeOf(value)
  const right = whole !== undefined && whole >= least
  check(right, least === 1 ? 15958 : 5107200, `${name} must be a whole number of at least ${least}`)
  return whole
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
    return each((document) => (left-- > 0 ? undefined : document))(source)
  }
}

function sort(argument: Value): Stage {
  const keyOf = sortKeys(parseSort(argument))
  return function* (source) {
    const list: { key: string; document: Value }[] = []
    for (const document of source) {
      if (document) list.push({ key: keyOf(document), document })
      else yield undefined
    }
    for (const { document } of list.sort(byKey)) yield document
  }
}

function count(argument: Value): Stage {
  const name = argument.text()
  const sound = name !== undefined && name !== '' && !/^\$|\./.test(name)
  check(sound, 40156, 'the count field must be a non-empty string without $ and .')
  const counted = group(encode({ _id: null, [name]: { $sum: 1 } }))
  const shown = project(encode({ _id: 0 }))
  return (source) => shown(counted(source))
}

const stages = new Map(
  Object.entries<(argument: Value) => Stage>({
    $match: match,
    $sort: sort,
    $limit: limit,
    $skip: skip,
    $group: group,
    $count: count,
    $project: project,
  }),
)

/** A stage as it was given. */
interface Given {
  readonly name: string
  readonly argument: Value
}

export function stageOf(stage: Value): Given {
  check(stage.type === T.object, 14, 'Each element of the pipeline must be an object')
  const [only, ...others] = stage.elements()
  check(only !== undefined && others.length === 0, 40323, 'a stage must have exactly one field')
  return { name: only.name, argument: only.value }
}

/** Makes a pipeline ready to run. */
export function compilePipeline(list: readonly Given[]): Stage {
  const compiled = list.map(({ name, argument }) => {
    const maker = stages.get(name)
    if (!maker) throw notHere(40324, `Unrecognized pipeline stage name: '${name}'`)
    return maker(argument)
  })
  return (source) => compiled.reduce((flow, stage) => stage(flow), source)
}
