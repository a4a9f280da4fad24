import { chunk, groupBy } from 'es-toolkit'
import { Schema, type Connection } from 'mongoose'
import { addMissing, type CollectionPlan } from '../database/database.js'
import { entryKey, type Entry } from './entry.js'

interface EntryDocument extends Omit<Entry, 'id'> {
  _id: string
  key: string
  /** A completion has still to be recorded or annulled. */
  pending?: true
}

const text = { type: String, required: true }
const schema = new Schema(
  {
    _id: text,
    key: text,
    session: text,
    person: text,
    statements: { type: [Object], default: [] },
    claims: { type: [Object], default: [] },
    signed: { type: Boolean, required: true },
    effects: { type: [Object], default: [] },
    version: { type: Number, required: true },
    pending: Boolean,
  },
  { versionKey: false, collection: 'register_entries', strict: 'throw', minimize: false },
)

export const entryCollections: readonly CollectionPlan[] = [
  {
    collection: 'register_entries',
    indexes: [
      { key: { key: 1 }, options: { unique: true } },
      { key: { session: 1 } },
      { key: { person: 1 } },
      { key: { 'statements.upload': 1 } },
      { key: { pending: 1 }, options: { partialFilterExpression: { pending: true } } },
    ],
  },
]

const entryOf = ({ _id, ...document }: EntryDocument): Entry => ({
  id: _id,
  session: document.session,
  person: document.person,
  statements: document.statements,
  claims: document.claims,
  signed: document.signed,
  effects: document.effects,
  version: document.version,
})

export type EntriesStore = ReturnType<typeof createEntriesStore>

/** What registers hold of each person; one document for a person in a training session. */
export function createEntriesStore(connection: Connection) {
  const entries = connection.model<EntryDocument>('register_entries', schema)

  async function find(filter: object): Promise<Entry[]> {
    const found = await entries.collection.find<EntryDocument>(filter).toArray()
    return found.map(entryOf)
  }

  async function insert(added: readonly Entry[]): Promise<boolean> {
    if (added.length === 0) return true
    const documents = added.map(({ id, ...fields }) => ({
      _id: id,
      key: entryKey(fields.session, fields.person),
      ...fields,
      version: 1,
      ...(isPending(fields) ? { pending: true as const } : {}),
    }))
    return addMissing(entries.collection.insertMany(documents as never, { ordered: false }))
  }

  async function replace(changed: readonly Entry[]): Promise<boolean> {
    if (changed.length === 0) return true
    const { modifiedCount } = await entries.collection.bulkWrite(
      changed.map(({ id, version, statements, claims, signed, effects }) => {
        const pending = isPending({ effects })
        const fields = { statements, claims, signed, effects, version: version + 1 }
        const update = pending
          ? { $set: { ...fields, pending } }
          : { $set: fields, $unset: { pending: 1 } }
        return { updateOne: { filter: { _id: id as never, version }, update: update as never } }
      }),
      { ordered: false },
    )
    return modifiedCount === changed.length
  }

  return {
    byKeys: async (keys: readonly string[]): Promise<Map<string, Entry>> => {
      const found: Entry[] = []
      for (const some of chunk([...keys], 1000)) found.push(...(await find({ key: { $in: some } })))
      return new Map(found.map((entry) => [entryKey(entry.session, entry.person), entry]))
    },
    of: (session: string) => find({ session }),
    ofPeople: (people: readonly string[]) => find({ person: { $in: people } }),
    /** Whom an upload has said something of, and in which training session. */
    async subjectsOf(upload: string): Promise<{ session: string; person: string }[]> {
      const cursor = entries.collection.find<EntryDocument>(
        { 'statements.upload': upload },
        { projection: { session: 1, person: 1 } },
      )
      return (await cursor.toArray()).map(({ session, person }) => ({ session, person }))
    },
    pending: async (limit: number): Promise<Entry[]> => {
      const found = await entries.collection
        .find<EntryDocument>({ pending: true })
        .limit(limit)
        .toArray()
      return found.map(entryOf)
    },
    /**
     * Notes of entries with one open effect each that it has been followed, where nobody has changed
     * them since; answers whether all of them were as they had been.
     */
    async settle(some: readonly Entry[]): Promise<boolean> {
      let settled = 0
      for (const own of Object.values(groupBy(some, ({ version }) => version))) {
        const version = own[0]?.version ?? 0
        const { modifiedCount } = await entries.collection.updateMany(
          { _id: { $in: own.map(({ id }) => id) as never[] }, version },
          { $set: { 'effects.$[open].done': true }, $unset: { pending: 1 }, $inc: { version: 1 } },
          { arrayFilters: [{ 'open.done': false }] },
        )
        settled += modifiedCount
      }
      return settled === some.length
    },
    /**
     * Writes entries, new ones (version 0) and changed ones, each only if nobody has changed it
     * since; answers whether all of them were.
     */
    async write(some: readonly Entry[]): Promise<boolean> {
      const added = await insert(some.filter(({ version }) => version === 0))
      const replaced = await replace(some.filter(({ version }) => version > 0))
      return added && replaced
    },
  }
}

const isPending = ({ effects }: Pick<Entry, 'effects'>): boolean =>
  effects.some(({ done }) => !done)
