import { isTrue, wholeOf } from '../bson/numbers.js'
import { T, typeName, type Value } from '../bson/value.js'
import { check, CommandError, notHere } from '../errors.js'

/** What is read is always on disk, so every level but a snapshot is kept without doing anything. */
function isReadConcern(value: Value): boolean {
  const odd = value.elements().find(({ name }) => name !== 'level')
  const level = value.field('level')?.text() ?? 'local'
  const kept = ['local', 'available', 'majority', 'linearizable'].includes(level)
  if (odd || !kept) throw notHere(72, `readConcern ${odd?.name ?? level}`)
  return true
}

/** A write is answered once it is on disk, which is more than any concern for one server asks. */
function isWriteConcern(value: Value): boolean {
  const odd = value.elements().find(({ name }) => !['w', 'j', 'wtimeout', 'fsync'].includes(name))
  check(!odd, 9, `unrecognized write concern field: ${odd?.name ?? ''}`)
  const w = value.field('w')
  const mode = w?.text() ?? 'majority'
  check(mode === 'majority', 79, `No write concern mode named '${mode}' found`)
  const many = w !== undefined && w.number() > 1
  check(!many, 2, "cannot use 'w' > 1 when a host is not replicated")
  return true
}

function isTransaction(): never {
  const where = 'a replica set member or mongos'
  throw new CommandError(20, `Transaction numbers are only allowed on ${where}`)
}

/** What a field of a command may be; some are refused for what they say. */
const kinds = {
  text: ({ type }: Value) => type === T.string,
  object: ({ type }: Value) => type === T.object,
  list: ({ type }: Value) => type === T.array,
  flag: (value: Value) => value.type === T.bool || value.isNumber(),
  number: (value: Value) => value.isNumber(),
  any: () => true,
  readConcern: isReadConcern,
  writeConcern: isWriteConcern,
  transaction: isTransaction,
} as const

type Kind = keyof typeof kinds
/** Names of fields, by what they must be. */
type Kinds = Readonly<Partial<Record<Kind, string>>>

/** The fields that a command knows. Any other is refused by name, except where all are. */
export type Known = ReadonlyMap<string, Kind> | 'all'

const byName = (fields: Kinds): [string, Kind][] =>
  (Object.entries(fields) as [Kind, string][]).flatMap(([kind, names]) =>
    names.split(' ').map((name): [string, Kind] => [name, kind]),
  )

/** The fields of one part of a command. */
export const knowsOnly = (fields: Kinds): Known => new Map(byName(fields))

/** The fields of a command, beside those that every command takes. */
export const knows = (fields: Kinds): Known =>
  new Map([
    ...byName(fields),
    ...byName({
      text: '$db',
      object: 'lsid',
      number: 'maxTimeMS',
      readConcern: 'readConcern',
      // A standalone has no cluster time, one place to read from, and no log of slow commands.
      any: '$clusterTime $readPreference comment',
      transaction: 'txnNumber startTransaction autocommit',
    }),
  ])

/** The fields of a command that writes. */
export const knowsOfWrite = (fields: Kinds): Known =>
  knows({ ...fields, writeConcern: 'writeConcern' })

type Sequences = ReadonlyMap<string, readonly Value[]>

/** The fields of a command, or of one write of a batch, with the lists that came beside it. */
export class Options {
  readonly #values = new Map<string, Value>()
  readonly #sequences: Sequences

  /** Throws for a field that is not known, or is not what it must be. */
  constructor(name: string, body: Value, known: Known, sequences: Sequences = new Map()) {
    this.#sequences = sequences
    const kindOf = (field: string): Kind => {
      const kind = known === 'all' ? 'any' : known.get(field)
      if (kind) return kind
      throw notHere(40415, `BSON field '${name}.${field}' is an unknown field.`)
    }
    for (const sequence of sequences.keys()) {
      check(kindOf(sequence) === 'list', 14, `'${name}.${sequence}' is no list of documents`)
    }
    for (const { name: field, value } of body.elements()) {
      const kind = kindOf(field)
      if (value.type === T.null && kind !== 'any') continue
      const is = typeName(value)
      check(kinds[kind](value), 14, `'${name}.${field}' is of type '${is}', expected a ${kind}`)
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
    return this.#values.get(name)?.text()
  }

  flag(name: string, otherwise = false): boolean {
    const found = this.#values.get(name)
    return found ? isTrue(found) : otherwise
  }

  /** A whole number that is not negative; nothing where it is not given. */
  count(name: string): number | undefined {
    const found = this.#values.get(name)
    const whole = wholeOf(found)
    check(!found || (whole !== undefined && whole >= 0), 51024, `'${name}' must be >= 0`)
    return whole
  }

  /** A list that came in the command or beside it. */
  list(name: string): readonly Value[] {
    return this.#sequences.get(name) ?? this.need(name).items()
  }
}

const ofCursor = knowsOnly({ number: 'batchSize' })

/** The size of the batches of a list, or of what a pipeline gives. */
export function batchSizeOf({ options }: { readonly options: Options }): number | undefined {
  const cursor = options.value('cursor')
  return cursor && new Options('cursor', cursor, ofCursor).count('batchSize')
}
