import { Schema, trusted, type Connection } from 'mongoose'
import type { Day } from '../clock.js'
import { addMissing, type CollectionPlan } from '../database/database.js'

/** That somebody's missed date was told of, once for each time that they became overdue. */
export interface Escalated {
  /** The spell, and whom it was told to. */
  _id: string
  /** Person, duty, and since when they are overdue. */
  spell: string
  person: string
  duty: string
  /** To whom, and on which day. */
  to: string
  on: Day
}

const needed = { type: String, required: true }
const schema = new Schema(
  { _id: needed, spell: needed, person: needed, duty: needed, to: needed, on: needed },
  { versionKey: false, collection: 'escalations', strict: 'throw' },
)

export const escalationCollections: readonly CollectionPlan[] = [
  { collection: 'escalations', indexes: [{ key: { spell: 1 } }, { key: { to: 1, on: 1 } }] },
]

export function createEscalationsStore(connection: Connection) {
  const escalations = connection.model<Escalated>('escalations', schema)
  return {
    /** Which of some spells have been told of. */
    async known(spells: readonly string[]): Promise<Set<string>> {
      const found = await escalations
        .find({ spell: trusted({ $in: spells }) }, { spell: 1 })
        .lean<Escalated[]>()
      return new Set(found.map(({ spell }) => spell))
    },
    async add(told: readonly Escalated[]): Promise<void> {
      await addMissing(escalations.insertMany(told, { ordered: false, lean: true }))
    },
    /** Of whom one was told on a day. */
    toldOf: (to: string, on: Day) => escalations.find({ to, on }).lean<Escalated[]>(),
  }
}
