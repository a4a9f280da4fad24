import { compareToKey, keyBytes, keyText } from '../bson/order-key.js'
import { type Name, nameOf, T, type Value } from '../bson/value.js'
import { arrayValue, doubleValue, nullValue, objectValue, wholeValue } from '../bson/write.js'
import { check, notHere } from '../errors.js'
import type { Flow } from '../flow.js'

/** An aggregation expression ready to run on a document; nothing means that the result is missing. */
type Expression = (document: Value) => Value | undefined

/** Makes an expression ready to run: a path, a constant, or a document or list of expressions. */
function compileExpression(value: Value): Expression {
  const text = value.text()
  if (text?.startsWith('$')) return fieldPath(text)
  if (value.type === T.object) {
    const operator = value.firstName()
    if (operator?.startsWith('$')) throw notHere(168, `Unrecognized expression '${operator}'`)
    const fields = value.elements().map((each) => ({
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
  const parts = value.items().map(compileExpression)
  return (document) => arrayValue(parts.map((part) => part(document) ?? nullValue))
}

/** The expression `$a.b`: through arrays it gathers the values of their items. */
function fieldPath(text: string): Expression {
  if (text.startsWith('$$')) throw notHere(17276, `Use of undefined variable: ${text.slice(2)}`)
  const parts = text.slice(1).split('.')
  const sound = parts.every((part) => part !== '' && !part.startsWith('$'))
  check(sound, 16872, `'${text}' is not a valid FieldPath`)
  const names = parts.map(nameOf)
  return (document) => walk(document, names, 0)
}

function walk(start: Value, parts: readonly Name[], from: number): Value | undefined {
  let current = start
  for (let i = from; i < parts.length; i++) {
    if (current.type === T.array) {
      const objects = current.items().filter(({ type }) => type === T.object)
      return arrayValue(objects.flatMap((item) => walk(item, parts, i) ?? []))
    }
    const part = parts[i]
    const value = part && current.type === T.object ? current.field(part) : undefined
    if (!value) return undefined
    current = value
  }
  return current
}

/** Takes values one by one and gives what they come to. What is kept outlives the document it was in. */
interface Accumulator {
  add(value: Value | undefined): void
  result(): Value
}

/**
 * Sums whole numbers exactly, and fractions with the error of each step carried along, so that the
 * order of the values does not show in the result.
 */
function sum(): Accumulator {
  // Ints are added as numbers while that is exact, which is much quicker.
  let [whole, ints, small] = [0n, 0, true]
  let fractions: { sum: number; carried: number } | undefined
  return {
    add(value) {
      if (!value?.isNumber()) return
      if (value.type === T.decimal) throw notHere(238, 'Decimal128 arithmetic')
      const next = value.number()
      if (value.type === T.int && Number.isSafeInteger(ints + next)) ints += next
      else if (value.type !== T.double) whole += value.big()
      small &&= value.type === T.int
      if (value.type !== T.double) return
      const before = fractions?.sum ?? 0
      const after = before + next
      const [more, less] = Math.abs(before) >= Math.abs(next) ? [before, next] : [next, before]
      fractions = { sum: after, carried: (fractions?.carried ?? 0) + (more - after + less) }
    },
    result() {
      const exact = whole + BigInt(ints)
      if (!fractions && exact === BigInt.asIntN(64, exact)) return wholeValue(exact, small)
      const { sum: total, carried } = fractions ?? { sum: 0, carried: 0 }
      return doubleValue(total + (Number.isFinite(total) ? carried : 0) + Number(exact))
    },
  }
}

/** The first value, or the last. */
function keeping(last: boolean): Accumulator {
  let kept: Value | undefined
  return {
    add(value = nullValue) {
      if (last || !kept) kept = value.detach()
    },
    result: () => kept ?? nullValue,
  }
}

/** The least or the greatest value that is not null. */
function extreme(sign: 1 | -1): Accumulator {
  let kept: { readonly value: Value; readonly key: Buffer } | undefined
  return {
    add(value = nullValue) {
      if (value.type === T.null || (kept && compareToKey(value, kept.key) * sign <= 0)) return
      kept = { value: value.detach(), key: keyBytes(value) }
    },
    result: () => kept?.value ?? nullValue,
  }
}

const accumulators = new Map(
  Object.entries<() => Accumulator>({
    $sum: sum,
    $min: () => extreme(-1),
    $max: () => extreme(1),
    $first: () => keeping(false),
    $last: () => keeping(true),
  }),
)

function readField(name: string, value: Value) {
  const [only, ...others] = value.type === T.object ? value.elements() : []
  const one = only !== undefined && others.length === 0 && !name.includes('.')
  check(one, 40234, `The field '${name}' must be one accumulator object`)
  const make = accumulators.get(only.name)
  if (!make) throw notHere(15952, `unknown group operator '${only.name}'`)
  return { name, make, input: compileExpression(only.value) }
}

/** `$group`: one document for each value of `_id`, in the order in which they were first seen. */
export function group(argument: Value): (source: Flow<Value>) => Flow<Value> {
  check(argument.type === T.object, 15947, "a group's fields must be specified in an object")
  const id = argument.field('_id')
  check(id !== undefined, 15955, 'a group specification must include an _id')
  const key = compileExpression(id)
  const fields = argument
    .elements()
    .filter(({ name }) => name !== '_id')
    .map(({ name, value }) => readField(name, value))
  return function* (source) {
    const groups = new Map<string, { id: Value; accumulators: Accumulator[] }>()
    for (const document of source) {
      if (!document) {
        yield undefined
        continue
      }
      const value = key(document) ?? nullValue
      const text = keyText(value)
      let found = groups.get(text)
      if (!found) {
        found = { id: value.detach(), accumulators: fields.map(({ make }) => make()) }
        groups.set(text, found)
      }
      for (let i = 0; i < fields.length; i++) found.accumulators[i]?.add(fields[i]?.input(document))
    }
    for (const { id: value, accumulators } of groups.values()) {
      const made = accumulators.map((each, i) => [fields[i]?.name ?? '', each.result()] as const)
      yield objectValue([['_id', value], ...made])
    }
  }
}
