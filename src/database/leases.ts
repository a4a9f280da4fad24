import type { Connection } from 'mongoose'
import type { Clock } from '../clock.js'
import type { Random } from '../random.js'
import { isTaken } from './missing.js'

/** One process's right to do a piece of work that only one may do at a time. */
export interface Lease {
  /** Grows each time the lease changes hands, so that a late writer can be told from the holder. */
  readonly token: number
  /** Whether this holder still has it, renewed for its full length. */
  renew(): Promise<boolean>
}

export interface Leases {
  /**
   * Does `work` while holding the lease called `name`; nothing is done, and nothing returned, when
   * somebody else holds it. A holder that dies loses it after `seconds`.
   */
  hold<T>(name: string, seconds: number, work: (lease: Lease) => Promise<T>): Promise<T | undefined>
}

interface LeaseDocument {
  _id: string
  holder: string
  until: Date
  token: number
}

export function createLeases(connection: Connection, clock: Clock, random: Random): Leases {
  const leases = connection.collection<LeaseDocument>('leases')
  const until = (seconds: number) => new Date(clock.now().getTime() + seconds * 1000)

  async function take(name: string, holder: string, seconds: number): Promise<number | undefined> {
    try {
      const taken = await leases.findOneAndUpdate(
        { _id: name, until: { $lte: clock.now() } },
        { $set: { holder, until: until(seconds) }, $inc: { token: 1 } },
        { upsert: true, returnDocument: 'after' },
      )
      return taken?.token
    } catch (error) {
      // The upsert met the living lease of another holder.
      if (isTaken(error)) return undefined
      throw error
    }
  }

  return {
    async hold(name, seconds, work) {
      const holder = random.stream('leases').id()
      const token = await take(name, holder, seconds)
      if (token === undefined) return undefined
      const lease: Lease = {
        token,
        async renew() {
          const { matchedCount } = await leases.updateOne(
            { _id: name, holder, token },
            { $set: { until: until(seconds) } },
          )
          return matchedCount === 1
        },
      }
      try {
        return await work(lease)
      } finally {
        await leases.updateOne({ _id: name, holder, token }, { $set: { until: new Date(0) } })
      }
    },
  }
}
