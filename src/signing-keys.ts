import { openInstitutionKeys, type IssuerKeys } from './certificates/certificates.js'
import type { Clock } from './clock.js'
import { ConfigError, type Config } from './config.js'
import type { Database } from './database/database.js'
import { DomainError } from './errors.js'
import type { Words } from './language.js'
import type { Log } from './log.js'

/** The keys that the institution signs with. Wrong ones stop the start, with one line that says so. */
export async function signingKeys(parts: {
  config: Config
  database: Database
  words: Words
  clock: Clock
  log: Log
}): Promise<IssuerKeys> {
  const { config, words } = parts
  try {
    // Several processes share a given database, and must be given the keys that they share.
    const shared = config.mongodbUri !== undefined
    return await openInstitutionKeys({ ...parts, keysDir: config.keysDir, shared })
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    throw new ConfigError(`KEYS_DIR: ${words.say('en', error.say)}`)
  }
}
