import { isTrue } from '../bson/arithmetic.js'
import { elements, field, firstName, items, type Name, nameOf } from '../bson/read.js'
import { show } from '../bson/show.js'
import { T, textOf, type Value } from '../bson/value.js'
import { arrayValue, nullValue, objectValue } from '../bson/write.js'
import { CommandError, notHere } from '../errors.js'
import { own } from '../own.js'
import type { Context, Expression } from './expression.js'
import { operators } from './operators.js'

/** Makes an aggregation expression ready to run. Throws for operators that are unknown or not here. */
export function compileExpression(value: Value): Expression {
  switch (value.type) {
    case T.string:
      return compileText(value)
    case T.object:
      return compileObject(value)
    case T.array: {
      const parts = items(value).map(compileExpression)
      return (context) => arrayValue(parts.map((part) => part(context) ?? nullValue))
    }
    default:
      return () => value
  }
}

/** Whether an expression holds for a document, as in `$expr`. */
export const holds = (expression: Expression, document: Value): boolean =>
  isTrue(expression({ root: document, scope: undefined }))

function compileText(value: Value): Expression {
  const text = textOf(value)
  if (!text.startsWith('$')) return () => value
  if (text.startsWith('$$')) return compileVariable(text.slice(2))
  return fieldPath(text.slice(1))
}

function partsOf(path: string): Name[] {
  const parts = path.split('.')
  if (path === '') throw new CommandError(16872, "'$' by itself is not a valid FieldPath")
  if (parts.includes(''))
    throw new CommandError(15998, 'FieldPath field names may not be empty strings.')
  if (parts.some((part) => part.startsWith('$'))) {
    throw new CommandError(16410, "FieldPath field names may not start with '$'.")
  }
  return parts.map(nameOf)
}

/** The expression `$a.b`: through arrays it gathers the values of their items. */
export function fieldPath(path: string): Expression {
  const parts = partsOf(path)
  return ({ root }) => walk(root, parts, 0)
}

function walk(value: Value, parts: readonly Name[], from: number): Value | undefined {
  let current: Value | undefined = value
  for (let i = from; i < parts.length; i++) {
    const part = parts[i]
    if (!part || !current) return undefined
    if (current.type === T.array) {
      const rest = i
      const found = items(current).flatMap((item) => {
        const inner = item.type === T.object ? walk(item, parts, rest) : undefined
        return inner ? [inner] : []
      })
      return arrayValue(found)
    }
    if (current.type !== T.object) return undefined
    current = field(current, part)
  }
  return current
}

function compileVariable(text: string): Expression {
  const [name = '', ...rest] = text.split('.')
  const parts = rest.length > 0 ? partsOf(rest.join('.')) : []
  const follow = (value: Value | undefined): Value | undefined => value && walk(value, parts, 0)
  if (name === 'ROOT' || name === 'CURRENT') return ({ root }) => follow(root)
  if (name === 'REMOVE') return () => undefined
  if (/^[A-Z]/.test(name)) throw notHere(17276, `Use of undefined variable: ${name}`)
  return (context) => follow(lookUp(name, context))
}

function lookUp(name: string, { scope }: Context): Value | undefined {
  for (let at = scope; at; at = at.outer) if (at.name === name) return at.value
  throw new CommandError(17276, `Use of undefined variable: ${name}`)
}

function compileObject(value: Value): Expression {
  const first = firstName(value)
  const given = elements(value)
  if (first?.startsWith('$')) {
    const [only] = given
    if (given.length !== 1 || !only) {
      throw new CommandError(
        15983,
        `an object representing an expression must have exactly one field: ${show(value)}`,
      )
    }
    const operator = own(operators, first)
    if (!operator) throw notHere(168, `Unrecognized expression '${first}'`)
    return operator(only.value, compileExpression, first)
  }
  const fields = given.map((element) => {
    if (element.name.startsWith('$'))
      throw new CommandError(15983, `unexpected ${element.name} in ${show(value)}`)
    return { name: element.name, input: compileExpression(element.value) }
  })
  return (context) =>
    objectValue(
      fields.flatMap(({ name, input }): [string, Value][] => {
        const result = input(context)
        return result ? [[name, result]] : []
      }),
    )
}
