import { Schema, trusted, type Connection } from 'mongoose'
import type { CollectionPlan } from '../database/database.js'
import type { Availability, Slot } from './availability.js'
import type { Deed, Invited, LiveDelivery } from './training-session.js'

/** A question to people when they could come to a training session of some course. */
export interface Poll {
  id: string
  course: string
  delivery: LiveDelivery
  slots: readonly Slot[]
  invited: Invited
  asked: Deed
  /** Answers are taken until it is closed. */
  closed?: Deed
  answers: readonly Availability[]
}

type PollDocument = Omit<Poll, 'id'> & { _id: string }

const text = { type: String, required: true }
const schema = new Schema(
  {
    _id: text,
    course: text,
    delivery: text,
    slots: [Object],
    invited: { type: Object, required: true },
    asked: { type: Object, required: true },
    closed: { type: Object, default: undefined },
    answers: { type: [Object], default: [] },
  },
  { versionKey: false, collection: 'availability_polls', strict: 'throw', minimize: false },
)

export const pollCollections: readonly CollectionPlan[] = [
  { collection: 'availability_polls', indexes: [{ key: { 'asked.at': 1 } }] },
]

export type PollsStore = ReturnType<typeof createPollsStore>

export function createPollsStore(connection: Connection) {
  const polls = connection.model<PollDocument>('availability_polls', schema)
  const pollOf = ({ _id, ...fields }: PollDocument): Poll => ({ id: _id, ...fields })
  return {
    async add({ id, ...fields }: Poll): Promise<void> {
      await polls.create({ _id: id, ...fields })
    },
    async find(id: string): Promise<Poll | undefined> {
      const found = await polls.findOne({ _id: id }).lean<PollDocument>()
      return found ? pollOf(found) : undefined
    },
    async open(): Promise<Poll[]> {
      const found = await polls.find({ closed: trusted({ $exists: false }) }).lean<PollDocument[]>()
      return found.map(pollOf)
    },
    /** Puts somebody's answer in place of any that they gave before; answers whether it was still open. */
    async answer(id: string, answer: Availability): Promise<boolean> {
      const isOpen = { _id: id, closed: trusted({ $exists: false }) }
      const changed = await polls.updateOne(
        { ...isOpen, 'answers.person': answer.person },
        { $set: { 'answers.$': answer } },
      )
      if (changed.matchedCount === 1) return true
      const added = await polls.updateOne(
        { ...isOpen, 'answers.person': trusted({ $ne: answer.person }) },
        { $push: { answers: answer } },
      )
      return added.modifiedCount === 1
    },
    async close(id: string, closed: Deed): Promise<void> {
      const isOpen = { _id: id, closed: trusted({ $exists: false }) }
      await polls.updateOne(isOpen, { $set: { closed } })
    },
  }
}
