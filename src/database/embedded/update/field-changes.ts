import { compute } from '../bson/numbers.js'
import { compareValues } from '../bson/order-key.js'
import { fieldOf, isNumber, stringOf, T, typeName, type Value } from '../bson/value.js'
import { show } from '../bson/show.js'
import { make } from '../bson/write.js'
import { check } from '../errors.js'
import { type Change, removed } from './edit.js'

/** `$inc` and `$mul`. */
export function arithmetic(sign: '+' | '*', path: string, by: Value): Change {
  const [operator, verb] = sign === '+' ? ['$inc', 'increment'] : ['$mul', 'multiply']
  check(isNumber(by), 14, `Cannot ${verb} with non-numeric argument: {${path}: ${show(by)}}`)
  return (current) => {
    if (!current) return sign === '+' ? by : compute('*', make(0), by)
    const kind = typeName(current)
    check(isNumber(current), 14, `Cannot apply ${operator} to '${path}' of type ${kind}`)
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
  const wanted = value.type === T.object ? stringOf(fieldOf(value, '$type')) : 'date'
  const sound =
    value.type === T.bool ||
    (value.type === T.object && (wanted === 'date' || wanted === 'timestamp'))
  check(sound, 2, "The '$type' string field is required to be 'date' or 'timestamp'")
  if (wanted === 'date') return () => make(now())
  return () => {
    const seconds = BigInt(Math.floor(now().getTime() / 1000))
    return { ...make((seconds << 32n) | 1n), type: T.timestamp }
  }
}

export const unset: Change = (current) => (current ? removed : undefined)
