import type { Model } from 'mongoose'

/** The moment at which something became known to the system, whatever dates it speaks of. */
export interface Recorded {
  recordedAt: Date
}

/**
 * A fact with its earlier versions inside the same document, so that a change is one atomic write.
 * `earlier` runs from oldest to newest; each version holds until the next one's `recordedAt`.
 */
export type Versioned<Fields> = Fields & Recorded & { earlier: (Fields & Recorded)[] }

/** The fact as the system knew it at an instant; nothing when it had not been recorded by then. */
export function asKnownAt<Fields>(
  fact: Versioned<Fields>,
  instant: Date,
): (Fields & Recorded) | undefined {
  if (fact.recordedAt <= instant) return fact
  return fact.earlier.findLast((version) => version.recordedAt <= instant)
}

/** A new version of a stored fact: its id, the version it replaces, and the fields that change. */
export interface Revision<Fields> {
  id: string
  replaces: Fields & Recorded
  fields: Partial<Fields>
}

/**
 * Writes new versions, a thousand to a batch. Each is conditional on the version it replaces, so
 * running the same revisions again changes nothing. Answers how many were written.
 */
export async function reviseMany<Fields extends object>(
  // The store's model; the document type varies from store to store.
  model: Pick<Model<unknown>, 'collection'>,
  names: readonly (keyof Fields & string)[],
  revisions: readonly Revision<Fields>[],
  recordedAt: Date,
): Promise<number> {
  let written = 0
  for (let start = 0; start < revisions.length; start += 1000) {
    const result = await model.collection.bulkWrite(
      revisions.slice(start, start + 1000).map(({ id, replaces, fields }) => ({
        updateOne: {
          filter: { _id: id as never, recordedAt: replaces.recordedAt },
          update: {
            $set: { ...fields, recordedAt },
            $push: {
              earlier: {
                ...Object.fromEntries(names.map((name) => [name, replaces[name]])),
                recordedAt: replaces.recordedAt,
              } as never,
            },
          },
        },
      })),
      { ordered: false },
    )
    written += result.modifiedCount
  }
  return written
}
