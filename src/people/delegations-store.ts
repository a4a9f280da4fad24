import { Schema, trusted, type Connection } from 'mongoose'
import type { Day } from '../clock.js'
import type { CollectionPlan } from '../database/database.js'
import type { Delegation } from './scope.js'

interface DelegationDocument extends Omit<Delegation, 'id'> {
  _id: string
}

const needed = { type: String, required: true }
const schema = new Schema(
  { _id: needed, manager: needed, delegate: needed, from: needed, to: needed },
  { versionKey: false, collection: 'delegations', strict: 'throw' },
)

export const delegationCollections: readonly CollectionPlan[] = [
  { collection: 'delegations', indexes: [{ key: { manager: 1 } }, { key: { delegate: 1 } }] },
]

/** Who sees in whose stead, and when. */
export function createDelegationsStore(connection: Connection) {
  const delegations = connection.model<DelegationDocument>('delegations', schema)
  const find = async (filter: object): Promise<Delegation[]> => {
    const found = await delegations.find(filter).sort({ from: -1 }).lean<DelegationDocument[]>()
    return found.map(({ _id, ...fields }) => ({ id: _id, ...fields }))
  }
  return {
    async add({ id, ...fields }: Delegation): Promise<void> {
      await delegations.create({ _id: id, ...fields })
    },
    by: (manager: string) => find({ manager }),
    to: (delegate: string) => find({ delegate }),
    /** Brings the last day forward; answers whether there was anything to bring forward. */
    async end(id: string, manager: string, to: Day): Promise<boolean> {
      const { modifiedCount } = await delegations.updateOne(
        { _id: id, manager, to: trusted({ $gt: to }) },
        { $set: { to } },
      )
      return modifiedCount === 1
    },
  }
}
