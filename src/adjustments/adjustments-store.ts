import { omit } from 'es-toolkit'
import { Schema, trusted, type Connection } from 'mongoose'
import type { CollectionPlan } from '../database/database.js'
import type { Adjustments, Route } from './adjustment.js'

interface AdjustmentsDocument extends Adjustments {
  /** The person. */
  _id: string
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    display: { type: [String], default: [] },
    room: { type: [String], default: [] },
    language: String,
    adultFrom: String,
    route: { type: Object, default: undefined },
  },
  { versionKey: false, collection: 'adjustments', strict: 'throw' },
)

export const adjustmentCollections: readonly CollectionPlan[] = [
  {
    collection: 'adjustments',
    indexes: [
      {
        key: { 'route.id': 1 },
        options: { partialFilterExpression: { 'route.id': { $exists: true } } },
      },
      {
        key: { 'route.state': 1 },
        options: { partialFilterExpression: { 'route.state': { $exists: true } } },
      },
    ],
  },
]

export function createAdjustmentsStore(connection: Connection) {
  const adjustments = connection.model<AdjustmentsDocument>('adjustments', schema)
  const own = ({ _id, ...rest }: AdjustmentsDocument) => ({ person: _id, ...rest })

  return {
    async of(person: string): Promise<Adjustments | undefined> {
      const found = await adjustments.findById(person).lean<AdjustmentsDocument>()
      return found ? omit(found, ['_id']) : undefined
    },
    async ofMany(people: readonly string[]) {
      const found = await adjustments
        .find({ _id: trusted({ $in: people }) })
        .lean<AdjustmentsDocument[]>()
      return found.map(own)
    },
    async byRoute(id: string) {
      const found = await adjustments.findOne({ 'route.id': id }).lean<AdjustmentsDocument>()
      return found ? own(found) : undefined
    },
    async inState(state: Route['state']) {
      const found = await adjustments.find({ 'route.state': state }).lean<AdjustmentsDocument[]>()
      return found.map(own)
    },
    async set(
      person: string,
      fields: Partial<Adjustments>,
      gone: readonly string[],
    ): Promise<void> {
      await adjustments.updateOne(
        { _id: person },
        {
          $set: fields,
          ...(gone.length > 0 ? { $unset: Object.fromEntries(gone.map((name) => [name, 1])) } : {}),
        },
        { upsert: true },
      )
    },
    /** Puts a route in place of what was there; answers whether the one named was still waiting. */
    async decide(id: string, state: Route['state']): Promise<boolean> {
      const { modifiedCount } = await adjustments.updateOne(
        { 'route.id': id, 'route.state': 'asked' },
        { $set: { 'route.state': state } },
      )
      return modifiedCount === 1
    },
  }
}
