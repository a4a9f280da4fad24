import { chunk } from 'es-toolkit'
import type { Random } from '../random.js'
import { tagOf, type BodyKeys } from './body-keys.js'
import { newDataKey, open, pad, seal, unpad, unwrap, wrap, type SealingKey } from './envelope.js'
import type { SealedDocument, Shelf } from './sealed-store.js'

/** What lies in a box: its kind, the words it is found by, and the thing itself. */
interface Content<Value> {
  kind: string
  /** Words whose keyed hashes find it. */
  tags: readonly string[]
  /** Words that only one may have; its id where none are named. */
  unique: readonly string[]
  value: Value
}

/** A sealed thing that has been opened: what it is, whose body's, and what is needed to seal it again. */
export interface Opened<Value> extends Content<Value> {
  id: string
  revision: string
  body: string
  dataKey: SealingKey
  waiting: boolean
}

interface Draft<Value> extends Partial<Content<Value>> {
  id?: string
  kind: string
  value: Value
  waiting?: boolean
  /** The data key of the outcome it belongs to; its own where it belongs to none. */
  dataKey?: SealingKey
}

/** The smallest size class of a box, and how many keyed hashes one has at least: decoys fill up. */
export const shapes = {
  outcomes: { least: 4096, tags: 4 },
  parts: { least: 2048, tags: 2 },
} as const
type Shape = (typeof shapes)[keyof typeof shapes]

// JSON with instants: whatever is called `at`, or ends so, is one.
const instants = (name: string, value: unknown): unknown =>
  (name === 'at' || name.endsWith('At')) && typeof value === 'string' ? new Date(value) : value

/** Seals and opens what belongs to conduct bodies. Pure but for chance: it reads and writes nothing. */
export interface Vault {
  bodies: readonly string[]
  /** A new sealed thing of a body, or a new version of one under its old id. */
  draft(shape: Shape, body: string, draft: Draft<unknown>): SealedDocument
  /** Nothing where none of these bodies' keys opens it, or it was tampered with. */
  open<Value>(document: SealedDocument, bodies?: readonly string[]): Opened<Value> | undefined
  /** Keyed hashes of some words, under every key that a body finds things by. */
  tags(body: string, words: readonly string[]): string[]
  /** The same for all bodies at once. */
  tagsOfAll(words: readonly string[]): string[]
  /** A sealed thing under the keys of today; nothing where it is that already, or opens to nobody. */
  renewed(shape: Shape, document: SealedDocument): SealedDocument | undefined
}

export function createVault(keys: ReadonlyMap<string, BodyKeys>, random: Random): Vault {
  const bodies = [...keys.keys()]
  const keysOf = (body: string): BodyKeys => {
    const found = keys.get(body)
    if (!found) throw new RangeError('no such conduct body')
    return found
  }
  const tags = (body: string, words: readonly string[]): string[] =>
    keysOf(body)
      .live()
      .flatMap((key) => words.map((word) => tagOf(key, word)))

  function withDecoys(found: readonly string[], multiple: number): string[] {
    const missing = (multiple - (found.length % multiple)) % multiple
    const decoys = Array.from({ length: missing }, () => random.bytes(16).toString('base64url'))
    return [...found, ...decoys].sort()
  }

  function draft(shape: Shape, body: string, given: Draft<unknown>): SealedDocument {
    const { wrapping } = keysOf(body).current()
    const id = given.id ?? random.id()
    const dataKey = given.dataKey ?? newDataKey(wrapping, random)
    const unique = given.unique?.length ? given.unique : [`id:${id}`]
    const content: Content<unknown> = {
      kind: given.kind,
      tags: given.tags ?? [],
      unique,
      value: given.value,
    }
    const plain = pad(Buffer.from(JSON.stringify(content)), shape.least)
    return {
      id,
      revision: random.id(),
      tags: withDecoys(tags(body, content.tags), shape.tags),
      unique: tags(body, unique),
      waiting: given.waiting ?? false,
      key: wrap(wrapping, dataKey, id, random),
      box: seal(dataKey, plain, id, random),
    }
  }

  function openWith<Value>(
    document: SealedDocument,
    body: string,
    wrappings: readonly SealingKey[],
  ): Opened<Value> | undefined {
    for (const wrapping of wrappings) {
      const dataKey = unwrap(wrapping, document.key, document.id)
      const plain = dataKey && open(dataKey, document.box, document.id)
      if (!plain) continue
      const content = JSON.parse(unpad(plain).toString(), instants) as Content<Value>
      const { id, revision, waiting } = document
      return { ...content, id, revision, waiting, body, dataKey }
    }
    return undefined
  }

  return {
    bodies,
    draft,
    open<Value>(document: SealedDocument, among: readonly string[] = bodies) {
      for (const body of among) {
        const live = keysOf(body).live()
        const found = openWith<Value>(
          document,
          body,
          live.map((key) => key.wrapping),
        )
        if (found) return found
      }
      return undefined
    },
    tags,
    tagsOfAll: (words) => bodies.flatMap((body) => tags(body, words)),
    renewed(shape, document) {
      for (const body of bodies) {
        const known = keysOf(body)
        const found = openWith(
          document,
          body,
          known.all().map((key) => key.wrapping),
        )
        if (!found) continue
        const wrapped = unwrap(known.current().wrapping, document.key, document.id) !== undefined
        const wanted = new Set(tags(body, found.unique))
        const settled =
          wanted.size === document.unique.length && document.unique.every((tag) => wanted.has(tag))
        return wrapped && settled ? undefined : draft(shape, body, found)
      }
      return undefined
    },
  }
}

/** Opens many; what cannot be opened is left out. */
export const openAll = <Value>(
  vault: Vault,
  documents: readonly SealedDocument[],
  bodies?: readonly string[],
): Opened<Value>[] => documents.flatMap((document) => vault.open<Value>(document, bodies) ?? [])

/** Goes through a whole shelf, opened, a batch at a time, letting other work in between. */
export async function* openEach<Value>(
  vault: Vault,
  shelf: Shelf,
  bodies?: readonly string[],
): AsyncGenerator<Opened<Value>[]> {
  for await (const batch of shelf.all(200)) {
    for (const part of chunk(batch, 50)) {
      yield openAll<Value>(vault, part, bodies)
      await new Promise((next) => setImmediate(next))
    }
  }
}
