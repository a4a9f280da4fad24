import { KeyWriter } from '../bson/order-key.js'
import { elements, nameOf, type Name, stringOf } from '../bson/read.js'
import { isNumber, numberOf, T, type Value } from '../bson/value.js'
import { CommandError, notHere } from '../errors.js'
import { tuplesOf } from '../indexes/keys.js'
import type { SortField } from '../indexes/plan.js'

/** Takes a sort such as `{ due: 1, name: -1 }` apart. */
export function parseSort(sort: Value | undefined): SortField[] {
  if (!sort) return []
  if (sort.type !== T.object) throw new CommandError(14, 'the sort must be a document')
  return elements(sort).map(({ name, value }) => {
    if (value.type === T.object) throw notHere(2, `sort by an expression ('${name}')`)
    const direction = isNumber(value.type) ? numberOf(value) : Number.NaN
    if (direction !== 1 && direction !== -1) {
      throw new CommandError(
        15975,
        `$sort key ordering must be 1 (for ascending) or -1 (for descending), not ${stringOf(value) ?? direction}`,
      )
    }
    const parts = name.split('.')
    if (parts.includes(''))
      throw new CommandError(15998, 'FieldPath field names may not be empty strings.')
    if (name.startsWith('$'))
      throw new CommandError(
        16410,
        `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
      )
    if (parts.some((part) => /^\d+$/.test(part)))
      throw notHere(2, `sort by a position of an array ('${name}')`)
    return { path: name, descending: direction < 0 }
  })
}

const writer = new KeyWriter()

/**
 * Makes the text by which documents are put in order. Of a field that is an array counts the least
 * item, or the greatest where the order is descending.
 */
export function sortKeys(sort: readonly SortField[]): (document: Value) => string {
  const paths: Name[][] = sort.map(({ path }) => path.split('.').map(nameOf))
  return (document) => {
    let least: string | undefined
    for (const tuple of tuplesOf(document, paths).tuples) {
      writer.start()
      for (const [i, value] of tuple.entries()) writer.add(value, sort[i]?.descending)
      const key = writer.takeText()
      if (least === undefined || key < least) least = key
    }
    return least ?? ''
  }
}

export const byKey = (a: { readonly key: string }, b: { readonly key: string }): number =>
  a.key < b.key ? -1 : a.key > b.key ? 1 : 0
