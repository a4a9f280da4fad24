import { Schema, type Connection } from 'mongoose'
import type { Day } from '../clock.js'
import type { DemoAccount } from './parliament.js'

interface DemoDocument {
  _id: 'demo'
  /** The day on which it was first begun, from which all its dates count. */
  day: Day
  /** Whom to sign in as; there once everything is. */
  accounts?: readonly DemoAccount[]
}

const schema = new Schema(
  {
    _id: String,
    day: { type: String, required: true },
    accounts: { type: [Object], default: undefined },
  },
  { versionKey: false, collection: 'demo', strict: 'throw' },
)

export function createDemoStore(connection: Connection) {
  const demo = connection.model<DemoDocument>('demo', schema)
  return {
    /** Where the demo stands; begins it where it has not begun. */
    async begin(day: Day): Promise<DemoDocument> {
      await demo.updateOne({ _id: 'demo' }, { $setOnInsert: { day } }, { upsert: true })
      const begun = await demo.findOne({ _id: 'demo' }).lean<DemoDocument>()
      return begun ?? { _id: 'demo', day }
    },
    async finish(accounts: readonly DemoAccount[]): Promise<void> {
      await demo.updateOne({ _id: 'demo' }, { $set: { accounts } })
    },
  }
}
