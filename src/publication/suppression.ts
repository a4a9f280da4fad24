/** People of one group by whether they have completed: two cells whose sum may be known outside. */
export interface Group {
  id: string
  complete: number
  incomplete: number
}

/** What may be published of some groups: the rows that are shown, and the totals where they may be. */
export interface Published {
  rows: readonly Group[]
  /** Groups of which nothing is said by itself. */
  withheld: readonly string[]
  /** Absent where it would tell of a withheld group. */
  total?: { complete: number; incomplete: number }
}

const sizeOf = ({ complete, incomplete }: Group): number => complete + incomplete
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

/**
 * How many values the completed cell of a withheld group may have for somebody who knows the totals,
 * every row shown, and from elsewhere how large each group is.
 */
function possibilities(withheld: readonly Group[], group: Group): number {
  const complete = sum(withheld.map((one) => one.complete))
  const others = sum(withheld.filter((one) => one !== group).map(sizeOf))
  const least = Math.max(0, complete - others)
  const most = Math.min(sizeOf(group), complete)
  return most - least + 1
}

const small = ({ complete, incomplete }: Group, least: number): boolean =>
  complete < least || incomplete < least

const safe = (withheld: readonly Group[], least: number): boolean =>
  withheld.length === 0 ||
  (withheld.length > 1 &&
    sum(withheld.map(({ complete }) => complete)) >= least &&
    sum(withheld.map(({ incomplete }) => incomplete)) >= least &&
    withheld.every((group) => possibilities(withheld, group) >= least))

/**
 * Suppresses small numbers, and as many others as it takes that no small one can be worked out from
 * totals and rows: whole rows are withheld, the smallest first, until each withheld cell could be any
 * of at least `least` values; where that cannot be reached nothing but the large rows is told, and no
 * total.
 */
export function publishable(groups: readonly Group[], least: number): Published {
  const bySize = groups.toSorted((a, b) => sizeOf(a) - sizeOf(b))
  const withheld = bySize.filter((group) => small(group, least))
  const shown = bySize.filter((group) => !withheld.includes(group))
  const kept = [...shown]
  const hidden = [...withheld]
  while (!safe(hidden, least)) {
    const next = kept.shift()
    // With no total, rows are told apart from each other, and nothing can be subtracted.
    if (!next) {
      const rows = groups.filter((group) => shown.includes(group))
      return { rows, withheld: withheld.map(({ id }) => id) }
    }
    hidden.push(next)
  }
  return {
    rows: groups.filter((group) => kept.includes(group)),
    withheld: hidden.map(({ id }) => id),
    total: {
      complete: sum(groups.map(({ complete }) => complete)),
      incomplete: sum(groups.map(({ incomplete }) => incomplete)),
    },
  }
}

/** Members of one House: who of them has not completed, by party, and how many of those are excused or away. */
export interface HouseCount {
  complete: number
  incomplete: number
  excusedOrAbsent: number
}

/**
 * Whether it may be said how many of a House are excused or absent: only where that tells nothing of
 * any party, whoever knows from the names how many of each have not completed. In each party all of
 * those may still be awaited, and at least `least` must be excused or absent in all.
 */
export const mayTellExcused = (
  { incomplete, excusedOrAbsent }: HouseCount,
  incompleteByParty: readonly number[],
  least: number,
): boolean =>
  excusedOrAbsent >= least &&
  incompleteByParty.filter((count) => count > 0).length > 1 &&
  incomplete - excusedOrAbsent >= Math.max(0, ...incompleteByParty)
