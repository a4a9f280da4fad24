import type { Connection } from 'mongoose'
import { RateLimiterMemory, RateLimiterMongo, RateLimiterRes } from 'rate-limiter-flexible'

/** How often something may be tried, counted for every process together and over restarts. */
interface Limit {
  /** Whether there is a try left. Costs none. */
  allows(key: string): Promise<boolean>
  /** Uses up a try; answers whether there was one left. */
  spend(key: string): Promise<boolean>
  forget(key: string): Promise<void>
}

export interface Limits {
  /**
   * @param collection where the tries are counted
   * @param seconds after the first of them, all are given back
   */
  limit(collection: string, name: string, tries: number, seconds: number): Limit
  /** Resolves once their collections are ready, or could not be made so. */
  ready(): Promise<void>
}

export function createLimits(connection: Connection): Limits {
  const prepared: Promise<void>[] = []
  return {
    async ready() {
      await Promise.all(prepared)
    },
    limit(collection, name, tries, seconds) {
      const limiter = new RateLimiterMongo({
        storeClient: connection,
        dbName: connection.name,
        tableName: collection,
        keyPrefix: name,
        points: tries,
        duration: seconds,
        blockDuration: seconds,
        disableIndexesCreation: true,
        // While the database does not answer, each process counts for itself.
        insuranceLimiter: new RateLimiterMemory({
          keyPrefix: name,
          points: tries,
          duration: seconds,
        }),
      })
      // Whoever closes the database waits for this; a failure shows with the first try.
      prepared.push(limiter.createIndexes().catch(() => undefined))
      return {
        allows: async (key) => ((await limiter.get(key))?.consumedPoints ?? 0) < tries,
        async spend(key) {
          try {
            await limiter.consume(key)
            return true
          } catch (spent) {
            // The library rejects with its own result when nothing is left; anything else is a fault.
            if (!(spent instanceof RateLimiterRes)) throw spent
            return false
          }
        },
        async forget(key) {
          await limiter.delete(key)
        },
      }
    },
  }
}
