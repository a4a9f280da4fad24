import { Schema, trusted, type Connection } from 'mongoose'
import type { Day } from '../clock.js'
import type { CollectionPlan } from '../database/database.js'

/** A trainer's dated permission, such as the specialism in sexual violence (domain, section 2). */
export interface Accreditation {
  id: string
  person: string
  /** As courses name what they demand. */
  name: string
  from: Day
  /** The last day, inclusive. */
  to?: Day
}

type AccreditationDocument = Omit<Accreditation, 'id'> & { _id: string }

const text = { type: String, required: true }
const schema = new Schema(
  { _id: text, person: text, name: text, from: text, to: String },
  { versionKey: false, collection: 'accreditations', strict: 'throw' },
)

export const accreditationCollections: readonly CollectionPlan[] = [
  { collection: 'accreditations', indexes: [{ key: { person: 1 } }] },
]

export type AccreditationsStore = ReturnType<typeof createAccreditationsStore>

export function createAccreditationsStore(connection: Connection) {
  const accreditations = connection.model<AccreditationDocument>('accreditations', schema)
  const find = async (filter: object): Promise<Accreditation[]> => {
    const found = await accreditations.find(filter).lean<AccreditationDocument[]>()
    return found.map(({ _id, ...fields }) => ({ id: _id, ...fields }))
  }
  return {
    async add({ id, ...fields }: Accreditation): Promise<void> {
      await accreditations.create({ _id: id, ...fields })
    },
    of: (people: readonly string[]) => find({ person: trusted({ $in: people }) }),
    all: () => find({}),
    async end(id: string, to: Day): Promise<Accreditation | undefined> {
      await accreditations.updateOne({ _id: id }, { $set: { to } })
      const [ended] = await find({ _id: id })
      return ended
    },
  }
}
