import { isTrue, wholeOf } from '../bson/arithmetic.js'
import { elements, fieldOf, items, stringOf } from '../bson/read.js'
import { isNumber, numberOf, T, textOf, typeName, type Value } from '../bson/value.js'
import { check, CommandError, notHere } from '../errors.js'
import { own } from '../own.js'

/** What a field of a command may be, or what looks at it and refuses what cannot be had. */
type Kind = 'text' | 'object' | 'list' | 'flag' | 'number' | 'any' | ((value: Value) => void)

/** The fields that a command knows. Any other is refused by name, except under `all`. */
export type Known = Readonly<Record<string, Kind>> | 'all'

const accepts: Readonly<Record<string, (value: Value) => boolean>> = {
  text: ({ type }) => type === T.string,
  object: ({ type }) => type === T.object,
  list: ({ type }) => type === T.array,
  flag: (value) => value.type === T.bool || isNumber(value),
  number: isNumber,
}

const noTransactions = (): never => {
  throw new CommandError(
    20,
    'Transaction numbers are only allowed on a replica set member or mongos',
  )
}

/** What is read is always on disk, so every level but a snapshot is kept without doing anything. */
function readConcern(value: Value): void {
  const odd = elements(value).find(({ name }) => name !== 'level')
  const level = stringOf(fieldOf(value, 'level')) ?? 'local'
  const kept = ['local', 'available', 'majority', 'linearizable'].includes(level)
  if (odd || !kept) throw notHere(72, `readConcern ${odd?.name ?? level}`)
}

/** A write is answered once it is on disk, which is more than any concern for one server asks. */
export function writeConcern(value: Value): void {
  const odd = elements(value).find(({ name }) => !['w', 'j', 'wtimeout', 'fsync'].includes(name))
  check(!odd, 9, `unrecognized write concern field: ${odd?.name ?? ''}`)
  const w = fieldOf(value, 'w')
  if (w?.type === T.string)
    check(textOf(w) === 'majority', 79, `No write concern mode named '${textOf(w)}' found`)
  else check(!w || numberOf(w) <= 1, 2, "cannot use 'w' > 1 when a host is not replicated")
}

/** The fields that every command takes. */
const everywhere: Readonly<Record<string, Kind>> = {
  $db: 'text',
  lsid: 'object',
  maxTimeMS: 'number',
  readConcern,
  // A standalone has no cluster time, one place to read from, and no log of slow commands.
  $clusterTime: 'any',
  $readPreference: 'any',
  comment: 'any',
  txnNumber: noTransactions,
  startTransaction: noTransactions,
  autocommit: noTransactions,
}

type Sequences = ReadonlyMap<string, readonly Value[]>

/** The fields of a command, or of one write of a batch, with the lists that came beside it. */
export class Options {
  readonly #values = new Map<string, Value>()
  readonly #sequences: Sequences

  /** Throws for a field that is not known, or is not what it must be. */
  constructor(name: string, body: Value, known: Known, sequences: Sequences = new Map()) {
    this.#sequences = sequences
    for (const sequence of sequences.keys()) {
      if (known === 'all' || own(known, sequence) !== 'list') throw unknownField(name, sequence)
    }
    for (const { name: field, value } of elements(body)) {
      const kind = known === 'all' ? 'any' : (own(known, field) ?? own(everywhere, field))
      if (kind === undefined) throw unknownField(name, field)
      if (typeof kind === 'function') kind(value)
      else if (kind !== 'any') {
        if (value.type === T.null) continue
        const right = accepts[kind]?.(value) === true
        check(right, 14, `'${name}.${field}' is of type '${typeName(value)}', expected a ${kind}`)
      }
      this.#values.set(field, value)
    }
  }

  value(name: string): Value | undefined {
    return this.#values.get(name)
  }

  need(name: string): Value {
    const found = this.#values.get(name)
    check(found !== undefined, 40414, `BSON field '${name}' is missing but a required field`)
    return found
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
    const whole = wholeOf(found)
    check(!found || (whole !== undefined && whole >= 0n), 51024, `'${name}' must be >= 0`)
    return whole === undefined ? undefined : Number(whole)
  }

  /** A list that came in the command or beside it. */
  list(name: string): readonly Value[] {
    return this.#sequences.get(name) ?? items(this.need(name))
  }
}

const unknownField = (command: string, field: string): CommandError =>
  notHere(40415, `BSON field '${command}.${field}' is an unknown field.`)

/** The size of the batches of a list, or of what a pipeline gives. */
export function batchSizeOf({ options }: { readonly options: Options }): number | undefined {
  const cursor = options.value('cursor')
  return cursor && new Options('cursor', cursor, { batchSize: 'number' }).count('batchSize')
}
