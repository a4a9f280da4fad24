import { items } from '../bson/read.js'
import { T, type Value } from '../bson/value.js'
import { encode } from '../bson/write.js'
import { check } from '../errors.js'
import { compileFilter, leavesOf } from '../match/filter.js'
import { parseFilter } from '../match/parse-filter.js'
import type { Update } from './parse-update.js'

/** Which items `$[name]` stands for. */
export type ArrayFilters = ReadonlyMap<string, (item: Value) => boolean>

/** The name in `$[name]`; empty for `$[]`, nothing for any other part. */
export const identifierOf = (part: string): string | undefined => /^\$\[(.*)\]$/.exec(part)?.[1]

/** Reads `arrayFilters`: one query for each identifier that the update uses, and none besides. */
export function parseArrayFilters(value: Value | undefined, update: Update): ArrayFilters {
  const filters = new Map<string, (item: Value) => boolean>()
  for (const given of value ? items(value) : []) {
    check(given.type === T.object, 14, 'arrayFilters must hold documents')
    const filter = parseFilter(given)
    const [name, other] = new Set(leavesOf(filter).map(({ path }) => path?.text.split('.', 1)[0]))
    check(name !== undefined, 9, 'an expression without a field name in arrayFilters')
    check(
      other === undefined,
      9,
      `Expected a single field name, not '${name}' and '${other ?? ''}'`,
    )
    check(/^[a-z][a-zA-Z0-9]*$/.test(name), 2, `'${name}' must begin in lowercase`)
    check(!filters.has(name), 9, `multiple array filters with the same field name ${name}`)
    const matches = compileFilter(filter)
    filters.set(name, (item) => matches(encode({ [name]: item })))
  }
  const unused = new Set(filters.keys())
  for (const { parts } of update.kind === 'steps' ? update.steps : []) {
    for (const name of parts.flatMap((part) => identifierOf(part) ?? [])) {
      unused.delete(name)
      check(name === '' || filters.has(name), 2, `No array filter found for identifier '${name}'`)
    }
  }
  const [left] = unused
  check(left === undefined, 9, `The array filter for '${left ?? ''}' was not used in the update`)
  return filters
}
