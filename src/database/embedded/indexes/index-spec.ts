import { wholeOf, isTrue } from '../bson/arithmetic.js'
import { identical } from '../bson/compare.js'
import { elements, fieldOf, nameOf, stringOf } from '../bson/read.js'
import { show } from '../bson/show.js'
import { detach, isNumber, numberOf, T, textOf, typeName, type Value } from '../bson/value.js'
import { intValue, make, objectValue } from '../bson/write.js'
import { CommandError, notHere } from '../errors.js'
import type { Filter } from '../match/filter.js'
import { compileFilter } from '../match/match.js'
import { parseFilter } from '../match/parse-filter.js'
import type { Index, IndexField } from './index.js'

const cannot = (message: string): CommandError => new CommandError(67, message)

const elsewhere = new Set(['text', 'hashed', '2d', '2dsphere', 'geoHaystack', 'columnstore'])

/** The fields of a key pattern such as `{ person: 1, at: -1 }`. */
export function indexFields(key: Value): IndexField[] {
  const fields = elements(key).map(({ name, value }): IndexField => {
    const kind = stringOf(value)
    if (kind !== undefined) {
      throw elsewhere.has(kind)
        ? notHere(67, `index type '${kind}'`)
        : cannot(`Unknown index plugin '${kind}'`)
    }
    if (!isNumber(value.type)) {
      throw cannot(
        `Values in v:2 index key pattern cannot be of type ${typeName(value.type)}. Only numbers > 0, numbers < 0, and strings are allowed.`,
      )
    }
    const direction = numberOf(value)
    if (direction === 0 || Number.isNaN(direction))
      throw cannot('Values in the index key pattern cannot be 0.')
    checkPath(name)
    return { path: name, descending: direction < 0 }
  })
  if (fields.length === 0) throw cannot('Index keys cannot be an empty object.')
  if (fields.length > 32) throw new CommandError(13103, 'too many compound keys')
  return fields
}

function checkPath(path: string): void {
  const parts = path.split('.')
  if (path.includes('$**')) throw notHere(67, 'wildcard indexes')
  if (parts.includes('')) throw cannot('Index keys cannot contain an empty field.')
  if (parts.some((part) => part.startsWith('$'))) {
    throw cannot(`Index key contains an illegal field name: field name starts with '$'.`)
  }
  if (parts.some((part) => /^\d+$/.test(part)))
    throw notHere(67, `positions of arrays in an index ('${path}')`)
}

/** The name that drivers give an index that has none: `person_1_at_-1`. */
export const defaultName = (fields: readonly IndexField[]): string =>
  fields.map(({ path, descending }) => `${path}_${descending ? -1 : 1}`).join('_')

/** What a partial index may ask. */
function checkPartial(filter: Filter): void {
  if (filter.kind === 'and' || filter.kind === 'or') {
    for (const part of filter.parts) checkPartial(part)
    return
  }
  const allowed = ['eq', 'gt', 'gte', 'lt', 'lte', 'in', 'exists', 'type']
  if (filter.kind === 'leaf' && allowed.includes(filter.test.op)) return
  throw cannot('unsupported expression in partial index')
}

const flags = new Set(['unique', 'sparse'])
/** Accepted and without effect, as in MongoDB itself: all builds are alike, and there is one version. */
const idle = new Set(['background', 'v', 'ns'])

/** The options of one index of `createIndexes`, checked; `spec` is what `listIndexes` will show. */
export function readSpec(given: Value): { fields: IndexField[]; name: string; spec: Value } {
  const key = fieldOf(given, 'key')
  if (key?.type !== T.object)
    throw new CommandError(9, "The 'key' field is a required property of an index specification")
  const fields = indexFields(key)
  const shown: [string, Value][] = [
    ['v', intValue(2)],
    ['key', key],
  ]
  const named = fieldOf(given, 'name')
  const name = named ? textOfName(named) : defaultName(fields)
  shown.push(['name', make(name)])
  for (const { name: option, value } of elements(given)) {
    if (option === 'key' || option === 'name' || idle.has(option)) continue
    checkOption(option, value, fields)
    if (!flags.has(option) || isTrue(value)) shown.push([option, value])
  }
  const options = new Set(shown.map(([option]) => option))
  if (options.has('sparse') && options.has('partialFilterExpression')) {
    throw cannot("cannot mix 'partialFilterExpression' and 'sparse' options")
  }
  return { fields, name, spec: detach(objectValue(shown)) }
}

