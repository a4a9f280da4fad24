import { compute, wholeOf } from '../bson/numbers.js'
import { compareValues, keyText } from '../bson/order-key.js'
import { show } from '../bson/show.js'
import { T, typeName, Value } from '../bson/value.js'
import { arrayValue, encode, make } from '../bson/write.js'
import { check } from '../errors.js'
import { byKey, parseSort, sortKeys } from '../indexes/keys.js'
import { compileFilter, pathOf } from '../match/filter.js'
import { equal, isOperators, parseFilter, parseOperators } from '../match/parse-filter.js'
import { type Change, removed } from './edit.js'

/** `$inc` and `$mul`. */
export function arithmetic(sign: '+' | '*', path: string, by: Value): Change {
  const [operator, verb] = sign === '+' ? ['$inc', 'increment'] : ['$mul', 'multiply']
  check(by.isNumber(), 14, `Cannot ${verb} with non-numeric argument: {${path}: ${show(by)}}`)
  return (current) => {
    if (!current) return sign === '+' ? by : compute('*', make(0), by)
    const kind = typeName(current)
    check(current.isNumber(), 14, `Cannot apply ${operator} to '${path}' of type ${kind}`)
    const result = compute(sign, current, by, true)
    check(result !== undefined, 2, `Failed to apply ${operator} to (${show(current)})`)
    return result
  }
}

export const extreme =
  (sign: 1 | -1, value: Value): Change =>
  (current) =>
    !current || compareValues(value, current) * sign > 0 ? value : undefined

/** `$currentDate`: `true`, or the type that is wanted. */
export function currentDate(value: Value, now: () => Date): Change {
  const wanted = value.type === T.object ? value.field('$type')?.text() : 'date'
  const sound =
    value.type === T.bool ||
    (value.type === T.object && (wanted === 'date' || wanted === 'timestamp'))
  check(sound, 2, "The '$type' string field is required to be 'date' or 'timestamp'")
  if (wanted === 'date') return () => make(now())
  return () => {
    const seconds = BigInt(Math.floor(now().getTime() / 1000))
    const { bytes, at, end } = make((seconds << 32n) | 1n)
    return new Value(T.timestamp, bytes, at, end)
  }
}

export const unset: Change = (current) => (current ? removed : undefined)

/** The items of the array that is to be changed; a missing one is empty. */
function listOf(current: Value | undefined, path: string): Value[] {
  check(!current || current.type === T.array, 2, `'${path}' must be an array: ${typeName(current)}`)
  return current ? current.items() : []
}

/** The list of `$each`, beside which only these modifiers may stand. */
function listOfEach(operator: string, value: Value, modifiers: readonly string[]): Value[] {
  const each = value.field('$each')
  check(each?.type === T.array, 2, `$each must be an array but was ${typeName(each)}`)
  const odd = value.elements().find(({ name }) => name !== '$each' && !modifiers.includes(name))
  check(!odd, 2, `Unrecognized clause in ${operator}: ${odd?.name ?? ''}`)
  return each.items()
}

function wholeModifier(value: Value, name: string): number | undefined {
  const given = value.field(name)
  const whole = wholeOf(given)
  check(!given || whole !== undefined, 2, `The value for ${name} must be an integer value`)
  return whole
}

/** The order that `$sort` of `$push` gives: by the items themselves, or by their fields. */
function sorter(sort: Value | undefined): (list: Value[]) => Value[] {
  if (!sort) return (list) => list
  const byFields = sort.type === T.object
  const direction = sort.number()
  check(byFields || direction === 1 || direction === -1, 2, 'The $sort element must be 1 or -1')
  const keyOf = sortKeys(
    byFields ? parseSort(sort) : [{ ...pathOf('item'), descending: direction < 0 }],
  )
  const wrap = (item: Value): Value => {
    if (byFields) return item.type === T.object ? item : encode({})
    // An array counts as a whole here, not by its items.
    return encode({ item: item.type === T.array ? [item] : item })
  }
  return (list) =>
    list
      .map((item) => ({ item, key: keyOf(wrap(item)) }))
      .sort(byKey)
      .map(({ item }) => item)
}

/** `$push`, with or without `$each` and its modifiers. */
export function push(path: string, value: Value): Change {
  const plain = value.type !== T.object || !value.field('$each')
  if (plain) return (current) => arrayValue([...listOf(current, path), value])
  const more = listOfEach('$push', value, ['$slice', '$sort', '$position'])
  const position = wholeModifier(value, '$position')
  const slice = wholeModifier(value, '$slice')
  const sort = sorter(value.field('$sort'))
  return (current) => {
    const list = listOf(current, path)
    // A negative position counts from the end, as `splice` does.
    list.splice(position ?? list.length, 0, ...more)
    const ordered = sort(list)
    if (slice === undefined) return arrayValue(ordered)
    return arrayValue(slice < 0 ? ordered.slice(slice) : ordered.slice(0, slice))
  }
}

/** `$addToSet`: what is not there yet, numbers of different types being the same. */
export function addToSet(path: string, value: Value): Change {
  const several = value.type === T.object && value.firstName() === '$each'
  const more = several ? listOfEach('$addToSet', value, []) : [value]
  return (current) => {
    const list = listOf(current, path)
    const known = new Set(list.map(keyText))
    const fresh = more.filter((item) => known.size !== known.add(keyText(item)).size)
    return fresh.length === 0 && current ? undefined : arrayValue([...list, ...fresh])
  }
}

const removing =
  (path: string, goes: (item: Value) => boolean): Change =>
  (current) => {
    const list = listOf(current, path)
    const rest = list.filter((item) => !goes(item))
    return rest.length === list.length ? undefined : arrayValue(rest)
  }

/** What `$pull` takes out: items equal to a value, or items that meet a condition. */
export function pull(path: string, value: Value): Change {
  if (value.type !== T.object) {
    const { meets } = equal(value)
    return removing(path, (item) => meets(item) === true)
  }
  const ofItems = isOperators(value)
  const matches = compileFilter(ofItems ? parseOperators(undefined, value) : parseFilter(value))
  return removing(path, (item) => (ofItems || item.type === T.object) && matches(item))
}

export function pullAll(path: string, value: Value): Change {
  check(value.type === T.array, 2, `$pullAll requires an array, not a ${typeName(value)}`)
  const unwanted = new Set(value.items().map(keyText))
  return removing(path, (item) => unwanted.has(keyText(item)))
}
