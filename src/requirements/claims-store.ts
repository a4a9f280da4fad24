import { omit } from 'es-toolkit'
import { Schema, trusted, type Connection } from 'mongoose'
import type { CollectionPlan } from '../database/database.js'
import type { Claim } from './claim.js'

interface ClaimDocument extends Omit<Claim, 'id'> {
  _id: string
  /** Granted, and the completion recorded. */
  done?: boolean
}

const needed = { type: String, required: true }
const schema = new Schema(
  {
    _id: needed,
    person: needed,
    course: needed,
    delivery: needed,
    on: needed,
    says: needed,
    at: { type: Date, required: true },
    reviewed: { type: Object, default: undefined },
    decided: { type: Object, default: undefined },
    done: Boolean,
  },
  { versionKey: false, collection: 'claims', strict: 'throw' },
)

export const claimCollections: readonly CollectionPlan[] = [
  { collection: 'claims', indexes: [{ key: { person: 1 } }] },
]

export function createClaimsStore(connection: Connection) {
  const claims = connection.model<ClaimDocument>('claims', schema)
  const find = async (filter: object): Promise<Claim[]> => {
    const found = await claims.find(filter).sort({ at: 1 }).lean<ClaimDocument[]>()
    return found.map(({ _id, ...fields }) => ({ id: _id, ...omit(fields, ['done']) }))
  }
  const absent = trusted({ $exists: false })
  return {
    async add({ id, ...fields }: Claim): Promise<void> {
      await claims.create({ _id: id, ...fields })
    },
    of: (person: string) => find({ person }),
    undecided: () => find({ decided: absent }),
    /** Granted, and not yet recorded as a completion. */
    unfinished: () => find({ 'decided.granted': true, done: absent }),
    async find(id: string): Promise<Claim | undefined> {
      return (await find({ _id: id }))[0]
    },
    async review(id: string, reviewed: NonNullable<Claim['reviewed']>): Promise<boolean> {
      const filter = { _id: id, reviewed: absent, decided: absent }
      return (await claims.updateOne(filter, { $set: { reviewed } })).modifiedCount === 1
    },
    async decide(id: string, decided: NonNullable<Claim['decided']>): Promise<boolean> {
      const filter = { _id: id, decided: absent }
      return (await claims.updateOne(filter, { $set: { decided } })).modifiedCount === 1
    },
    async finish(id: string): Promise<void> {
      await claims.updateOne({ _id: id }, { $set: { done: true } })
    },
  }
}
