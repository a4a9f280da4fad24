import { foldName } from './person.js'

// Written with a name in one place and left out in the next.
const titles = new Set(
  (
    'mr mrs ms miss mx dr prof professor sir dame lord lady baron baroness viscount viscountess earl ' +
    'countess duke duchess marquess bishop archbishop rev revd reverend rt right hon honourable the ' +
    'of mp ms am pc qc kc obe mbe cbe y arglwydd arglwyddes farwnes barwnes syr'
  ).split(' '),
)

/** The words of a name as they are searched: without accents, case or punctuation. */
export const wordsOf = (name: string): string[] => foldName(name).split(' ').filter(Boolean)

/**
 * The words by which a name is compared: its titles left out, unless that leaves less than two words
 * ("Lord Cromarty" is compared whole).
 */
export function comparedWords(name: string): string[] {
  const words = wordsOf(name)
  const bare = words.filter((word) => !titles.has(word))
  return bare.length < 2 ? words : bare
}

/** Whether two words are one slip apart: a letter more, less, other, or two neighbours swapped. */
export function oneSlipApart(one: string, other: string): boolean {
  if (one === other) return false
  const [short, long] = one.length <= other.length ? [one, other] : [other, one]
  if (long.length - short.length > 1 || short.length < 3) return false
  let from = 0
  while (from < short.length && short[from] === long[from]) from++
  if (long.length > short.length) return short.slice(from) === long.slice(from + 1)
  const swapped = short[from] === long[from + 1] && short[from + 1] === long[from]
  const rest = short.slice(from + 1) === long.slice(from + 1)
  return rest || (swapped && short.slice(from + 2) === long.slice(from + 2))
}

/**
 * How like a name in the directory what somebody wrote is, from the surest to the least: the name
 * itself, its words in another order, some of its words, initials, a slip of the pen; `former` for
 * any of these with a name that the person bore before.
 */
export const likenesses = ['same', 'order', 'part', 'initials', 'slip', 'former'] as const
export type Likeness = (typeof likenesses)[number]

/** How one written word fits the words of a name, which are known by their numbers. */
export interface Fitting {
  /** The word itself, where any name has it. */
  itself: number | undefined
  /** Words that it may stand for as an initial, or that may stand for it, and words one slip away. */
  nearly: ReadonlyMap<number, 'initials' | 'slip'>
}

/**
 * Compares the words of what was written with those of a name. Every word of the shorter one must
 * have its own in the longer one, and at least one of them must be the same, letter for letter.
 */
export function likeness(
  written: readonly Fitting[],
  name: readonly number[],
): Exclude<Likeness, 'former'> | undefined {
  const few = Math.min(written.length, name.length)
  if (few < 2) {
    return name.length === written.length && name[0] === written[0]?.itself ? 'same' : undefined
  }
  const left: (number | undefined)[] = [...name]
  const unsure: Fitting[] = []
  let inOrder = written.length === name.length
  for (const [place, word] of written.entries()) {
    const at = word.itself === undefined ? -1 : left.indexOf(word.itself)
    if (at >= 0) left[at] = undefined
    else unsure.push(word)
    inOrder &&= at === place
  }
  const same = written.length - unsure.length
  if (same === 0) return undefined
  const near = unsure.flatMap(({ nearly }) => {
    const at = left.findIndex((word) => word !== undefined && nearly.has(word))
    const number = left[at]
    if (number === undefined) return []
    left[at] = undefined
    return nearly.get(number) ?? []
  })
  if (same + near.length < few) return undefined
  if (near.includes('slip')) return 'slip'
  if (near.includes('initials')) return 'initials'
  if (written.length !== name.length) return 'part'
  return inOrder ? 'same' : 'order'
}
