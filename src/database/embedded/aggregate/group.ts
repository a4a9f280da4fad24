import { keyText } from '../bson/order-key.js'
import { elements, fieldOf } from '../bson/read.js'
import { detach, T, type Value } from '../bson/value.js'
import { nullValue, objectValue } from '../bson/write.js'
import { check } from '../errors.js'
import type { Flow } from '../flow.js'
import { type Accumulator, accumulatorOf } from './accumulate.js'
import { compileExpression } from './expression.js'

function readField(name: string, value: Value) {
  const [only, ...others] = value.type === T.object ? elements(value) : []
  const one = only !== undefined && others.length === 0 && !name.includes('.')
  check(one, 40234, `The field '${name}' must be one accumulator object`)
  return { name, make: accumulatorOf(only.name), input: compileExpression(only.value) }
}

/** `$group`: one document for each value of `_id`, in the order in which they were first seen. */
export function group(argument: Value): (source: Flow<Value>) => Flow<Value> {
  check(argument.type === T.object, 15947, "a group's fields must be specified in an object")
  const id = fieldOf(argument, '_id')
  check(id !== undefined, 15955, 'a group specification must include an _id')
  const key = compileExpression(id)
  const fields = elements(argument)
    .filter(({ name }) => name !== '_id')
    .map(({ name, value }) => readField(name, value))
  return function* (source) {
    const groups = new Map<string, { id: Value; accumulators: Accumulator[] }>()
    for (const document of source) {
      if (document) {
        const value = key(document) ?? nullValue
        const text = keyText(value)
        let found = groups.get(text)
        if (!found) {
          found = { id: detach(value), accumulators: fields.map(({ make }) => make()) }
          groups.set(text, found)
        }
        for (const [i, { input }] of fields.entries()) found.accumulators[i]?.add(input(document))
      }
      yield undefined
    }
    for (const { id: value, accumulators } of groups.values()) {
      const made = accumulators.map((each, i) => [fields[i]?.name ?? '', each.result()] as const)
      yield objectValue([['_id', value], ...made])
    }
  }
}
