import type { SealedDocument, SealedStore, Shelf } from '../../src/sanctions/sealed-store.js'

const copy = (document: SealedDocument): SealedDocument => ({
  ...document,
  tags: [...document.tags],
  unique: [...document.unique],
})

function memoryShelf(): Shelf & { documents: Map<string, SealedDocument> } {
  const documents = new Map<string, SealedDocument>()
  const has = (id: string, unique: readonly string[]): boolean =>
    [...documents.values()].some((d) => d.id !== id && d.unique.some((u) => unique.includes(u)))
  const some = (test: (d: SealedDocument) => boolean) =>
    Promise.resolve([...documents.values()].filter(test).map(copy))
  return {
    documents,
    insert(document) {
      if (documents.has(document.id) || has(document.id, document.unique))
        return Promise.resolve(false)
      documents.set(document.id, copy(document))
      return Promise.resolve(true)
    },
    async insertMissing(list) {
      for (const document of list) await this.insert(document)
    },
    replace(document, read) {
      if (documents.get(document.id)?.revision !== read) return Promise.resolve(false)
      documents.set(document.id, copy(document))
      return Promise.resolve(true)
    },
    byIds: (ids) => some(({ id }) => ids.includes(id)),
    tagged: (tags) => some((d) => d.tags.some((tag) => tags.includes(tag))),
    unique: (hashes) => some((d) => d.unique.some((hash) => hashes.includes(hash))),
    waiting: (limit) =>
      Promise.resolve(
        [...documents.values()]
          .filter((d) => d.waiting)
          .slice(0, limit)
          .map(copy),
      ),
    settle(ids) {
      for (const id of ids) {
        const held = documents.get(id)
        if (held) held.waiting = false
      }
      return Promise.resolve()
    },
    async *all(batch) {
      const list = [...documents.values()]
      for (let at = 0; at < list.length; at += batch) {
        yield await Promise.resolve(list.slice(at, at + batch).map(copy))
      }
    },
    remove(ids) {
      for (const id of ids) documents.delete(id)
      return Promise.resolve()
    },
    async removeTagged(tags) {
      for (const { id } of await this.tagged(tags)) documents.delete(id)
    },
  }
}

export const memoryStore = () =>
  ({ outcomes: memoryShelf(), parts: memoryShelf() }) satisfies SealedStore
