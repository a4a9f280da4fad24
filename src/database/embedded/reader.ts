import { deserialize, type Document } from 'bson'
import { make } from './bson/write.js'
import { search } from './indexes/search.js'
import { type Filter, pathOf } from './match/filter.js'
import { equal } from './match/parse-filter.js'
import { Catalogue } from './storage/catalogue.js'
import { openStore } from './storage/store.js'

/** The fields that a document must have, and their values. */
export type Wanted = Readonly<Record<string, string>>

/** Reads the embedded database in the thread that asks, beside the one that writes. */
export interface Reader {
  /**
   * The documents of a collection with these values in these fields, as they are committed at this
   * moment, and as the driver would give them. Nobody else is served meanwhile, so it is for few.
   */
  readonly read: (namespace: string, wanted: Wanted) => Document[]
  close(): Promise<void>
}

const isEqual = ([name, value]: [string, string]): Filter => ({
  kind: 'leaf',
  path: pathOf(name),
  test: equal(make(value)),
})

/**
 * Opens the data that the server in another thread of this process has opened. LMDB lets threads
 * read while one writes, each what was committed when it began: neither waits for the other.
 */
export function openReader(dir: string): Reader {
  const store = openStore(dir, () => {
    throw new Error('a reader writes nothing')
  })
  const catalogue = new Catalogue(store)
  return {
    read(namespace, wanted) {
      catalogue.refresh()
      const collection = catalogue.find(namespace)
      if (!collection) return []
      const filter: Filter = { kind: 'and', parts: Object.entries(wanted).map(isEqual) }
      const found: Document[] = []
      for (const hit of search(store, collection, { filter }))
        if (hit) found.push(deserialize(hit.bytes.subarray(hit.at, hit.end)))
      return found
    },
    close: () => store.close(),
  }
}
