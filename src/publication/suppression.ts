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

/**
 * Whether two numbers may stand side by side in two editions: equal, or as far apart as the least
 * number that is published. A smaller change would be somebody's whom their colleagues can name.
 */
export const mayStandBeside = (one: number, other: number, least: number): boolean =>
  one === other || Math.abs(one - other) >= least

interface Cells {
  complete: number
  incomplete: number
}
/** A set of groups of whose sum an edition tells. */
interface Told extends Cells {
  groups: ReadonlySet<string>
}

const add = (one: Cells, other: Cells): Cells => ({
  complete: one.complete + other.complete,
  incomplete: one.incomplete + other.incomplete,
})
const nothing: Cells = { complete: 0, incomplete: 0 }

/** The sums that an edition tells: each row, and all withheld rows together where there is a total. */
function toldBy({ rows, withheld, total }: Published): Told[] {
  const told = rows.map(({ id, complete, incomplete }) => ({
    groups: new Set([id]),
    complete,
    incomplete,
  }))
  if (!total || withheld.length === 0) return told
  const shown = rows.reduce<Cells>(add, nothing)
  return [
    ...told,
    {
      groups: new Set(withheld),
      complete: total.complete - shown.complete,
      incomplete: total.incomplete - shown.incomplete,
    },
  ]
}

/** The smallest sets of groups of whose sums both of two editions tell, with both sums. */
function toldByBoth(one: Published, other: Published): [Told, Told][] {
  const all = [toldBy(one), toldBy(other)] as const
  const join = (some: readonly Told[]): Told => ({
    ...some.reduce<Cells>(add, nothing),
    groups: new Set(some.flatMap(({ groups }) => [...groups])),
  })
  const within = (told: readonly Told[], groups: ReadonlySet<string>) =>
    told.filter((sum) => [...sum.groups].some((group) => groups.has(group)))
  const found = new Map<string, [Told, Told]>()
  for (const start of all[0]) {
    let [mine, theirs] = [start, join(within(all[1], start.groups))]
    for (let size = -1; size !== mine.groups.size;) {
      size = mine.groups.size
      mine = join(within(all[0], new Set([...mine.groups, ...theirs.groups])))
      theirs = join(within(all[1], mine.groups))
    }
    const same = mine.groups.size === theirs.groups.size
    if (same && [...mine.groups].every((group) => theirs.groups.has(group))) {
      found.set([...mine.groups].toSorted().join('/'), [mine, theirs])
    }
  }
  return [...found.values()]
}

/**
 * What may be published of some groups beside earlier editions: as `publishable`, and nothing from
 * which, by subtraction, a change of fewer than `least` people could be told.
 */
export function publishableBeside(
  groups: readonly Group[],
  least: number,
  earlier: readonly Published[],
): Published {
  const tooNear = (published: Published): Told | undefined =>
    earlier
      .flatMap((edition) => toldByBoth(published, edition))
      .find(
        ([now, then]) =>
          !mayStandBeside(now.complete, then.complete, least) ||
          !mayStandBeside(now.incomplete, then.incomplete, least),
      )?.[0]
  let published = publishable(groups, least)
  // Without a total each row stands for itself, and rows can be left out one by one.
  for (let near = tooNear(published); near; near = tooNear(published)) {
    const { groups: told } = near
    const rows = published.rows.filter(({ id }) => published.total !== undefined || !told.has(id))
    const kept = new Set(rows.map(({ id }) => id))
    published = { rows, withheld: groups.map(({ id }) => id).filter((id) => !kept.has(id)) }
  }
  return published
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
