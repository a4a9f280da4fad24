import { foldName } from '../people/people.js'

/** People in the order of the alphabet, by the names that are shown. */
export interface NameIndex {
  /** People of the roll by name. */
  readonly order: Int32Array
  /** The same order with some people put where their names are now. */
  placed(people: readonly number[]): NameIndex
}

/** What a roll says of who its people are. */
export interface Naming {
  readonly size: number
  id(person: number): string
  name(person: number): string
  /** People by name, as they were when another thread handed them over. */
  readonly order?: Int32Array | undefined
}

interface Named {
  folded: string
  id: string
}

const named = (roll: Naming, person: number): Named => ({
  folded: foldName(roll.name(person)),
  id: roll.id(person),
})

/** Two people of one name keep the same order on every page. */
const follows = (one: Named, other: Named): boolean =>
  one.folded === other.folded ? one.id > other.id : one.folded > other.folded

/** Everybody in a roll by name: half a second for a hundred thousand people. */
export function orderOf(roll: Naming): Int32Array {
  const all = Array.from({ length: roll.size }, (_, person) => named(roll, person))
  const order = Int32Array.from(all.keys())
  return order.sort((a, b) => {
    const [one, other] = [all[a], all[b]]
    return one && other && follows(one, other) ? 1 : -1
  })
}

/** The first place in an order at which somebody no longer follows whoever stands there. */
function placeFor(roll: Naming, order: Int32Array, person: number): number {
  const own = named(roll, person)
  let low = 0
  for (let high = order.length; low < high;) {
    const middle = (low + high) >> 1
    if (follows(own, named(roll, order[middle] ?? 0))) low = middle + 1
    else high = middle
  }
  return low
}

/** People by name: as the thread that made the roll has put them in order, or put in order now. */
export const indexNames = (roll: Naming): NameIndex => indexOf(roll, roll.order ?? orderOf(roll))

function indexOf(roll: Naming, order: Int32Array): NameIndex {
  return {
    order,
    placed(people) {
      const moved = new Set(people)
      const others = order.filter((person) => !moved.has(person))
      const places = [...moved].map((person) => ({ person, at: placeFor(roll, others, person) }))
      places.sort((a, b) =>
        a.at === b.at
          ? follows(named(roll, a.person), named(roll, b.person))
            ? 1
            : -1
          : a.at - b.at,
      )
      const next = new Int32Array(others.length + places.length)
      let [from, to] = [0, 0]
      for (const { person, at } of places) {
        next.set(others.subarray(from, at), to)
        to += at - from
        next[to++] = person
        from = at
      }
      next.set(others.subarray(from), to)
      return indexOf(roll, next)
    },
  }
}

/** The same, of one person alone. */
export const only = (names: NameIndex, person: number | undefined): NameIndex => ({
  ...names,
  order: person === undefined ? new Int32Array() : Int32Array.of(person),
})
