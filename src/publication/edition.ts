import { omit } from 'es-toolkit'
import type { Day } from '../clock.js'
import type { Line } from '../compliance/compliance.js'
import type { Bilingual } from '../language.js'
import { mayStandBeside, mayTellExcused, publishableBeside, type Published } from './suppression.js'

export const publicHouses = ['commons', 'lords'] as const
export type PublicHouse = (typeof publicHouses)[number]

/** What an institution publishes, each by its own decision; nothing where nothing is said. */
export interface PublicationRules {
  /** For each House: the decision by which it publishes names, or counts, of its Members. */
  names: Readonly<Partial<Record<PublicHouse, Bilingual>>>
  counts: Readonly<Partial<Record<PublicHouse, Bilingual>>>
  staff?: Bilingual
  /** Numbers below this are not published. */
  least: number
  /** Days between telling somebody that they will be named and naming them. */
  noticeDays: number
}

/** What is published of one House's Members. */
export interface HouseSection {
  house: PublicHouse
  /** By which decision. */
  by: Bilingual
  complete?: number
  incomplete?: number
  /** Of those not complete; only where it tells of no party. */
  excusedOrAbsent?: number
  parties?: { party: string; complete: number; incomplete: number }[]
  names?: { name: string; party?: string; since: Day }[]
}

/** One edition of the register: frozen when it is published, and kept for ever. */
export interface Edition {
  asAt: Day
  houses: HouseSection[]
  staff?: Published & { by: Bilingual }
}

/** How a person stands who may have several requirements: complete only with all of them. */
interface Standing {
  name: string
  party?: string
  state: 'complete' | 'awaited' | 'excused-or-absent'
  since: Day
}

/** One standing for each person of some lines. */
export function standingsOf(lines: Iterable<Line>): Map<string, Standing> {
  const found = new Map<string, Standing>()
  for (const { person, name, part, answer } of lines) {
    const state =
      answer.state === 'complete'
        ? 'complete'
        : answer.state === 'excused' || answer.absent
          ? 'excused-or-absent'
          : 'awaited'
    const before = found.get(person)
    const since = answer.since ?? answer.from
    const worse = !before || before.state === 'complete' || state === 'awaited'
    found.set(person, {
      name,
      ...(part.party ? { party: part.party } : {}),
      state: worse ? state : before.state,
      since: before && before.since > since ? before.since : since,
    })
  }
  return found
}

const byName = (one: { name: string }, other: { name: string }): number =>
  one.name.localeCompare(other.name)

/** A House's section; `named` are those who have had their notice and contest nothing. */
export function sectionOf(
  house: PublicHouse,
  members: ReadonlyMap<string, Standing>,
  named: ReadonlySet<string>,
  rules: PublicationRules,
  earlier: readonly Edition[],
): HouseSection | undefined {
  const namesBy = rules.names[house]
  const by = namesBy ?? rules.counts[house]
  if (!by) return undefined
  const before = earlier.flatMap(({ houses }) => houses.filter((one) => one.house === house))
  // Whoever is not named is not counted as complete either: a count must not tell what a name may not.
  const isComplete = (person: string, { state }: Standing) =>
    state === 'complete' && (!namesBy || named.has(person))
  const all = [...members]
  const complete = all.filter(([person, one]) => isComplete(person, one))
  const incomplete = all.length - complete.length
  if (!namesBy) {
    const told = before.flatMap(({ complete: done, incomplete: open }): Published[] =>
      done === undefined || open === undefined
        ? []
        : [{ rows: [{ id: house, complete: done, incomplete: open }], withheld: [] }],
    )
    const one = { id: house, complete: complete.length, incomplete }
    const [row] = publishableBeside([one], rules.least, told).rows
    return { house, by, ...(row ? omit(row, ['id']) : {}) }
  }
  const parties = [...new Set(all.map(([, { party = '' }]) => party))].toSorted().map((party) => {
    const own = all.filter(([, one]) => (one.party ?? '') === party)
    const done = own.filter(([person, one]) => isComplete(person, one)).length
    return { party, complete: done, incomplete: own.length - done }
  })
  const excusedOrAbsent = all.filter(([, { state }]) => state === 'excused-or-absent').length
  const count = { complete: complete.length, incomplete, excusedOrAbsent }
  const telling =
    mayTellExcused(
      count,
      parties.map((party) => party.incomplete),
      rules.least,
    ) &&
    before.every(
      ({ excusedOrAbsent: then }) =>
        then === undefined || mayStandBeside(excusedOrAbsent, then, rules.least),
    )
  return {
    house,
    by,
    complete: count.complete,
    incomplete,
    ...(telling ? { excusedOrAbsent } : {}),
    parties,
    names: complete
      .map(([, { name, party, since }]) => ({ name, ...(party ? { party } : {}), since }))
      .toSorted(byName),
  }
}

/** What is published of staff: counts alone, by House. */
export function staffOf(
  byHouse: ReadonlyMap<string, ReadonlyMap<string, Standing>>,
  rules: PublicationRules,
  earlier: readonly Edition[],
): Edition['staff'] {
  const { staff, least } = rules
  if (!staff) return undefined
  const groups = [...byHouse].map(([id, people]) => {
    const complete = [...people.values()].filter(({ state }) => state === 'complete').length
    return { id, complete, incomplete: people.size - complete }
  })
  const told = earlier.flatMap((edition) => edition.staff ?? [])
  return { by: staff, ...publishableBeside(groups, least, told) }
}
