import { foldName } from '../people/people.js'
import type { Roll } from './roll.js'

/** People in the order of the alphabet, by the names that are shown. */
export interface NameIndex {
  /** People of the roll by name. */
  readonly order: Int32Array
  /** Whether it still says what the roll says of a person. */
  fits(person: number): boolean
}

export function indexNames(roll: Roll): NameIndex {
  const names = [...roll.names]
  const folded = names.map((name) => foldName(name))
  const order = Int32Array.from(folded.keys())
  order.sort((a, b) => {
    const [one, other] = [folded[a] ?? '', folded[b] ?? '']
    // Two people of one name keep the same order on every page.
    return one < other ? -1 : one > other ? 1 : (roll.ids[a] ?? '') < (roll.ids[b] ?? '') ? -1 : 1
  })
  return { order, fits: (person) => names[person] === roll.names[person] }
}

/** The same, of one person alone. */
export const only = (names: NameIndex, person: number | undefined): NameIndex => ({
  ...names,
  order: person === undefined ? new Int32Array() : Int32Array.of(person),
})
