import { elements, items } from '../bson/read.js'
import { T, typeName, type Value } from '../bson/value.js'
import { CommandError } from '../errors.js'

/** A variable such as `$$this`, and those around it. */
export interface Scope {
  readonly name: string
  readonly value: Value | undefined
  readonly outer: Scope | undefined
}

/** What an expression is evaluated against. */
export interface Context {
  readonly root: Value
  readonly scope: Scope | undefined
}

/** An aggregation expression ready to run; nothing means that the result is missing. */
export type Expression = (context: Context) => Value | undefined

export type Compile = (argument: Value) => Expression

/** Makes the expression of one operator from its argument. */
export type Operator = (argument: Value, compile: Compile, name: string) => Expression

/** Missing as MongoDB orders it: below null. */
export const missing: Value = { type: T.undefined, bytes: Buffer.alloc(0), at: 0, end: 0 }

export const isNullish = (value: Value | undefined): boolean =>
  value === undefined || value.type === T.null || value.type === T.undefined

export const typed = (value: Value | undefined): string =>
  value === undefined ? 'missing' : typeName(value.type)

/** The arguments of an operator that takes exactly `count` of them, or any number. */
export function argumentsOf(argument: Value, name: string, count?: number): Value[] {
  const list = argument.type === T.array ? items(argument) : [argument]
  if (count === undefined || list.length === count) return list
  throw new CommandError(
    16020,
    `Expression ${name} takes exactly ${count} arguments. ${list.length} were passed in.`,
  )
}

/** The named arguments of an operator such as `$filter`: all of `required`, none but those and `optional`. */
export function namedArguments(
  argument: Value,
  name: string,
  required: readonly string[],
  optional: readonly string[] = [],
): (part: string) => Value {
  if (argument.type !== T.object) {
    throw new CommandError(28646, `${name} only supports an object as its argument`)
  }
  const given = new Map(elements(argument).map((each) => [each.name, each.value]))
  for (const part of given.keys()) {
    if (!required.includes(part) && !optional.includes(part)) {
      throw new CommandError(28647, `Unrecognized parameter to ${name}: ${part}`)
    }
  }
  for (const part of required) {
    if (!given.has(part)) throw new CommandError(28648, `Missing '${part}' parameter to ${name}`)
  }
  return (part) => given.get(part) ?? missing
}

/** An operator of a fixed number of arguments. */
export const fixed =
  (
    count: number,
    apply: (values: readonly (Value | undefined)[], name: string) => Value | undefined,
  ): Operator =>
  (argument, compile, name) => {
    const inputs = argumentsOf(argument, name, count).map(compile)
    return (context) => {
      const values = inputs.map((input) => input(context))
      return apply(values, name)
    }
  }

/** An operator of any number of arguments. */
export const variadic =
  (apply: (values: readonly (Value | undefined)[], name: string) => Value | undefined): Operator =>
  (argument, compile, name) => {
    const inputs = argumentsOf(argument, name).map(compile)
    return (context) => {
      const values = inputs.map((input) => input(context))
      return apply(values, name)
    }
  }
