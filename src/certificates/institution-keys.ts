import type { Clock } from '../clock.js'
import type { Database } from '../database/database.js'
import { unavailable } from '../errors.js'
import { keyTroubleOf } from '../keys/keys.js'
import type { Log } from '../log.js'
import { knowsKeys, strangeRings } from './fingerprints-store.js'
import { openIssuerKeys, type IssuerKeys } from './keys.js'

/**
 * Opens the institution's keys for an application. They are begun at the very first start alone: where
 * the database was used with keys already, absent ones were lost and must be put back. Issuing waits then,
 * and nothing else does.
 *
 * Throws `unavailable` where the keys are others than those that the database was used with.
 *
 * @param options.shared several processes share the database and must be given its keys: absent ones
 *   are refused as well
 */
export async function openInstitutionKeys(options: {
  database: Database
  keysDir: string
  shared: boolean
  clock: Clock
  log: Pick<Log, 'error'>
}): Promise<IssuerKeys> {
  const { keysDir, shared, clock, log } = options
  const { connection } = options.database
  const make = !shared && !(await knowsKeys(connection))
  const rings = openIssuerKeys({ keysDir, issuer: 'institution', make, clock })
  const strange = await strangeRings(connection, Object.values(rings)).catch((error: unknown) => {
    if (shared || keyTroubleOf(error) === undefined) throw error
    log.error({ reason: String(error) }, 'no certificate can be issued; completions wait')
    return []
  })
  if (strange.length > 0) throw unavailable('keys.strange', { rings: strange.join(', ') })
  return rings
}
