import { Schema, trusted, type Connection } from 'mongoose'
import type { Day } from '../clock.js'
import { addMissing, type CollectionPlan } from '../database/database.js'

/** That somebody was reminded on a day; at most once a day, whoever asked for it. */
interface ReminderDocument {
  /** Person and day. */
  _id: string
  person: string
  on: Day
  at: Date
}

const needed = { type: String, required: true }
const schema = new Schema(
  { _id: needed, person: needed, on: needed, at: { type: Date, required: true } },
  { versionKey: false, collection: 'reminders', strict: 'throw' },
)
const viewSchema = new Schema(
  { _id: needed, account: needed, name: needed, query: { type: String, default: '' } },
  { versionKey: false, collection: 'saved_views', strict: 'throw' },
)

/** A list's filters that somebody keeps under a name. */
export interface SavedView {
  id: string
  name: string
  /** As they stand in the address. */
  query: string
}
interface ViewDocument extends Omit<SavedView, 'id'> {
  _id: string
  account: string
}

export const listCollections: readonly CollectionPlan[] = [
  { collection: 'reminders', indexes: [{ key: { person: 1, on: -1 } }] },
  { collection: 'saved_views', indexes: [{ key: { account: 1, name: 1 } }] },
]

export function createRemindersStore(connection: Connection) {
  const reminders = connection.model<ReminderDocument>('reminders', schema)
  return {
    /** Who of some people was reminded after a day. */
    async since(people: readonly string[], after: Day): Promise<Set<string>> {
      const found = await reminders
        .find({ person: trusted({ $in: people }), on: trusted({ $gt: after }) }, { person: 1 })
        .lean<ReminderDocument[]>()
      return new Set(found.map(({ person }) => person))
    },
    async add(people: readonly string[], on: Day, at: Date): Promise<void> {
      const documents = people.map((person) => ({ _id: `${person}/${on}`, person, on, at }))
      await addMissing(reminders.insertMany(documents, { ordered: false, lean: true }))
    },
  }
}

export function createViewsStore(connection: Connection) {
  const views = connection.model<ViewDocument>('saved_views', viewSchema)
  return {
    async of(account: string): Promise<SavedView[]> {
      const found = await views.find({ account }).sort({ name: 1 }).lean<ViewDocument[]>()
      return found.map(({ _id, name, query }) => ({ id: _id, name, query }))
    },
    async add(account: string, { id, ...view }: SavedView): Promise<void> {
      await views.create({ _id: id, account, ...view })
    },
    async remove(account: string, id: string): Promise<void> {
      await views.deleteOne({ _id: id, account })
    },
  }
}
