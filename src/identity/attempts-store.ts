import type { Connection } from 'mongoose'
import { RateLimiterMemory, RateLimiterMongo, RateLimiterRes } from 'rate-limiter-flexible'

/** Counts failed sign-ins, in the database, so that neither a restart nor a second process forgets them. */
export interface Attempts {
  /** Whether another try is allowed from here for this e-mail address. */
  allowed(email: string, address: string): Promise<boolean>
  failed(email: string, address: string): Promise<void>
  succeeded(email: string, address: string): Promise<void>
}

const minutes = 60

export function createAttempts(connection: Connection): Attempts {
  const limiter = (keyPrefix: string, points: number, duration: number) =>
    new RateLimiterMongo({
      storeClient: connection,
      dbName: connection.name,
      tableName: 'sign_in_attempts',
      keyPrefix,
      points,
      duration,
      blockDuration: duration,
      // While the database does not answer, each process counts for itself.
      insuranceLimiter: new RateLimiterMemory({ keyPrefix, points, duration }),
    })
  // One person mistyping is slowed down after five; one address trying many people after fifty.
  const byBoth = limiter('person', 5, 15 * minutes)
  const byAddress = limiter('address', 50, 60 * minutes)
  const both = (email: string, address: string) => `${address} ${email}`

  const spend = async (limit: RateLimiterMongo, key: string): Promise<void> => {
    try {
      await limit.consume(key)
    } catch (spent) {
      // The library rejects with its own result when nothing is left; anything else is a fault.
      if (!(spent instanceof RateLimiterRes)) throw spent
    }
  }

  return {
    async allowed(email, address) {
      const [one, all] = await Promise.all([
        byBoth.get(both(email, address)),
        byAddress.get(address),
      ])
      return (
        (one?.consumedPoints ?? 0) < byBoth.points && (all?.consumedPoints ?? 0) < byAddress.points
      )
    },
    async failed(email, address) {
      await Promise.all([spend(byBoth, both(email, address)), spend(byAddress, address)])
    },
    async succeeded(email, address) {
      await byBoth.delete(both(email, address))
    },
  }
}
