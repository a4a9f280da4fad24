/** Texts as bytes, one after the other, and where each ends: for handing to another thread. */
export interface TextsData {
  bytes: Uint8Array
  ends: Int32Array
  /** Numbers of texts by their hash, in an open table; only where texts are looked up. */
  slots: Int32Array
}

/**
 * Many texts by number. Those that another thread has handed over stay bytes until they are asked
 * for, so that to receive a hundred thousand of them takes no time.
 */
export interface Texts {
  readonly length: number
  text(number: number): string
  set(number: number, text: string): void
  /** The number of a text, where it was handed over or `set`. */
  find(text: string): number | undefined
  data(): TextsData
}

const free = -1

function hashOf(text: string): number {
  let hash = 0x811c_9dc5
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x0100_0193)
  }
  return hash >>> 0
}

/** Walks the table of slots from where a text belongs until `meets` says so or nothing is there. */
function placeOf(slots: Int32Array, text: string, meets: (number: number) => boolean): number {
  const mask = slots.length - 1
  let at = hashOf(text) & mask
  for (;;) {
    const number = slots[at] ?? free
    if (number === free || meets(number)) return at
    at = (at + 1) & mask
  }
}

function slotsFor(texts: readonly string[]): Int32Array {
  let room = 1
  while (room < texts.length * 2) room *= 2
  const slots = new Int32Array(room).fill(free)
  texts.forEach((text, number) => {
    slots[placeOf(slots, text, () => false)] = number
  })
  return slots
}

export function createTexts(given?: TextsData): Texts {
  const { ends = new Int32Array(), slots = new Int32Array(1).fill(free) } = given ?? {}
  const { buffer, byteOffset, byteLength } = given?.bytes ?? new Uint8Array()
  const bytes = Buffer.from(buffer, byteOffset, byteLength)
  const own = new Map<number, string>()
  const numbers = new Map<string, number>()
  let { length } = ends

  const text = (number: number): string =>
    own.get(number) ??
    (number < ends.length ? bytes.toString('utf8', ends[number - 1] ?? 0, ends[number]) : '')

  return {
    get length() {
      return length
    },
    text,
    set(number, value) {
      own.set(number, value)
      numbers.set(value, number)
      length = Math.max(length, number + 1)
    },
    find(value) {
      const set = numbers.get(value)
      if (set !== undefined) return set
      const number = slots[placeOf(slots, value, (other) => text(other) === value)] ?? free
      return number === free ? undefined : number
    },
    data() {
      const all = Array.from({ length }, (_, number) => text(number))
      let end = 0
      const places = Int32Array.from(all, (one) => (end += Buffer.byteLength(one)))
      const written = new Uint8Array(end)
      written.set(Buffer.from(all.join('')))
      return { bytes: written, ends: places, slots: slotsFor(all) }
    },
  }
}
