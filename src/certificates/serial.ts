import { base32, type Random } from '../random.js'

/**
 * A certificate's serial: `GS-7K3M9QX-A2B4C6D-8EFGHJK`, 100 random bits and a check character, without counter
 * or order, so that nobody can guess or enumerate one (issue 7, part 4).
 */
export type Serial = string & { readonly serial: unique symbol }

const digits = '0123456789abcdefghjkmnpqrstvwxyz'
const payload = 20

/**
 * The check character, over the field of 32 elements: any one wrong character and any two neighbours
 * swapped are noticed, the check character itself included.
 */
function checkOf(text: string): string {
  let sum = 0
  for (const character of text) {
    const shifted = (sum ^ digits.indexOf(character)) << 1
    sum = shifted > 31 ? shifted ^ 0b100101 : shifted
  }
  return digits.charAt(sum)
}

const write = (text: string): Serial =>
  `GS-${(text + checkOf(text)).toUpperCase().replace(/(.{7})(?=.)/g, '$1-')}` as Serial

/** A serial nobody has had before: 100 bits drawn by chance. */
export const newSerial = (random: Random): Serial => write(base32(random.bytes(13), payload))

/**
 * Reads a serial as people type it: any case, with or without prefix, spaces and dashes, `O` for zero,
 * `I` or `L` for one. Nothing where it cannot be one: wrong length, strange character, failed check.
 */
export function parseSerial(text: string): Serial | undefined {
  if (text.length > 100) return undefined
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{Pd}_.]/gu, '')
    .replace(/^gs(?=.{21}$)/u, '')
    .replaceAll('o', '0')
    .replaceAll(/[il]/g, '1')
  if (!/^[0-9a-hjkmnp-tv-z]{21}$/.test(plain)) return undefined
  const body = plain.slice(0, payload)
  return checkOf(body) === plain.charAt(payload) ? write(body) : undefined
}
