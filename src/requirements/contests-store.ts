import { Schema, trusted, type Connection } from 'mongoose'
import type { CollectionPlan } from '../database/database.js'
import type { Contest } from './claim.js'

interface ContestDocument extends Omit<Contest, 'id'> {
  _id: string
}

const needed = { type: String, required: true }
const schema = new Schema(
  {
    _id: needed,
    person: needed,
    duty: needed,
    from: needed,
    says: needed,
    at: { type: Date, required: true },
    answered: { type: Object, default: undefined },
  },
  { versionKey: false, collection: 'contests', strict: 'throw' },
)

export const contestCollections: readonly CollectionPlan[] = [
  { collection: 'contests', indexes: [{ key: { person: 1 } }] },
]

export function createContestsStore(connection: Connection) {
  const contests = connection.model<ContestDocument>('contests', schema)
  const find = async (filter: object): Promise<Contest[]> => {
    const found = await contests.find(filter).sort({ at: 1 }).lean<ContestDocument[]>()
    return found.map(({ _id, ...fields }) => ({ id: _id, ...fields }))
  }
  const absent = trusted({ $exists: false })
  return {
    async add({ id, ...fields }: Contest): Promise<void> {
      await contests.create({ _id: id, ...fields })
    },
    of: (person: string) => find({ person }),
    open: () => find({ answered: absent }),
    async find(id: string): Promise<Contest | undefined> {
      return (await find({ _id: id }))[0]
    },
    async answer(id: string, answered: NonNullable<Contest['answered']>): Promise<boolean> {
      const filter = { _id: id, answered: absent }
      return (await contests.updateOne(filter, { $set: { answered } })).modifiedCount === 1
    },
  }
}
