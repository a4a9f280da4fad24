import { T, typeName, type Value } from '../bson/value.js'
import { show } from '../bson/show.js'
import { encode } from '../bson/write.js'
import { check, notHere } from '../errors.js'
import { compileFilter, leavesOf } from '../match/filter.js'
import { parseFilter } from '../match/parse-filter.js'
import {
  addToSet,
  arithmetic,
  currentDate,
  extreme,
  pull,
  pullAll,
  push,
  unset,
} from './changes.js'
import { type ArrayFilters, type Edit, identifierOf } from './edit.js'

/** One change to one path; with `to`, a field that gets another name. */
export interface Step extends Pick<Edit, 'parts' | 'change' | 'create'> {
  readonly onInsert: boolean
  readonly to?: readonly string[]
}

/** Steps, with what `$[name]` in their paths stands for. */
export interface Steps {
  readonly kind: 'steps'
  readonly steps: readonly Step[]
  readonly filters: ArrayFilters
}

/** An update taken apart: a whole document to put in place, or steps in the order of their paths. */
export type Update = { readonly kind: 'replace'; readonly document: Value } | Steps

type Maker = (path: string, value: Value, now: () => Date) => Edit['change']

const creating: Readonly<Record<string, Maker>> = {
  $set: (_, value) => () => value,
  $setOnInsert: (_, value) => () => value,
  $inc: (path, value) => arithmetic('+', path, value),
  $mul: (path, value) => arithmetic('*', path, value),
  $min: (_, value) => extreme(-1, value),
  $max: (_, value) => extreme(1, value),
  $currentDate: (_, value, now) => currentDate(value, now),
  $push: push,
  $addToSet: addToSet,
}

/** The operators that leave a document alone where it has not got the field. */
const modest: Readonly<Record<string, Maker>> = {
  $unset: () => unset,
  $pull: pull,
  $pullAll: pullAll,
  $rename: () => unset,
}

const makers = new Map(Object.entries({ ...creating, ...modest }))

/** Takes an update apart, with its `arrayFilters`. Throws for what is unknown or wrong, and paths that collide. */
export function parseUpdate(value: Value, filters: Value | undefined, now: () => Date): Update {
  if (value.type === T.array) throw notHere(9, 'an update that is a pipeline')
  check(value.type === T.object, 9, 'Update argument must be either an object or an array')
  const fields = value.elements()
  if (!value.firstName()?.startsWith('$')) {
    const odd = fields.find(({ name }) => name.startsWith('$'))
    check(!odd, 52, `The dollar ($) prefixed field '${odd?.name ?? ''}' is not allowed`)
    parseArrayFilters(filters, [])
    return { kind: 'replace', document: value }
  }
  const steps = fields.flatMap(({ name, value: given }) => parseOperator(name, given, now))
  steps.sort((a, b) => comparePaths(a.parts, b.parts))
  checkConflicts(steps)
  return { kind: 'steps', steps, filters: parseArrayFilters(filters, steps) }
}

function parseOperator(operator: string, given: Value, now: () => Date): Step[] {
  const maker = makers.get(operator)
  if (!maker) throw notHere(9, `Unknown modifier: ${operator}`)
  check(given.type === T.object, 9, `Modifiers operate on fields, not on ${typeName(given)}`)
  return given.elements().map(({ name, value }): Step => {
    const parts = pathParts(name)
    const change = maker(name, value, now)
    const step = {
      parts,
      change,
      create: !Object.hasOwn(modest, operator),
      onInsert: operator === '$setOnInsert',
    }
    return operator === '$rename' ? { ...step, to: renameTarget(name, parts, value) } : step
  })
}

function renameTarget(from: string, parts: readonly string[], value: Value): string[] {
  const to = value.text()
  check(to !== undefined, 2, `The 'to' field for $rename must be a string: ${from}: ${show(value)}`)
  check(from !== to, 2, `The source and target field for $rename must differ: ${from}: "${to}"`)
  const dynamic = [...parts, ...to.split('.')].some((part) => part.startsWith('$'))
  check(!dynamic, 2, `The source and target field for $rename must not be dynamic: ${from}`)
  return pathParts(to)
}

function pathParts(path: string): string[] {
  const parts = path.split('.')
  check(!parts.includes(''), 56, `The update path '${path}' contains an empty field name`)
  const odd = parts.find((part) => part.startsWith('$') && !/^\$(\[[^\]]*\])?$/.test(part))
  check(odd === undefined, 52, `The dollar ($) prefixed field '${odd ?? ''}' is not allowed`)
  const positions = parts.filter((part) => part === '$').length
  check(positions < 2, 2, `Too many positional (i.e. '$') elements found in path '${path}'`)
  check(parts[0]?.startsWith('$') === false, 2, `'$' in the first position of '${path}'`)
  return parts
}

const isIndex = (part: string): boolean => /^\d+$/.test(part)

/** Fields are made in the order of their paths, array positions by number. */
function comparePaths(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((part, i) => part !== b[i])
  const [part, other] = [a[at], b[at]]
  if (part === undefined || other === undefined) return a.length - b.length
  if (isIndex(part) && isIndex(other)) return Number(part) - Number(other)
  return Buffer.compare(Buffer.from(part), Buffer.from(other))
}

/** Throws where one path is the beginning of another. */
export function checkConflicts(steps: readonly Pick<Step, 'parts' | 'to'>[]): void {
  const paths = steps.flatMap(({ parts, to }) => (to ? [parts, to] : [parts])).sort(comparePaths)
  for (const [i, path] of paths.entries()) {
    const next = paths[i + 1]
    const under = next !== undefined && path.every((part, at) => part === next[at])
    check(
      !under,
      40,
      `Updating '${next?.join('.') ?? ''}' would create a conflict at '${path.join('.')}'`,
    )
  }
}

/** Reads `arrayFilters`: one query for each identifier that the update uses, and none besides. */
function parseArrayFilters(value: Value | undefined, steps: readonly Step[]): ArrayFilters {
  const filters = new Map<string, (item: Value) => boolean>()
  for (const given of value ? value.items() : []) {
    check(given.type === T.object, 14, 'arrayFilters must hold documents')
    const filter = parseFilter(given)
    const [name, other] = new Set(leavesOf(filter).map(({ path }) => path?.text.split('.', 1)[0]))
    check(name !== undefined, 9, 'an expression without a field name in arrayFilters')
    check(other === undefined, 9, `Expected one field name, not '${name}' and '${other ?? ''}'`)
    check(/^[a-z][a-zA-Z0-9]*$/.test(name), 2, `'${name}' must begin in lowercase`)
    check(!filters.has(name), 9, `multiple array filters with the same field name ${name}`)
    const matches = compileFilter(filter)
    filters.set(name, (item) => matches(encode({ [name]: item })))
  }
  const unused = new Set(filters.keys())
  for (const { parts } of steps) {
    for (const name of parts.flatMap((part) => identifierOf(part) ?? [])) {
      unused.delete(name)
      check(name === '' || filters.has(name), 2, `No array filter found for identifier '${name}'`)
    }
  }
  const [left] = unused
  check(left === undefined, 9, `The array filter for '${left ?? ''}' was not used in the update`)
  return filters
}
