import { join } from 'node:path'
import type { Clock } from '../clock.js'
import { openKeyRing, type KeyRing } from '../keys/keys.js'

/** The keys of one conduct body: shared with nobody, not with another body nor with the institution. */
export interface BodyRings {
  /** Secrets that seal what belongs to its outcomes. */
  sealing: KeyRing
  /** Keys that sign the roots of its own log. */
  signing: KeyRing
}

/**
 * Opens a body's rings in `KEYS_DIR/bodies/<body>/`. With `make` absent ones are begun; without it
 * their absence is an error, because several processes must share them.
 */
export function openBodyRings(options: {
  body: string
  keysDir: string
  make: boolean
  clock: Pick<Clock, 'today'>
}): BodyRings {
  const { body, keysDir, make, clock } = options
  const ring = (name: string, kind: 'secret' | 'ed25519'): KeyRing =>
    openKeyRing({
      name: `${body}/${name}`,
      directory: join(keysDir, 'bodies', body, name),
      kind,
      make,
      clock,
    })
  return { sealing: ring('sealing', 'secret'), signing: ring('signing', 'ed25519') }
}
