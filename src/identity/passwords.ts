import { hash, verify } from '@node-rs/argon2'

// OWASP's first choice for argon2id: 19 MiB, two passes, one lane. 2 is `Algorithm.Argon2id`, whose
// const enum cannot be imported by erased TypeScript.
const settings = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export const hashPassword = (password: string): Promise<string> => hash(password, settings)

let decoy: Promise<string> | undefined

/**
 * Whether a password fits a stored hash. Where there is no hash it takes just as long and says no,
 * so that the time does not tell whether an account exists.
 */
export async function fits(stored: string | undefined, password: string): Promise<boolean> {
  decoy ??= hashPassword('nobody has this password')
  const right = await verify(stored ?? (await decoy), password)
  return stored !== undefined && right
}
