import { keyText } from '../bson/order-key.js'
import { elements, fieldOf } from '../bson/read.js'
import { detach, T, type Value } from '../bson/value.js'
import { nullValue, objectValue } from '../bson/write.js'
import { CommandError } from '../errors.js'
import { type Accumulator, accumulatorOf } from '../expressions/accumulate.js'
import type { Expression } from '../expressions/expression.js'
import { compileExpression } from '../expressions/expressions.js'
import { gather, type StageMaker } from './stage.js'

interface Field {
  readonly name: string
  readonly make: () => Accumulator
  readonly input: Expression
}

function readField(name: string, value: Value): Field {
  const [only, ...others] = value.type === T.object ? elements(value) : []
  if (!only) throw new CommandError(40234, `The field '${name}' must be an accumulator object`)
  if (others.length > 0) {
    throw new CommandError(40238, `The field '${name}' must specify one accumulator`)
  }
  if (name.includes('.'))
    throw new CommandError(40235, `The field name '${name}' cannot contain '.'`)
  return { name, make: accumulatorOf(only.name), input: compileExpression(only.value) }
}

export const group: StageMaker = (argument) => {
  if (argument.type !== T.object) {
    throw new CommandError(15947, "a group's fields must be specified in an object")
  }
  const id = fieldOf(argument, '_id')
  if (!id) throw new CommandError(15955, 'a group specification must include an _id')
  const key = compileExpression(id)
  const fields = elements(argument)
    .filter(({ name }) => name !== '_id')
    .map(({ name, value }) => readField(name, value))
  return gather(() => {
    const groups = new Map<string, { id: Value; accumulators: Accumulator[] }>()
    return {
      add(document) {
        const context = { root: document, scope: undefined }
        const value = key(context) ?? nullValue
        const text = keyText(value)
        let found = groups.get(text)
        if (!found) {
          found = { id: detach(value), accumulators: fields.map(({ make }) => make()) }
          groups.set(text, found)
        }
        for (const [i, { input }] of fields.entries()) found.accumulators[i]?.add(input(context))
      },
      *results() {
        for (const { id: value, accumulators } of groups.values()) {
          const made = fields.map(({ name }, i): [string, Value] => [
            name,
            accumulators[i]?.result() ?? nullValue,
          ])
          yield objectValue([['_id', value], ...made])
        }
      },
    }
  })
}
