import { Schema, trusted, type Connection } from 'mongoose'
import type { Actor } from '../actor.js'
import type { Day } from '../clock.js'
import type { CollectionPlan } from '../database/database.js'

export interface ProposalDocument {
  _id: string
  /** The whole programme as text. */
  text: string
  /** The day from which it is to hold. */
  from: Day
  says: string
  proposed: { by: Actor; at: Date }
  approvals: { by: Actor; account: string; at: Date }[]
  withdrawn?: { by: Actor; at: Date }
}

const text = { type: String, required: true }
const schema = new Schema(
  {
    _id: text,
    text,
    from: text,
    says: text,
    proposed: { type: Object, required: true },
    approvals: { type: [Object], default: [] },
    withdrawn: { type: Object, default: undefined },
  },
  { versionKey: false, collection: 'programme_proposals', strict: 'throw' },
)

export const proposalCollections: readonly CollectionPlan[] = [
  { collection: 'programme_proposals', indexes: [{ key: { 'proposed.at': -1 } }] },
]

export function createProposalsStore(connection: Connection) {
  const proposals = connection.model<ProposalDocument>('programme_proposals', schema)
  return {
    async add(document: ProposalDocument): Promise<void> {
      await proposals.create(document)
    },
    all: () => proposals.find().sort({ 'proposed.at': -1 }).lean<ProposalDocument[]>(),
    find: (id: string) => proposals.findOne({ _id: id }).lean<ProposalDocument>(),
    /** Adds an approval, one for each account; answers the proposal afterwards. */
    approve(id: string, approval: ProposalDocument['approvals'][number]) {
      return proposals
        .findOneAndUpdate(
          {
            _id: id,
            withdrawn: trusted({ $exists: false }),
            'approvals.account': trusted({ $ne: approval.account }),
          },
          { $push: { approvals: approval } },
          { returnDocument: 'after' },
        )
        .lean<ProposalDocument>()
    },
    async withdraw(
      id: string,
      withdrawn: NonNullable<ProposalDocument['withdrawn']>,
    ): Promise<boolean> {
      const { modifiedCount } = await proposals.updateOne(
        { _id: id, withdrawn: trusted({ $exists: false }) },
        { $set: { withdrawn } },
      )
      return modifiedCount === 1
    },
  }
}
