import type { Value } from '../bson/value.js'

/** Takes documents one by one; `end` says that there are no more. */
interface Sink {
  push(document: Value): void
  end(): void
  /** Whether further documents would make no difference. */
  readonly full: boolean
}

/** One stage of a pipeline: what takes documents, in front of what takes its results. */
export type Stage = (next: Sink) => Sink

/** A stage that makes any number of documents of each. */
export const many =
  (change: (document: Value) => readonly Value[]): Stage =>
  (next) => ({
    push: (document) => change(document).forEach((made) => next.push(made)),
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
        for (const document of work.results()) next.push(document)
        next.end()
      },
    }
  }
