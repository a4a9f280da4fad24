import { isTrue, wholeOf } from '../bson/arithmetic.js'
import { elements, fieldOf, items, stringOf } from '../bson/read.js'
import { isNumber, numberOf, T, textOf, typeName, type Value } from '../bson/value.js'
import { CommandError, notHere } from '../errors.js'
import { own } from '../own.js'

/** What a field of a command may be. */
type Kind = 'text' | 'object' | 'list' | 'flag' | 'number' | 'id' | 'any' | 'update'

/** The fields that a command knows. Any other is refused by name. */
export type Fields = Readonly<Record<string, Kind | Check>>

/** A field that is looked at once and, where it asks for nothing that cannot be had, passed over. */
type Check = (value: Value) => void

const accepts: Readonly<Record<Kind, (type: number) => boolean>> = {
  text: (type) => type === T.string,
  object: (type) => type === T.object,
  list: (type) => type === T.array,
  flag: (type) => type === T.bool || isNumber(type),
  number: isNumber,
  id: (type) => type === T.long,
  update: (type) => type === T.object || type === T.array,
  any: () => true,
}

const noTransactions: Check = () => {
  throw new CommandError(
    20,
    'Transaction numbers are only allowed on a replica set member or mongos',
  )
}

/** What is read is always on disk, so every level but a snapshot is kept without doing anything. */
const readConcern: Check = (value) => {
  const level = stringOf(fieldOf(value, 'level')) ?? 'local'
  if (!['local', 'available', 'majority', 'linearizable'].includes(level)) {
    throw notHere(72, `readConcern level '${level}'`)
  }
  for (const { name } of elements(value)) {
    if (name !== 'level' && name !== 'provenance') throw notHere(72, `readConcern '${name}'`)
  }
}

/** A write is answered once it is on disk, which is more than any concern for one server asks. */
export const writeConcern: Check = (value) => {
  const w = fieldOf(value, 'w')
  if (w && isNumber(w.type) && numberOf(w) > 1) {
    throw new CommandError(2, "cannot use 'w' > 1 when a host is not replicated")
  }
  if (w?.type === T.string && textOf(w) !== 'majority') {
    throw new CommandError(
      79,
      `No write concern mode named '${textOf(w)}' found in replica set configuration`,
    )
  }
}

/** Only the comparison by bytes is here. */
export const collation: Check = (value) => {
  if (stringOf(fieldOf(value, 'locale')) !== 'simple') throw notHere(2, 'collation')
}

const pass: Check = () => undefined

/** The fields that every command takes. */
const everywhere: Fields = {
  $db: 'text',
  lsid: 'object',
  // A standalone has no cluster time, one place to read from, and no log of slow commands.
  $clusterTime: pass,
  $readPreference: pass,
  comment: pass,
  maxTimeMS: 'number',
  readConcern,
  txnNumber: noTransactions,
  startTransaction: noTransactions,
  autocommit: noTransactions,
}

/** The fields of a document, by kind, those that are not in `fields` refused. */
export class Options {
  readonly #values = new Map<string, Value>()
  readonly #sequences: ReadonlyMap<string, readonly Value[]>

  constructor(
    name: string,
    body: Value,
    fields: Fields,
    sequences: ReadonlyMap<string, readonly Value[]> = new Map(),
  ) {
    this.#sequences = sequences
    for (const sequence of sequences.keys()) {
      if (own(fields, sequence) !== 'list') throw unknown(name, sequence)
    }
    for (const { name: field, value } of elements(body)) {
      const kind = own(fields, field) ?? own(everywhere, field)
      if (kind === undefined) throw unknown(name, field)
      if (typeof kind === 'function') kind(value)
      else if (value.type === T.null && kind !== 'any') continue
      else if (!accepts[kind](value.type)) throw wrongType(`${name}.${field}`, value, kind)
      this.#values.set(field, value)
    }
  }

  value(name: string): Value | undefined {
    return this.#values.get(name)
  }

  need(name: string): Value {
    const found = this.#values.get(name)
    if (found) return found
    throw new CommandError(40414, `BSON field '${name}' is missing but a required field`)
  }

  text(name: string): string | undefined {
    return stringOf(this.#values.get(name))
  }

  flag(name: string, otherwise = false): boolean {
    const found = this.#values.get(name)
    return found ? isTrue(found) : otherwise
  }

  /** A whole number that is not negative; nothing where it is not given. */
  count(name: string): number | undefined {
    const found = this.#values.get(name)
    if (!found) return undefined
    const whole = wholeOf(found)
    if (whole !== undefined && whole >= 0n) return Number(whole)
    throw new CommandError(51024, `BSON field '${name}' value must be >= 0 and a whole number`)
  }

  /** A list that came in the command or beside it. */
  list(name: string): readonly Value[] {
    const beside = this.#sequences.get(name)
    if (beside) return beside
    return items(this.need(name))
  }
}

const unknown = (command: string, field: string): CommandError =>
  notHere(40415, `BSON field '${command}.${field}' is an unknown field.`)

const expected: Readonly<Record<Kind, string>> = {
  text: "'string'",
  object: "'object'",
  list: "'array'",
  flag: "'[bool, long, int, decimal, double]'",
  number: "'[long, int, decimal, double]'",
  id: "'long'",
  update: "'[object, array]'",
  any: 'any',
}

const wrongType = (field: string, value: Value, kind: Kind): CommandError =>
  new CommandError(
    14,
    `BSON field '${field}' is the wrong type '${typeName(value.type)}', expected type ${expected[kind]}`,
  )
