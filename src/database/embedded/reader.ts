import { deserialize, type Document } from 'bson'
import { isPlainObject } from 'es-toolkit'
import { remembering } from '../../remembering.js'
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
   * moment, and as the driver would give them, frozen: the same may be given to others. Nobody else is
   * served meanwhile, so it is for few.
   */
  readonly read: (namespace: string, wanted: Wanted) => Document[]
  close(): Promise<void>
}

/** So that nobody changes what others are given too. */
function freeze<Given>(value: Given): Given {
  if (!Array.isArray(value) && !isPlainObject(value)) return value
  for (const part of Object.values(value)) freeze(part)
  return Object.freeze(value)
}

/** A document of its bytes, one letter each. */
const documentOf = (bytes: string): Document => freeze(deserialize(Buffer.from(bytes, 'latin1')))

const isEqual = ([name, value]: [string, string]): Filter => ({
  kind: 'leaf',
  path: pathOf(name),
  test: equal(make(value)),
})

/** No document stays in memory for longer, in milliseconds. */
const staying = 600_000

/** Longer documents, in bytes, are not remembered: there are few, and somebody may have filled them. */
const short = 1000

/**
 * Opens the data that the server in another thread of this process has opened. LMDB lets threads
 * read while one writes, each what was committed when it began: neither waits for the other.
 */
export function openReader(dir: string): Reader {
  const store = openStore(dir, () => {
    throw new Error('a reader writes nothing')
  })
  const catalogue = new Catalogue(store)
  // To make the documents is half of a read. One is known by all its bytes, so it cannot be out of
  // date; and it is let go of again, as nothing of anybody is to stay long after they have left.
  let known = remembering(documentOf)
  const letGo = setInterval(() => (known = remembering(documentOf)), staying).unref()
  return {
    read(namespace, wanted) {
      catalogue.refresh()
      const collection = catalogue.find(namespace)
      if (!collection) return []
      const filter: Filter = { kind: 'and', parts: Object.entries(wanted).map(isEqual) }
      const found: Document[] = []
      for (const hit of search(store, collection, { filter, atOnce: true })) {
        if (!hit) continue
        const { bytes, at, end } = hit
        const own = bytes.toString('latin1', at, end)
        found.push(own.length > short ? documentOf(own) : known(own))
      }
      return found
    },
    close() {
      clearInterval(letGo)
      return store.close()
    },
  }
}