function textOfName(value: Value): string {
  if (value.type !== T.string) throw new CommandError(14, "The field 'name' must be a string")
  const name = textOf(value)
  if (name === '' || name === '*') throw cannot(`invalid index name '${name}'`)
  return name
}

function checkOption(option: string, value: Value, fields: readonly IndexField[]): void {
  switch (option) {
    case 'unique':
    case 'sparse':
      if (value.type === T.bool || isNumber(value.type)) return
      throw new CommandError(
        14,
        `The field '${option}' has value ${show(value)}, which is not convertible to bool`,
      )
    case 'expireAfterSeconds': {
      const seconds = isNumber(value.type) ? numberOf(value) : Number.NaN
      if (!(seconds >= 0 && seconds <= 2 ** 31 - 1)) {
        throw cannot(
          `TTL index 'expireAfterSeconds' option must be within an acceptable range, but is ${show(value)}`,
        )
      }
      if (fields.length > 1)
        throw cannot('TTL indexes are single-field indexes, compound indexes do not support TTL')
      if (fields[0]?.path === '_id')
        throw cannot(`The field 'expireAfterSeconds' is not valid for an _id index specification.`)
      return
    }
    case 'partialFilterExpression':
      if (value.type !== T.object)
        throw new CommandError(14, "The field 'partialFilterExpression' must be an object")
      checkPartial(parseFilter(value))
      return
    case 'collation':
      if (stringOf(fieldOf(value, 'locale')) === 'simple') return
      throw notHere(67, 'collation of an index')
    default:
      throw notHere(
        197,
        `The field '${option}' is not valid for an index specification. Specification: an index option`,
      )
  }
}

/** An index ready to use, from its specification and what is known of its entries. */
export function openIndex(
  id: number,
  spec: Value,
  known?: { multikey: boolean[]; inexact: boolean },
): Index {
  const key = fieldOf(spec, 'key')
  const fields = key ? indexFields(key) : []
  const given = fieldOf(spec, 'partialFilterExpression')
  const filter = given && parseFilter(given)
  const seconds = fieldOf(spec, 'expireAfterSeconds')
  const top = (path: string): string => path.split('.', 1)[0] ?? path
  return {
    id,
    name: stringOf(fieldOf(spec, 'name')) ?? '',
    fields,
    paths: fields.map(({ path }) => path.split('.').map(nameOf)),
    unique: isTrue(fieldOf(spec, 'unique')) || fields.every(({ path }) => path === '_id'),
    sparse: isTrue(fieldOf(spec, 'sparse')),
    ...(filter ? { partial: { filter, matches: compileFilter(filter) } } : {}),
    ...(seconds ? { expireAfterSeconds: numberOf(seconds) } : {}),
    spec,
    depends: new Set([
      ...fields.map(({ path }) => top(path)),
      ...(filter ? pathsOf(filter).map(top) : []),
    ]),
    state: { multikey: fields.map(() => false), inexact: false, ...known, dropped: false },
  }
}

/** The paths that a query asks about. */
function pathsOf(filter: Filter): string[] {
  if (filter.kind === 'leaf') return filter.path ? [filter.path.text] : []
  if (filter.kind === 'not') return pathsOf(filter.part)
  return filter.kind === 'expr' ? [] : filter.parts.flatMap(pathsOf)
}

const identity = ['unique', 'sparse', 'partialFilterExpression']

function sameOption(a: Value, b: Value, option: string): boolean {
  const [left, right] = [fieldOf(a, option), fieldOf(b, option)]
  if (flags.has(option)) return isTrue(left) === isTrue(right)
  if (!left || !right) return left === right
  return isNumber(left.type) ? wholeOf(left) === wholeOf(right) : identical(left, right)
}

/** Whether two indexes of the same fields are the same index, whatever it is called. */
export const sameIdentity = (a: Value, b: Value): boolean =>
  identity.every((option) => sameOption(a, b, option))

/** Whether two indexes also agree in what may differ without making them two. */
export const sameExpiry = (a: Value, b: Value): boolean => sameOption(a, b, 'expireAfterSeconds')

/** Whether two indexes have the same fields in the same order and direction. */
export const sameFields = (a: readonly IndexField[], b: readonly IndexField[]): boolean =>
  a.length === b.length &&
  a.every(({ path, descending }, i) => path === b[i]?.path && descending === b[i].descending)
