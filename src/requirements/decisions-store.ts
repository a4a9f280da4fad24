import { Schema, trusted, type Connection } from 'mongoose'
import type { CollectionPlan } from '../database/database.js'
import type { Decision } from './decision.js'

interface DecisionDocument extends Omit<Decision, 'id'> {
  _id: string
}

const text = { type: String, required: true }
const schema = new Schema(
  {
    _id: text,
    person: text,
    duty: text,
    relief: { type: Object, required: true },
    reason: text,
    proposed: { type: Object, required: true },
    decided: { type: Object, default: undefined },
    ended: { type: Object, default: undefined },
  },
  { versionKey: false, collection: 'decisions', strict: 'throw' },
)

export const decisionCollections: readonly CollectionPlan[] = [
  {
    collection: 'decisions',
    indexes: [{ key: { person: 1, duty: 1 } }],
  },
]

const decisionOf = ({ _id, ...fields }: DecisionDocument): Decision => ({ id: _id, ...fields })

export function createDecisionsStore(connection: Connection) {
  const decisions = connection.model<DecisionDocument>('decisions', schema)
  const find = async (filter: object): Promise<Decision[]> =>
    (await decisions.find(filter).lean<DecisionDocument[]>()).map(decisionOf)
  return {
    async add({ id, ...fields }: Decision): Promise<void> {
      await decisions.create({ _id: id, ...fields })
    },
    of: (people: readonly string[]) => find({ person: trusted({ $in: people }) }),
    all: () => find({}),
    undecided: () => find({ decided: trusted({ $exists: false }) }),
    async find(id: string): Promise<Decision | undefined> {
      return (await find({ _id: id }))[0]
    },
    /** Records what was decided, once; answers whether this call was the one. */
    async decide(id: string, decided: NonNullable<Decision['decided']>): Promise<boolean> {
      const { modifiedCount } = await decisions.updateOne(
        { _id: id, decided: trusted({ $exists: false }) },
        { $set: { decided } },
      )
      return modifiedCount === 1
    },
    async end(id: string, ended: NonNullable<Decision['ended']>): Promise<boolean> {
      const { modifiedCount } = await decisions.updateOne(
        { _id: id, 'decided.granted': true, ended: trusted({ $exists: false }) },
        { $set: { ended } },
      )
      return modifiedCount === 1
    },
  }
}
