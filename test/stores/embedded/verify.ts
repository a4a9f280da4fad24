import { systemClock } from '../../../src/clock.js'
import { documentAt } from '../../../src/database/embedded/bson/value.js'
import { openEngine, type Running } from '../../../src/database/embedded/engine.js'
import { entriesOf } from '../../../src/database/embedded/indexes/index.js'
import {
  entryKey,
  holderOf,
  rangeOf,
  recordLength,
} from '../../../src/database/embedded/storage/records.js'
import { systemRandom } from '../../../src/random.js'
import { remembering } from './own-server.js'

/** What is wrong in the data of a directory: a document without an entry, or an entry too many. */
export function faultsIn({ engine: { store, catalogue } }: Running): string[] {
  const faults: string[] = []
  for (const collection of catalogue.databases().flatMap((db) => catalogue.collections(db))) {
    const expected = collection.indexes.map(() => 0)
    for (const { key, value } of store.records.getRange(rangeOf(collection.id))) {
      const record = key.readUIntBE(4, recordLength)
      for (const [i, index] of collection.indexes.entries()) {
        const { entries, taught } = entriesOf(index, documentAt(value))
        if (taught) faults.push(`index ${index.name} did not know of what is in record ${record}`)
        for (const { key: wanted } of entries) {
          const there = index.unique
            ? holderOf(store, wanted) === record
            : store.entries.doesExist(entryKey(index, wanted, record))
          if (!there) faults.push(`index ${index.name} lacks record ${record}`)
        }
        expected[i] = (expected[i] ?? 0) + entries.length
      }
    }
    for (const [i, index] of collection.indexes.entries()) {
      const found = store.entries.getKeysCount(rangeOf(index.id))
      if (found !== expected[i])
        faults.push(`index ${index.name} has ${found} entries, not ${expected[i] ?? 0}`)
    }
  }
  return faults
}

/** Opens the data that a server has left, without a server. */
export const openData = (dir: string): Running =>
  openEngine(`${dir}/embedded`, systemClock, systemRandom, remembering().log)
