import { documentAt } from '../bson/value.js'
import { entriesOf } from '../indexes/index.js'
import { type Collection, rangeOf, recordLength } from './collection.js'
import { entryKey, holderOf } from './records.js'
import type { Store } from './store.js'

/** What a look at every record and every entry found. */
export interface Findings {
  readonly records: number
  /** How many entries each index has, by its name. */
  readonly keys: Readonly<Record<string, number>>
  readonly errors: readonly string[]
}

/** Checks that every document has all its entries in every index, and that no index has others. */
export function verify(store: Store, collection: Collection): Findings {
  const errors: string[] = []
  const expected = new Map(collection.indexes.map((index) => [index, 0]))
  let records = 0
  for (const { key, value } of store.records.getRange(rangeOf(collection.id))) {
    const record = key.readUIntBE(4, recordLength)
    const document = documentAt(value)
    records++
    if (document.end !== value.length) errors.push(`record ${record} is not a whole document`)
    for (const index of collection.indexes) {
      const { entries, learns } = entriesOf(index, document)
      if (learns) errors.push(`index ${index.name} does not know what it holds of record ${record}`)
      for (const { key: wanted } of entries) {
        const found = index.unique
          ? holderOf(store, wanted) === record
          : store.entries.doesExist(entryKey(index, wanted, record))
        if (!found) errors.push(`index ${index.name} lacks an entry of record ${record}`)
      }
      expected.set(index, (expected.get(index) ?? 0) + entries.length)
    }
  }
  const keys: Record<string, number> = {}
  for (const [index, count] of expected) {
    const found = store.entries.getKeysCount(rangeOf(index.id))
    keys[index.name] = found
    if (found !== count) errors.push(`index ${index.name} has ${found} entries instead of ${count}`)
  }
  return { records, keys, errors }
}
