import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError, type Config } from './config.js'
import type { Random } from './random.js'

/** The secret that signs sessions: given, or made once and kept beside the embedded database. */
export function sessionSecretOf(config: Config, random: Random): string {
  if (config.sessionSecret) return config.sessionSecret
  if (config.mongodbUri) {
    throw new ConfigError(
      'SESSION_SECRET: must be set where MONGODB_URI is, so that processes share it',
    )
  }
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  const file = join(config.dataDir, 'session-secret')
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    const made = random.bytes(32).toString('base64url')
    writeFileSync(file, `${made}\n`, { mode: 0o600, flag: 'wx' })
    return made
  }
}
