import { isTrue } from '../bson/arithmetic.js'
import { elements, field, firstName, items, type Name, nameOf } from '../bson/read.js'
import { show } from '../bson/show.js'
import { T, textOf, type Value } from '../bson/value.js'
import { arrayValue, nullValue, objectValue } from '../bson/write.js'
import { check, notHere } from '../errors.js'
import { own } from '../own.js'
import type { Expression } from './expression.js'
import { operators } from './operators.js'

/** Makes an aggregation expression ready to run. Throws for operators that are unknown or not here. */
export function compileExpression(value: Value): Expression {
  if (value.type === T.string) return compileText(value)
  if (value.type === T.object) return compileObject(value)
  if (value.type !== T.array) return () => value
  const parts = items(value).map(compileExpression)
  return (document) => arrayValue(parts.map((part) => part(document) ?? nullValue))
}

/** Whether an expression holds for a document, as in `$expr`. */
export const holds = (expression: Expression, document: Value): boolean =>
  isTrue(expression(document))

function compileText(value: Value): Expression {
  const text = textOf(value)
  if (!text.startsWith('$')) return () => value
  if (text === '$$ROOT' || text === '$$CURRENT') return (document) => document
  if (text.startsWith('$$')) throw notHere(17276, `Use of undefined variable: ${text.slice(2)}`)
  return fieldPath(text.slice(1))
}

/** The expression `$a.b`: through arrays it gathers the values of their items. */
export function fieldPath(path: string): Expression {
  const parts = path.split('.')
  const sound = parts.every((part) => part !== '' && !part.startsWith('$'))
  check(sound, 16872, `'$${path}' is not a valid FieldPath`)
  const names = parts.map(nameOf)
  return (document) => walk(document, names, 0)
}

function walk(start: Value, parts: readonly Name[], from: number): Value | undefined {
  let current = start
  for (let i = from; i < parts.length; i++) {
    if (current.type === T.array) {
      const objects = items(current).filter(({ type }) => type === T.object)
      return arrayValue(objects.flatMap((item) => walk(item, parts, i) ?? []))
    }
    const part = parts[i]
    const value = part && current.type === T.object ? field(current, part) : undefined
    if (!value) return undefined
    current = value
  }
  return current
}

function compileObject(value: Value): Expression {
  const given = elements(value)
  const first = firstName(value)
  if (!first?.startsWith('$')) {
    const fields = given.map((each) => ({ name: each.name, input: compileExpression(each.value) }))
    return (document) =>
      objectValue(
        fields.flatMap(({ name, input }): [string, Value][] => {
          const result = input(document)
          return result ? [[name, result]] : []
        }),
      )
  }
  const [only, ...others] = given
  check(
    only !== undefined && others.length === 0,
    15983,
    `an object representing an expression must have exactly one field: ${show(value)}`,
  )
  const operator = own(operators, first)
  if (!operator) throw notHere(168, `Unrecognized expression '${first}'`)
  return operator(only.value, compileExpression, first)
}
