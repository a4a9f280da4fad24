import { items } from '../bson/read.js'
import { T, type Value } from '../bson/value.js'
import { check } from '../errors.js'

/** An aggregation expression ready to run on a document; nothing means that the result is missing. */
export type Expression = (document: Value) => Value | undefined

/** Makes the expression of one operator from its argument. */
export type Operator = (
  argument: Value,
  compile: (argument: Value) => Expression,
  name: string,
) => Expression

export type Values = readonly (Value | undefined)[]

export const isNullish = (value: Value | undefined): boolean =>
  value === undefined || value.type === T.null || value.type === T.undefined

/** The arguments of an operator that takes exactly `count` of them, or any number. */
export function argumentsOf(argument: Value, name: string, count?: number): Value[] {
  const list = argument.type === T.array ? items(argument) : [argument]
  const right = count === undefined || list.length === count
  check(
    right,
    16020,
    `Expression ${name} takes exactly ${count ?? 0} arguments. ${list.length} were passed in.`,
  )
  return list
}

/** An operator that computes its arguments, all of them, and then its result. */
export const computing =
  (
    count: number | undefined,
    apply: (values: Values, name: string) => Value | undefined,
  ): Operator =>
  (argument, compile, name) => {
    const inputs = argumentsOf(argument, name, count).map(compile)
    return (document) =>
      apply(
        inputs.map((input) => input(document)),
        name,
      )
  }
