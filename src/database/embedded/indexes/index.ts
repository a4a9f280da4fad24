import { createHash } from 'node:crypto'
import { KeyWriter, type Range } from '../bson/order-key.js'
import type { Value } from '../bson/value.js'
import { show } from '../bson/show.js'
import { nullValue, objectValue } from '../bson/write.js'
import { CommandError } from '../errors.js'
import type { Filter, Matcher } from '../match/filter.js'
import { type OrderField, type Tuple, tuplesOf } from './keys.js'

/** An index of a collection. What `state` says of its entries only ever goes from false to true. */
export interface Index {
  readonly id: number
  readonly name: string
  readonly fields: readonly OrderField[]
  /** All of its entries. */
  readonly whole: Range
  readonly unique: boolean
  readonly sparse: boolean
  readonly partial: { readonly filter: Filter; readonly matches: Matcher } | undefined
  readonly expireAfterSeconds: number | undefined
  /** As `listIndexes` shows it. */
  readonly spec: Value
  /** The names of the top-level fields on which the entries depend. */
  readonly depends: ReadonlySet<string>
  readonly state: {
    /** For each field: whether an array has stood on its way in some document. */
    multikey: boolean[]
    /** Whether a key was too long to be held whole, so that keys no longer order exactly. */
    inexact: boolean
    dropped: boolean
  }
}

/** The longest beginning of a key that is kept; LMDB's keys end at 1,978 bytes. */
export const keptLength = 1860

const hashLength = 32
const writer = new KeyWriter(4096)

/** An entry that a document has in an index: the id of the index and the values in order. */
export interface Entry {
  readonly key: Buffer
  readonly tuple: Tuple
}

/** The key of a tuple; a long one is cut and hashed. */
function keyOf({ id, fields }: Index, tuple: Tuple): { key: Buffer; cut: boolean } {
  writer.start().addUint32(id)
  for (const [i, value] of tuple.entries()) writer.add(value, fields[i]?.descending)
  const key = writer.take()
  if (key.length <= keptLength + hashLength) return { key, cut: false }
  const hash = createHash('sha256').update(key).digest()
  return { key: Buffer.concat([key.subarray(0, keptLength), hash]), cut: true }
}

/** The entries of a document in an index, each once. What they teach about the index is noted; whether they did. */
export function entriesOf(index: Index, document: Value): { entries: Entry[]; taught: boolean } {
  const entries = new Map<string, Entry>()
  if (index.partial && !index.partial.matches(document)) return { entries: [], taught: false }
  const { tuples, multikey } = tuplesOf(document, index.fields)
  let inexact = index.state.inexact
  for (const tuple of tuples) {
    if (index.sparse && tuple.every((value) => value === undefined)) continue
    const { key, cut } = keyOf(index, tuple)
    entries.set(tuples.length > 1 ? key.toString('latin1') : '', { key, tuple })
    inexact ||= cut
  }
  const { state } = index
  const known = state.multikey.map((many, i) => many || multikey[i] === true)
  const taught = inexact !== state.inexact || known.some((many, i) => many !== state.multikey[i])
  if (taught) Object.assign(state, { multikey: known, inexact })
  return { entries: [...entries.values()], taught }
}

/** The error of a second document with the same key in a unique index. */
export function duplicateKey(namespace: string, index: Index, tuple: Tuple): CommandError {
  const { fields, name } = index
  const keyValue = objectValue(fields.map(({ text }, i) => [text, tuple[i] ?? nullValue] as const))
  const keyPattern = Object.fromEntries(
    fields.map(({ text, descending }) => [text, descending ? -1 : 1]),
  )
  const message = `E11000 duplicate key error collection: ${namespace} index: ${name} dup key: ${show(keyValue)}`
  return new CommandError(11000, message, { keyPattern, keyValue })
}
