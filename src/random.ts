import { createHash, randomBytes } from 'node:crypto'

/** Where chance comes from. Nothing else in `src` makes random values. */
export interface Random {
  /** So many random bytes. */
  bytes(size: number): Buffer
  /** A new visible id: 20 letters and digits, 100 random bits, no order and no counter in it. */
  id(): string
  /** A whole number from 0 up to, not including, `below`. */
  below(below: number): number
  /** A separate stream: what is drawn from it leaves this one unmoved. */
  stream(name: string): Random
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** Bytes as letters and digits that are hard to misread (Crockford's base 32, lower case). */
export function base32(bytes: Uint8Array, length: number): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff
    bits += 8
    while (bits >= 5 && text.length < length) {
      bits -= 5
      text += alphabet.charAt((held >>> bits) & 31)
    }
  }
  return text
}

function fromBytes(bytes: (size: number) => Buffer, stream: (name: string) => Random): Random {
  return {
    bytes,
    id: () => base32(bytes(13), 20),
    below(limit) {
      if (limit < 1 || limit > 0xffffffff) throw new RangeError(`cannot draw below ${limit}`)
      // Draw again in the last, incomplete stretch so that every number is equally likely.
      const fair = 0x100000000 - (0x100000000 % limit)
      for (;;) {
        const drawn = bytes(4).readUInt32BE()
        if (drawn < fair) return drawn % limit
      }
    },
    stream,
  }
}

// One question to the machine for many small draws: a thousand ids are made in a thousandth of the time.
const poolSize = 8192
const mostFromPool = 64
let pool = Buffer.alloc(0)

function drawn(size: number): Buffer {
  if (size > mostFromPool) return randomBytes(size)
  if (pool.length < size) pool = randomBytes(poolSize)
  const taken = Buffer.from(pool.subarray(0, size))
  // What has been drawn is nowhere else any more.
  pool.fill(0, 0, size)
  pool = pool.subarray(size)
  return taken
}

export const systemRandom: Random = fromBytes(drawn, () => systemRandom)

/** The same seed gives the same values for ever: for the demo parliament and for tests. */
export function seededRandom(seed: string): Random {
  let counter = 0
  let pool = Buffer.alloc(0)
  const bytes = (size: number): Buffer => {
    while (pool.length < size) {
      const block = createHash('sha512').update(`${seed}/${counter++}`).digest()
      pool = Buffer.concat([pool, block])
    }
    const taken = pool.subarray(0, size)
    pool = pool.subarray(size)
    return taken
  }
  return fromBytes(bytes, (name) => seededRandom(`${seed}:${name}`))
}
