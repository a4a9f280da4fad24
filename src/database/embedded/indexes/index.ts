import { createHash } from 'node:crypto'
import { KeyWriter } from '../bson/order-key.js'
import type { Name } from '../bson/read.js'
import { show } from '../bson/show.js'
import type { Value } from '../bson/value.js'
import { nullValue, objectValue } from '../bson/write.js'
import { CommandError } from '../errors.js'
import type { Filter } from '../match/filter.js'
import type { Matcher } from '../match/match.js'
import { type Tuple, tuplesOf } from './keys.js'

export interface IndexField {
  readonly path: string
  readonly descending: boolean
}

/** An index of a collection. What `state` holds only ever goes from false to true. */
export interface Index {
  readonly id: number
  readonly name: string
  readonly fields: readonly IndexField[]
  readonly paths: readonly (readonly Name[])[]
  readonly unique: boolean
  readonly sparse: boolean
  readonly partial?: { readonly filter: Filter; readonly matches: Matcher }
  readonly expireAfterSeconds?: number
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
const writer = new KeyWriter()

/** The key of a tuple in an index: its id, then the values in order; a long one is cut and hashed. */
export function keyOf(index: Index, tuple: Tuple): { key: Buffer; cut: boolean } {
  writer.start().addUint32(index.id)
  for (const [i, value] of tuple.entries()) writer.add(value, index.fields[i]?.descending)
  const key = writer.take()
  if (key.length <= keptLength + hashLength) return { key, cut: false }
  const hash = createHash('sha256').update(key).digest()
  return { key: Buffer.concat([key.subarray(0, keptLength), hash]), cut: true }
}

/** An entry that a document has in an index. */
export interface Entry {
  readonly key: Buffer
  readonly tuple: Tuple
}

/** The entries of a document in an index, each once, and whether `state` must learn from them. */
export function entriesOf(index: Index, document: Value): { entries: Entry[]; learns: boolean } {
  if (index.partial && !index.partial.matches(document)) return { entries: [], learns: false }
  const { tuples, multikey } = tuplesOf(document, index.paths)
  const entries: Entry[] = []
  const seen = tuples.length > 1 ? new Set<string>() : undefined
  let learns = multikey?.some((many, i) => many && !index.state.multikey[i]) ?? false
  for (const tuple of tuples) {
    if (index.sparse && tuple.every((value) => value === undefined)) continue
    const { key, cut } = keyOf(index, tuple)
    if (seen) {
      const text = key.toString('latin1')
      if (seen.has(text)) continue
      seen.add(text)
    }
    if (cut && !index.state.inexact) learns = true
    entries.push({ key, tuple })
  }
  return { entries, learns }
}

/** Notes what the entries of a document teach about an index. */
export function learn(index: Index, document: Value): void {
  const { tuples, multikey } = tuplesOf(document, index.paths)
  index.state.multikey = index.state.multikey.map((known, i) => known || (multikey?.[i] ?? false))
  index.state.inexact ||= tuples.some((tuple) => keyOf(index, tuple).cut)
}

/** The error of a second document with the same key in a unique index. */
export function duplicateKey(namespace: string, index: Index, tuple: Tuple): CommandError {
  const keyValue = objectValue(
    index.fields.map(({ path }, i): [string, Value] => [path, tuple[i] ?? nullValue]),
  )
  const message = `E11000 duplicate key error collection: ${namespace} index: ${index.name} dup key: ${show(keyValue)}`
  const keyPattern = Object.fromEntries(
    index.fields.map(({ path, descending }) => [path, descending ? -1 : 1]),
  )
  return new CommandError(11000, message, { keyPattern, keyValue })
}
