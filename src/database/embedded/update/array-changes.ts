import { wholeOf } from '../bson/arithmetic.js'
import { sameValue } from '../bson/compare.js'
import { keyText } from '../bson/order-key.js'
import { elements, fieldOf, firstName, items } from '../bson/read.js'
import { show } from '../bson/show.js'
import { documentAt, isNumber, numberOf, T, typeName, type Value } from '../bson/value.js'
import { arrayValue, encode } from '../bson/write.js'
import { CommandError } from '../errors.js'
import type { Filter } from '../match/filter.js'
import { compileFilter } from '../match/match.js'
import { isOperators, parseFilter, parseOperators } from '../match/parse-filter.js'
import { byKey, parseSort, sortKeys } from '../sort/sort-key.js'
import type { Change } from './tree.js'

const bad = (message: string): CommandError => new CommandError(2, message)

/** The items of the array that is to be changed; a missing one is empty. */
function listOf(current: Value | undefined, operator: string, path: string): Value[] {
  if (!current) return []
  if (current.type === T.array) return items(current)
  throw bad(
    `The field '${path}' must be an array but is of type ${typeName(current.type)} (in ${operator})`,
  )
}

const hasEach = (value: Value): boolean => value.type === T.object && firstName(value) === '$each'

function eachOf(operator: string, value: Value): Value[] {
  const each = fieldOf(value, '$each')
  if (each?.type === T.array) return items(each)
  throw bad(
    `The argument to $each in ${operator} must be an array but it was of type ${typeName(each?.type ?? 0)}`,
  )
}

function wholeModifier(name: string, value: Value | undefined): number | undefined {
  if (!value) return undefined
  const whole = isNumber(value.type) ? wholeOf(value) : undefined
  if (whole === undefined)
    throw bad(`The value for ${name} must be an integer value but was given: ${show(value)}`)
  return Number(whole)
}

/** The order that `$sort` of `$push` gives: by the items themselves, or by their fields. */
function sorter(sort: Value | undefined): ((list: Value[]) => Value[]) | undefined {
  if (!sort) return undefined
  const whole = sort.type !== T.object
  const direction = whole && isNumber(sort.type) ? numberOf(sort) : 0
  if (whole && direction !== 1 && direction !== -1) {
    throw bad('The $sort element value must be either 1 or -1')
  }
  const keyOf = whole
    ? sortKeys([{ path: 'item', descending: direction < 0 }])
    : sortKeys(parseSort(sort))
  const wrap = (item: Value): Value => {
    if (!whole) return item.type === T.object ? item : documentAt(encode({}))
    return documentAt(encode({ item: item.type === T.array ? arrayValue([item]) : item }))
  }
  return (list) =>
    list
      .map((item) => ({ item, key: keyOf(wrap(item)) }))
      .sort(byKey)
      .map(({ item }) => item)
}

const modifiers = new Set(['$each', '$slice', '$sort', '$position'])

/** `$push`, with or without `$each` and its modifiers. */
export function push(path: string, value: Value): Change {
  if (!hasEach(value)) {
    return (current) => arrayValue([...listOf(current, '$push', path), value])
  }
  const odd = elements(value).find(({ name }) => !modifiers.has(name))
  if (odd) throw bad(`Unrecognized clause in $push: ${odd.name}`)
  const added = eachOf('$push', value)
  const position = wholeModifier('$position', fieldOf(value, '$position'))
  const slice = wholeModifier('$slice', fieldOf(value, '$slice'))
  const sort = sorter(fieldOf(value, '$sort'))
  return (current) => {
    const list = listOf(current, '$push', path)
    const at =
      position === undefined
        ? list.length
        : position < 0
          ? Math.max(0, list.length + position)
          : position
    list.splice(at, 0, ...added)
    const ordered = sort ? sort(list) : list
    if (slice === undefined) return arrayValue(ordered)
    return arrayValue(slice < 0 ? ordered.slice(slice) : ordered.slice(0, slice))
  }
}

/** `$addToSet`: what is not there yet, numbers of different types being the same. */
export function addToSet(path: string, value: Value): Change {
  const added = hasEach(value) ? eachOf('$addToSet', value) : [value]
  return (current) => {
    const list = listOf(current, '$addToSet', path)
    const known = new Set(list.map(keyText))
    const fresh = added.filter((item) => {
      const key = keyText(item)
      if (known.has(key)) return false
      known.add(key)
      return true
    })
    if (fresh.length === 0 && current) return undefined
    return arrayValue([...list, ...fresh])
  }
}

export function pop(path: string, value: Value): Change {
  const side = isNumber(value.type) ? numberOf(value) : Number.NaN
  if (side !== 1 && side !== -1)
    throw new CommandError(9, `$pop expects 1 or -1, found: ${show(value)}`)
  return (current) => {
    const list = listOf(current, '$pop', path)
    if (list.length === 0) return undefined
    return arrayValue(side === 1 ? list.slice(0, -1) : list.slice(1))
  }
}

function removing(operator: string, path: string, goes: (item: Value) => boolean): Change {
  return (current) => {
    const list = listOf(current, operator, path)
    const rest = list.filter((item) => !goes(item))
    return rest.length === list.length ? undefined : arrayValue(rest)
  }
}

/** What `$pull` takes out: items equal to a value, or items that meet a condition. */
export function pull(path: string, value: Value): Change {
  if (value.type === T.object && !isOperators(value)) {
    const matches = compileFilter(parseFilter(value, true))
    return removing('$pull', path, (item) => item.type === T.object && matches(item))
  }
  if (value.type !== T.object && value.type !== T.regex) {
    return removing('$pull', path, (item) => sameValue(item, value))
  }
  const asked = value.type === T.regex ? documentAt(encode({ $regex: value })) : value
  const filter: Filter = { kind: 'and', parts: parseOperators(undefined, asked) }
  const matches = compileFilter(filter)
  return removing('$pull', path, (item) => matches(item))
}

export function pullAll(path: string, value: Value): Change {
  if (value.type !== T.array) {
    throw bad(`$pullAll requires an array argument but was given a ${typeName(value.type)}`)
  }
  const unwanted = new Set(items(value).map(keyText))
  return removing('$pullAll', path, (item) => unwanted.has(keyText(item)))
}
