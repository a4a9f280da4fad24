import type { Value } from '../bson/value.js'
import type { Asked } from '../indexes/search.js'

/** Takes documents one by one; `end` says that there are no more. */
export interface Sink {
  push(document: Value): void
  end(): void
  /** Whether further documents would make no difference. */
  readonly full: boolean
}

/** One stage of a pipeline: what takes documents in front of what takes its results. */
export type Stage = (next: Sink) => Sink

/** What stages may ask of the world: the documents of another collection that meet a query. */
export interface World {
  search(collection: string, asked: Asked): Value[]
}

/** Makes a stage from its argument. */
export type StageMaker = (argument: Value, world: World) => Stage

/** A stage that makes one document of each. */
export const each =
  (change: (document: Value) => Value): Stage =>
  (next) => ({
    push: (document) => next.push(change(document)),
    end: () => next.end(),
    get full() {
      return next.full
    },
  })

/** A stage that makes any number of documents of each. */
export const many =
  (change: (document: Value) => readonly Value[]): Stage =>
  (next) => ({
    push: (document) => {
      for (const made of change(document)) next.push(made)
    },
    end: () => next.end(),
    get full() {
      return next.full
    },
  })

/** A stage that must see all documents before it gives any. */
export const gather =
  (begin: () => { add(document: Value): void; results(): Iterable<Value> }): Stage =>
  (next) => {
    const work = begin()
    return {
      full: false,
      push: (document) => work.add(document),
      end() {
        for (const document of work.results()) {
          if (next.full) break
          next.push(document)
        }
        next.end()
      },
    }
  }

/** Ends a pipeline in a list. */
export function collector(): Sink & { readonly list: Value[] } {
  const list: Value[] = []
  return { list, full: false, push: (document) => void list.push(document), end: () => undefined }
}
