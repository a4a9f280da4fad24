// Whole numbers in long arrays: what the roll is made of. A hundred thousand people can be counted
// in milliseconds, and arrays pass from thread to thread without being copied.

/** Stands for a value that is not there. */
export const none = -1
/** Stands for "without end", after every day. */
export const endless = 0x7fff_ffff

/**
 * A table of whole numbers, row after row in one array, that grows at its end. What another thread
 * has handed over stays where it lies: rows that are added come into an array beside it.
 */
export interface Table {
  readonly length: number
  /** Adds a row; answers its number. */
  add(values: readonly number[]): number
  get(row: number, column: number): number
  set(row: number, column: number, value: number): void
  /** The rows alone, without room for more. */
  data(): Int32Array
}

export function createTable(width: number, given: Int32Array = new Int32Array()): Table {
  const handed = given.length
  let added = new Int32Array()
  let length = 0
  return {
    get length() {
      return (handed + length) / width
    },
    add(values) {
      if (length + width > added.length) {
        const larger = new Int32Array(Math.max(added.length * 2, 1024 * width))
        larger.set(added)
        added = larger
      }
      added.set(values, length)
      length += width
      return (handed + length) / width - 1
    },
    get(row, column) {
      const at = row * width + column
      return (at < handed ? given[at] : added[at - handed]) ?? none
    },
    set(row, column, value) {
      const at = row * width + column
      if (at < handed) given[at] = value
      else added[at - handed] = value
    },
    data() {
      const all = new Int32Array(handed + length)
      all.set(given)
      all.set(added.subarray(0, length), handed)
      return all
    },
  }
}

/** Words such as offices, parties and rules, each once, by number. */
export interface Words {
  /** The number of a word, given it when it is new; `none` for no word. */
  code(word: string | undefined): number
  /** The number of a word that is there. */
  find(word: string): number | undefined
  word(code: number): string | undefined
  readonly list: readonly string[]
}

export function createWords(given: readonly string[] = []): Words {
  const list = [...given]
  const codes = new Map(list.map((word, code) => [word, code]))
  return {
    list,
    code(word) {
      if (word === undefined) return none
      const known = codes.get(word)
      if (known !== undefined) return known
      codes.set(word, list.length)
      return list.push(word) - 1
    },
    find: (word) => codes.get(word),
    word: (code) => list[code],
  }
}
