import type { Limits } from '../database/database.js'

/** Counts failed sign-ins, in the database, so that neither a restart nor a second process forgets them. */
export interface Attempts {
  /** Whether another try is allowed from here for this e-mail address. */
  allowed(email: string, address: string): Promise<boolean>
  failed(email: string, address: string): Promise<void>
  succeeded(email: string, address: string): Promise<void>
}

const minutes = 60
const collection = 'sign_in_attempts'

export function createAttempts(limits: Limits): Attempts {
  // One person mistyping is slowed down after five; one address trying many people after fifty.
  const byBoth = limits.limit(collection, 'person', 5, 15 * minutes)
  const byAddress = limits.limit(collection, 'address', 50, 60 * minutes)
  const both = (email: string, address: string) => `${address} ${email}`

  return {
    async allowed(email, address) {
      const allowed = await Promise.all([
        byBoth.allows(both(email, address)),
        byAddress.allows(address),
      ])
      return allowed.every(Boolean)
    },
    async failed(email, address) {
      await Promise.all([byBoth.spend(both(email, address)), byAddress.spend(address)])
    },
    succeeded: (email, address) => byBoth.forget(both(email, address)),
  }
}
