import { KeyWriter } from '../bson/order-key.js'
import { elements, nameOf } from '../bson/read.js'
import { numberOf, T, type Value } from '../bson/value.js'
import { check, notHere } from '../errors.js'
import { tuplesOf } from '../indexes/keys.js'

/** One field of a sort, or of an index. */
export interface OrderField {
  readonly path: string
  readonly descending: boolean
}

/** Takes a sort such as `{ due: 1, name: -1 }` apart. */
export function parseSort(sort: Value | undefined): OrderField[] {
  if (!sort) return []
  check(sort.type === T.object, 14, 'the sort must be a document')
  return elements(sort).map(({ name, value }) => {
    if (value.type === T.object || name === '$natural') throw notHere(2, `sort by '${name}'`)
    const direction = numberOf(value)
    check(
      direction === 1 || direction === -1,
      15975,
      '$sort key ordering must be 1 (for ascending) or -1 (for descending)',
    )
    const parts = name.split('.')
    check(!parts.includes('') && !name.startsWith('$'), 15998, `'${name}' is not a valid FieldPath`)
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
export function sortKeys(sort: readonly OrderField[]): (document: Value) => string {
  const paths = sort.map(({ path }) => path.split('.').map(nameOf))
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
