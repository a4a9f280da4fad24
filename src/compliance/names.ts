import { foldName } from '../people/people.js'
import type { Roll } from './roll.js'

/** Names, folded for searching, and people in the order of the alphabet. */
export interface NameIndex {
  readonly folded: readonly string[]
  /** People of the roll by name. */
  readonly order: Int32Array
  /** Whether it still says what the roll says of a person. */
  fits(person: number): boolean
}

export function indexNames(roll: Roll): NameIndex {
  const names = [...roll.names]
  // Each word begins after a space, so that a search finds beginnings of words only.
  const folded = names.map((name) => ` ${foldName(name)}`)
  const order = Int32Array.from(folded.keys())
  order.sort((a, b) => {
    const [one, other] = [folded[a] ?? '', folded[b] ?? '']
    // Two people of one name keep the same order on every page.
    return one < other ? -1 : one > other ? 1 : (roll.ids[a] ?? '') < (roll.ids[b] ?? '') ? -1 : 1
  })
  return { folded, order, fits: (person) => names[person] === roll.names[person] }
}

/** The same, of one person alone. */
export const only = (names: NameIndex, person: number | undefined): NameIndex => ({
  ...names,
  order: person === undefined ? new Int32Array() : Int32Array.of(person),
})

/** Which people have words in their name that begin with every word of a search. */
export function peopleNamed(names: NameIndex, search: string): Uint8Array {
  const words = foldName(search)
    .split(' ')
    .map((word) => ` ${word}`)
  return Uint8Array.from(names.folded, (name) =>
    words.every((word) => name.includes(word)) ? 1 : 0,
  )
}
