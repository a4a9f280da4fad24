import { elements, field, firstName, items, type Name, nameOf } from '../bson/read.js'
import { T, textOf, type Value } from '../bson/value.js'
import { arrayValue, nullValue, objectValue } from '../bson/write.js'
import { check, notHere } from '../errors.js'

/** An aggregation expression ready to run on a document; nothing means that the result is missing. */
export type Expression = (document: Value) => Value | undefined

/** Makes an expression ready to run: a path, a constant, or a document or list of expressions. */
export function compileExpression(value: Value): Expression {
  if (value.type === T.string && textOf(value).startsWith('$')) return compilePath(textOf(value))
  if (value.type === T.object) {
    const operator = firstName(value)
    if (operator?.startsWith('$')) throw notHere(168, `Unrecognized expression '${operator}'`)
    const fields = elements(value).map((each) => ({
      ...each,
      input: compileExpression(each.value),
    }))
    return (document) =>
      objectValue(
        fields.flatMap(({ name, input }): [string, Value][] => {
          const result = input(document)
          return result ? [[name, result]] : []
        }),
      )
  }
  if (value.type !== T.array) return () => value
  const parts = items(value).map(compileExpression)
  return (document) => arrayValue(parts.map((part) => part(document) ?? nullValue))
}

function compilePath(text: string): Expression {
  const root = /^\$\$(?:ROOT|CURRENT)(?:\.(.+))?$/.exec(text)
  if (root) return root[1] === undefined ? (document) => document : fieldPath(root[1])
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
