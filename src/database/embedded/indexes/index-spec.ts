import { isTrue } from '../bson/numbers.js'
import { T, typeName, type Value } from '../bson/value.js'
import { show } from '../bson/show.js'
import { make, objectValue } from '../bson/write.js'
import { check, notHere } from '../errors.js'
import { compileFilter, conjuncts, leavesOf, pathOf } from '../match/filter.js'
import { parseFilter } from '../match/parse-filter.js'
import type { OrderField } from './keys.js'
import type { Index } from './index.js'
import { rangeOf } from '../storage/records.js'

/** The fields of a key pattern such as `{ person: 1, at: -1 }`. */
function indexFields(key: Value): OrderField[] {
  const fields = key.elements().map(({ name, value }) => {
    if (value.type === T.string) throw notHere(67, `index type ${show(value)}`)
    check(value.isNumber(), 67, `Values in a key pattern cannot be of type ${typeName(value)}`)
    check(value.number() !== 0, 67, 'Values in the index key pattern cannot be 0.')
    const parts = name.split('.')
    check(!parts.includes(''), 67, 'Index keys cannot contain an empty field.')
    if (parts.some((part) => /^(\d+$|\$)/.test(part))) throw notHere(67, `an index of '${name}'`)
    return { ...pathOf(name), descending: value.number() < 0 }
  })
  check(fields.length > 0 && fields.length <= 32, 67, 'Index keys must have 1 to 32 fields.')
  return fields
}

const flags = ['unique', 'sparse']
/** Accepted and without effect, as in MongoDB itself: all builds are alike, and there is one version. */
const idle = ['background', 'v', 'ns']

/** An index as it is asked for. */
export interface IndexSpec {
  readonly fields: readonly OrderField[]
  readonly name: string
  /** As `listIndexes` will show it. */
  readonly spec: Value
}

/** Reads one index of `createIndexes`. Throws for options that are wrong, unknown or not here. */
export function readSpec(given: Value): IndexSpec {
  const key = given.type === T.object ? given.field('key') : undefined
  check(key?.type === T.object, 9, "The 'key' field of an index specification is required")
  const fields = indexFields(key)
  const name = given.field('name')?.text()
  check(name !== undefined, 9, "The 'name' field of an index specification is required")
  check(name !== '' && name !== '*', 67, `invalid index name '${name}'`)
  const options = given.elements().filter((each) => !['key', 'name', ...idle].includes(each.name))
  for (const { name: option, value } of options) checkOption(option, value, fields)
  const shown = options.filter((each) => !flags.includes(each.name) || isTrue(each.value))
  const both = ['sparse', 'partialFilterExpression'].every((one) =>
    shown.some((each) => each.name === one),
  )
  check(!both, 67, "cannot mix 'partialFilterExpression' and 'sparse' options")
  const rest = shown.map((each): [string, Value] => [each.name, each.value])
  const spec = objectValue([['v', make(2)], ['key', key], ['name', make(name)], ...rest])
  return { fields, name, spec: spec.detach() }
}

function checkOption(option: string, value: Value, fields: readonly OrderField[]): void {
  if (flags.includes(option)) {
    check(value.type === T.bool || value.isNumber(), 14, `'${option}' must be true or false`)
  } else if (option === 'expireAfterSeconds') {
    const seconds = value.number()
    check(seconds >= 0 && seconds <= 2 ** 31 - 1, 67, `expireAfterSeconds cannot be ${show(value)}`)
    const single = fields.length === 1 && fields[0]?.text !== '_id'
    check(single, 67, 'TTL indexes are single-field indexes, and not of _id')
  } else if (option === 'partialFilterExpression') {
    check(value.type === T.object, 14, "The field 'partialFilterExpression' must be an object")
    const plain = conjuncts(parseFilter(value)).every(
      (part) => part.kind === 'leaf' && part.test.op !== 'elemMatch',
    )
    if (!plain) throw notHere(67, `unsupported expression in partial index: ${show(value)}`)
  } else throw notHere(197, `The field '${option}' is not valid for an index specification.`)
}

/** An index ready to use, from its specification and what is known of its entries. */
export function openIndex(id: number, spec: Value, known?: Partial<Index['state']>): Index {
  const key = spec.field('key')
  const fields = key ? indexFields(key) : []
  const given = spec.field('partialFilterExpression')
  const filter = given && parseFilter(given)
  const asked = filter ? leavesOf(filter).map(({ path }) => path?.text ?? '') : []
  return {
    id,
    name: spec.field('name')?.text() ?? '',
    fields,
    whole: rangeOf(id),
    unique: isTrue(spec.field('unique')) || fields.every(({ text }) => text === '_id'),
    sparse: isTrue(spec.field('sparse')),
    partial: filter && { filter, matches: compileFilter(filter) },
    expireAfterSeconds: expiryOf(spec),
    spec,
    depends: new Set(
      [...fields.map(({ text }) => text), ...asked].map((path) => path.split('.', 1)[0] ?? ''),
    ),
    state: { multikey: fields.map(() => false), inexact: false, ...known, dropped: false },
  }
}

/** What makes an index the index that it is: all but its name and when its entries expire. */
function identity({ fields, spec }: IndexSpec): string {
  const only = spec.field('partialFilterExpression')
  const order = fields.map(({ text, descending }) => [text, descending])
  const given = flags.map((flag) => isTrue(spec.field(flag)))
  return JSON.stringify([order, given, only?.bytes.toString('hex', only.at, only.end)])
}

/** Whether two indexes are the same index, whatever they are called and when their entries expire. */
export const sameIndex = (a: IndexSpec, b: IndexSpec): boolean => identity(a) === identity(b)

/** After how many seconds the entries of an index expire; nothing where they never do. */
export function expiryOf(spec: Value): number | undefined {
  return spec.field('expireAfterSeconds')?.number()
}
