import { items } from '../bson/read.js'
import { documentAt, T, type Value } from '../bson/value.js'
import { encode } from '../bson/write.js'
import { CommandError } from '../errors.js'
import { compileFilter } from '../match/match.js'
import { parseFilter } from '../match/parse-filter.js'
import type { Filter } from '../match/filter.js'
import type { Update } from './parse-update.js'

/** Which items `$[name]` stands for. */
export type ArrayFilters = ReadonlyMap<string, (item: Value) => boolean>

const failed = (message: string): CommandError => new CommandError(9, message)

/** The identifiers that the paths of a query begin with. */
function identifiers(filter: Filter): string[] {
  if (filter.kind === 'leaf') return filter.path ? filter.path.text.split('.', 1) : []
  if (filter.kind === 'not') return identifiers(filter.part)
  return filter.kind === 'expr' ? [] : filter.parts.flatMap(identifiers)
}

/** Reads `arrayFilters`: one query for each identifier that the update uses, and none besides. */
export function parseArrayFilters(value: Value | undefined, update: Update): ArrayFilters {
  const filters = new Map<string, (item: Value) => boolean>()
  for (const given of value ? items(value) : []) {
    if (given.type !== T.object) throw new CommandError(14, 'arrayFilters must hold documents')
    const filter = parseFilter(given, true)
    const [name, other] = new Set(identifiers(filter))
    if (name === undefined)
      throw failed('Cannot use an expression without a top-level field name in arrayFilters')
    if (other !== undefined) {
      throw failed(
        `Error parsing array filter :: caused by :: Expected a single top-level field name, found '${name}' and '${other}'`,
      )
    }
    if (!/^[a-z][a-zA-Z0-9]*$/.test(name)) {
      throw new CommandError(
        2,
        `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${name}'`,
      )
    }
    if (filters.has(name))
      throw failed(`Found multiple array filters with the same top-level field name ${name}`)
    const matches = compileFilter(filter)
    filters.set(name, (item) => matches(documentAt(encode({ [name]: item }))))
  }
  checkUse(filters, update)
  return filters
}

function checkUse(filters: ArrayFilters, update: Update): void {
  if (update.kind !== 'steps') {
    if (filters.size > 0) throw failed('arrayFilters may not be specified for this kind of update')
    return
  }
  const used = new Set<string>()
  for (const { parts } of update.steps) {
    for (const part of parts) {
      const name = identifierOf(part)
      if (!name) continue
      used.add(name)
      if (!filters.has(name)) {
        throw new CommandError(
          2,
          `No array filter found for identifier '${name}' in path '${parts.join('.')}'`,
        )
      }
    }
  }
  for (const name of filters.keys()) {
    if (!used.has(name))
      throw failed(`The array filter for identifier '${name}' was not used in the update`)
  }
}

/** The name in `$[name]`; empty for `$[]`, nothing for any other part. */
export const identifierOf = (part: string): string | undefined => /^\$\[(.*)\]$/.exec(part)?.[1]
