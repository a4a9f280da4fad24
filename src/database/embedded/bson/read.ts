import { endOf, T, textOf, type Value } from './value.js'

/** A field name as the bytes that stand in documents. */
export type Name = Buffer

export const nameOf = (text: string): Name => Buffer.from(text, 'utf8')

export interface Element {
  readonly name: string
  readonly value: Value
}

/** The value of a field; nothing where the document has no such field. */
export function field(document: Value, name: Name): Value | undefined {
  const { bytes } = document
  const last = document.end - 1
  const length = name.length
  let at = document.at + 4
  while (at < last) {
    const type = bytes[at] ?? 0
    let i = at + 1
    let matched = 0
    while (matched < length && bytes[i] === name[matched]) {
      i++
      matched++
    }
    const same = matched === length && bytes[i] === 0
    while (bytes[i] !== 0) i++
    const end = endOf(type, bytes, i + 1)
    if (same) return { type, bytes, at: i + 1, end }
    at = end
  }
  return undefined
}

/** The value of a field by its text, for the few fields of a command. */
export const fieldOf = (document: Value, name: string): Value | undefined =>
  field(document, nameOf(name))

/** Walks the values of a document or array until `visit` says true; whether it did. */
export function someItem(
  document: Value,
  visit: (item: Value, index: number, nameAt: number) => boolean,
): boolean {
  const { bytes } = document
  const last = document.end - 1
  let at = document.at + 4
  for (let index = 0; at < last; index++) {
    const type = bytes[at] ?? 0
    const nameAt = at + 1
    at = nameAt
    while (bytes[at] !== 0) at++
    const end = endOf(type, bytes, at + 1)
    if (visit({ type, bytes, at: at + 1, end }, index, nameAt)) return true
    at = end
  }
  return false
}

/** The fields of a document, or the items of an array under their index as name, in order. */
export function elements(document: Value): Element[] {
  const found: Element[] = []
  someItem(document, (value, _, nameAt) => {
    found.push({ name: value.bytes.toString('utf8', nameAt, value.at - 1), value })
    return false
  })
  return found
}

/** The items of an array. */
export function items(array: Value): Value[] {
  const found: Value[] = []
  someItem(array, (item) => found.push(item) === 0)
  return found
}

export const isEmpty = (document: Value): boolean => document.end - document.at === 5

/** The name of the first field, such as the name of a command or of an operator. */
export function firstName(document: Value): string | undefined {
  if (isEmpty(document)) return undefined
  const start = document.at + 5
  return document.bytes.toString('utf8', start, document.bytes.indexOf(0, start))
}

/** The text of a value that must be a string; nothing where it is not. */
export const stringOf = (value: Value | undefined): string | undefined =>
  value?.type === T.string ? textOf(value) : undefined
