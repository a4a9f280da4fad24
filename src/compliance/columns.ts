// Whole numbers in long arrays: what the roll is made of. A hundred thousand people can be counted
// in milliseconds, and arrays pass from thread to thread without being copied.

/** Stands for a value that is not there. */
export const none = -1
/** Stands for "without end", after every day. */
export const endless = 0x7fff_ffff

/** A table of whole numbers, row after row in one array, that grows at its end. */
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
  let array = given
  let length = given.length
  return {
    get length() {
      return length / width
    },
    add(values) {
      if (length + width > array.length) {
        const larger = new Int32Array(Math.max(array.length * 2, 1024 * width))
        larger.set(array.subarray(0, length))
        array = larger
      }
      array.set(values, length)
      length += width
      return length / width - 1
    },
    get: (row, column) => array[row * width + column] ?? none,
    set(row, column, value) {
      array[row * width + column] = value
    },
    data: () => array.slice(0, length),
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
