import { createHash } from 'node:crypto'

/** How many random bytes at least hide an entry in its leaf: without them nobody can tell what it says. */
const saltSize = 16

/**
 * What a leaf holds: SHA-256 of the salt and the entry in canonical form. Once the salt is destroyed
 * the leaf stays in its place and says nothing about anybody any more (issue 7, part 5).
 */
export function commitment(salt: Uint8Array, entry: unknown): Buffer {
  if (salt.length < saltSize) throw new RangeError(`a salt has at least ${saltSize} bytes`)
  return createHash('sha256').update(salt).update(canonical(entry)).digest()
}

/** JSON with keys in order and without white space (RFC 8785 for the values that entries hold). */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value)
      .filter(([, held]) => held !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, held]) => `${JSON.stringify(name)}:${canonical(held)}`)
    return `{${fields.join(',')}}`
  }
  if (value === undefined || (typeof value === 'number' && !Number.isSafeInteger(value))) {
    throw new RangeError('entries hold texts, whole numbers, truths, lists and records only')
  }
  return JSON.stringify(value)
}
