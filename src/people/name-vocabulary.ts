import { remembering } from '../remembering.js'
import { oneSlipApart, type Fitting } from './name-words.js'

/** Every word of every name, each by its number. */
export interface Vocabulary {
  /** The number of a word, given it when it is new. */
  number: (word: string) => number
  find: (word: string) => number | undefined
  /** The words that begin with some letters. */
  beginningWith: (start: string) => ReadonlySet<number>
  /** What a written word may stand for. */
  fitting: (word: string) => Fitting
}

/**
 * Under what a word is found by others of some length: a slip changes the first letter or the last
 * one, never both, so that only words that share one of them need to be compared.
 */
const endsOf = (word: string, length: number): string[] => [
  `${length}${word[0] ?? ''}…`,
  `${length}…${word.at(-1) ?? ''}`,
]

export function createVocabulary(): Vocabulary {
  const numbers = new Map<string, number>()
  // Ten thousand rows of a file have far fewer words: what one fits is remembered, until there are more.
  let fitting = remembering(fit)
  let sorted: readonly string[] = []
  let byEnds: ReadonlyMap<string, readonly string[]> = new Map()

  /** The words in order; looked up only after all have been gathered, so they are ordered once. */
  function order(): void {
    if (sorted.length === numbers.size) return
    sorted = [...numbers.keys()].sort()
    const ends = new Map<string, string[]>()
    for (const word of sorted) {
      for (const end of endsOf(word, word.length)) {
        const others = ends.get(end)
        if (others) others.push(word)
        else ends.set(end, [word])
      }
    }
    byEnds = ends
    fitting = remembering(fit)
  }

  function startingAt(start: string): number {
    let low = 0
    for (let high = sorted.length; low < high;) {
      const middle = (low + high) >> 1
      if ((sorted[middle] ?? '') < start) low = middle + 1
      else high = middle
    }
    return low
  }

  function beginningWith(start: string): Set<number> {
    order()
    const found = new Set<number>()
    for (let at = startingAt(start); sorted[at]?.startsWith(start); at++) {
      found.add(numbers.get(sorted[at] ?? '') ?? -1)
    }
    return found
  }

  function fit(word: string): Fitting {
    const nearly = new Map<number, 'initials' | 'slip'>()
    const [initial = ''] = word
    const alone = numbers.get(initial)
    if (alone !== undefined) nearly.set(alone, 'initials')
    if (word.length === 1) for (const number of beginningWith(word)) nearly.set(number, 'initials')
    for (const length of [word.length - 1, word.length, word.length + 1]) {
      for (const other of endsOf(word, length).flatMap((end) => byEnds.get(end) ?? [])) {
        if (oneSlipApart(word, other)) nearly.set(numbers.get(other) ?? -1, 'slip')
      }
    }
    return { itself: numbers.get(word), nearly }
  }

  return {
    number(word) {
      const known = numbers.get(word)
      if (known !== undefined) return known
      numbers.set(word, numbers.size)
      return numbers.size - 1
    },
    find: (word) => numbers.get(word),
    beginningWith,
    fitting(word) {
      order()
      return fitting(word)
    },
  }
}
