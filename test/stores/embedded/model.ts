/** A plain value of the kinds that the differential tests draw. */
export type Plain = null | boolean | number | string | readonly Plain[] | PlainDocument
export interface PlainDocument {
  readonly [name: string]: Plain
}

/**
 * A small second opinion on how MongoDB compares, matches, sorts and updates: written from its manual,
 * over plain JavaScript values, with nothing shared with the database under test.
 */
const kinds = ['null', 'number', 'string', 'object', 'array', 'boolean']

const kindOf = (value: Plain): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value

function compare(a: Plain, b: Plain): number {
  const kind = kindOf(a)
  if (kind !== kindOf(b)) return kinds.indexOf(kind) < kinds.indexOf(kindOf(b)) ? -1 : 1
  if (Array.isArray(a) && Array.isArray(b)) return compareLists(a, b)
  if (isDocument(a) && isDocument(b)) {
    const flat = (document: PlainDocument): Plain[] =>
      Object.entries(document).flatMap(([name, value]) => [
        kinds.indexOf(kindOf(value)),
        name,
        value,
      ])
    return compareLists(flat(a), flat(b))
  }
  const [left, right] = [a as string | number | boolean, b as string | number | boolean]
  return a === b ? 0 : left < right ? -1 : 1
}

function compareLists(a: readonly Plain[], b: readonly Plain[]): number {
  for (const [i, item] of a.entries()) {
    if (i >= b.length) return 1
    const order = compare(item, b[i] ?? null)
    if (order !== 0) return order
  }
  return a.length < b.length ? -1 : 0
}

const isDocument = (value: Plain | undefined): value is PlainDocument =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every value that a path leads to; `undefined` where it leads to a place with nothing. */
function reached(value: Plain | undefined, path: readonly string[]): (Plain | undefined)[] {
  const [name, ...rest] = path
  if (name === undefined) return Array.isArray(value) ? [...(value as Plain[]), value] : [value]
  if (Array.isArray(value)) {
    return (value as Plain[]).flatMap((item) => (isDocument(item) ? reached(item, path) : []))
  }
  return reached(isDocument(value) ? value[name] : undefined, isDocument(value) ? rest : [])
}

type Operators = Readonly<Record<string, Plain>>

function holds(value: Plain | undefined, operator: string, wanted: Plain): boolean {
  const present = value ?? null
  const sameKind = kindOf(present) === kindOf(wanted) && (value !== undefined || wanted === null)
  switch (operator) {
    case '$eq':
      return sameKind && compare(present, wanted) === 0
    case '$gt':
      return sameKind && compare(present, wanted) > 0
    case '$gte':
      return sameKind && compare(present, wanted) >= 0
    case '$lt':
      return sameKind && compare(present, wanted) < 0
    case '$lte':
      return sameKind && compare(present, wanted) <= 0
    case '$in':
      return (wanted as Plain[]).some((one) => holds(value, '$eq', one))
    case '$exists':
      return value !== undefined
    default:
      throw new Error(`the model does not know ${operator}`)
  }
}

const negations: Readonly<Record<string, string>> = { $ne: '$eq', $nin: '$in' }

/** Whether a document meets a query of paths with operators, and `$and`, `$or`, `$nor` of such. */
export function matches(document: PlainDocument, query: PlainDocument): boolean {
  return Object.entries(query).every(([name, asked]) => {
    const parts = asked as readonly PlainDocument[]
    if (name === '$and') return parts.every((part) => matches(document, part))
    if (name === '$or') return parts.some((part) => matches(document, part))
    if (name === '$nor') return !parts.some((part) => matches(document, part))
    const found = reached(document, name.split('.'))
    return Object.entries(asked as Operators).every(([operator, wanted]) => {
      if (operator === '$exists' && wanted === false)
        return !found.some((value) => value !== undefined)
      const plain = negations[operator]
      if (plain) return !found.some((value) => holds(value, plain, wanted))
      return found.some((value) => holds(value, operator, wanted))
    })
  })
}

/** What a sort sees of a field: the least or greatest item of an array, and less than null if it is empty. */
function sortValue(document: PlainDocument, path: string, direction: number): Plain | undefined {
  const value = document[path]
  if (!Array.isArray(value)) return value ?? null
  const items = [...(value as Plain[])].sort((a, b) => compare(a, b) * direction)
  return items[0]
}

export function sorted(
  documents: readonly PlainDocument[],
  sort: Readonly<Record<string, number>>,
): PlainDocument[] {
  return [...documents].sort((a, b) => {
    for (const [path, direction] of Object.entries(sort)) {
      const [left, right] = [sortValue(a, path, direction), sortValue(b, path, direction)]
      const order =
        left === undefined || right === undefined
          ? Number(left !== undefined) - Number(right !== undefined)
          : compare(left, right)
      if (order !== 0) return order * direction
    }
    return 0
  })
}

/** What stands for a change that is refused. */
export const refused = Symbol('refused')

/** The field after one operator of an update; `undefined` where it is gone. */
export function updated(
  current: Plain | undefined,
  operator: string,
  value: Plain,
): Plain | undefined | typeof refused {
  const list = Array.isArray(current) ? (current as Plain[]) : undefined
  switch (operator) {
    case '$set':
      return value
    case '$unset':
      return undefined
    case '$inc':
      if (current === undefined) return value
      return typeof current === 'number' ? current + Number(value) : refused
    case '$min':
      return current === undefined || compare(value, current) < 0 ? value : current
    case '$max':
      return current === undefined || compare(value, current) > 0 ? value : current
    case '$push':
      if (current === undefined) return [value]
      return list ? [...list, value] : refused
    case '$addToSet':
      if (current === undefined) return [value]
      if (!list) return refused
      return list.some((item) => compare(item, value) === 0) ? list : [...list, value]
    case '$pull':
      if (current === undefined) return undefined
      return list ? list.filter((item) => compare(item, value) !== 0) : refused
    default:
      throw new Error(`the model does not know ${operator}`)
  }
}
