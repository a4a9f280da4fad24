import { houses, termKinds, type House, type TermKind } from '../people/people.js'
import { none } from './columns.js'
import type { DayView } from './day-view.js'
import { absentState, type Roll } from './roll.js'
import { officesOn, type Scope } from './scope.js'
import { standings, type StandingState } from './timeline.js'

export interface Filter {
  standing?: StandingState | 'absent'
  kind?: TermKind
  house?: Exclude<House, 'both'>
  party?: string
  offices?: ReadonlySet<string>
  duties?: ReadonlySet<string>
  /** Those who were found by name, present or former. */
  people?: readonly string[]
}

/**
 * What lines must have in one column: `admits` says of each number whether it will do, one place
 * further on, so that `none` has its place too.
 */
interface Condition {
  column: Int32Array | Uint8Array
  admits: Uint8Array
}

/** Flags for the numbers below `size` and for `none`, those set that are given. */
function flags(size: number, set: Iterable<number | undefined>): Uint8Array {
  const marked = new Uint8Array(size + 1)
  for (const number of set) if (number !== undefined) marked[number + 1] = 1
  return marked
}

const inverted = (marked: Uint8Array): Uint8Array => marked.map((flag) => 1 - flag)

export const wordFlags = (roll: Roll, words: Iterable<string>): Uint8Array =>
  flags(
    roll.words.list.length,
    Array.from(words, (word) => roll.words.find(word)),
  )

const peopleFlags = (roll: Roll, people: Iterable<string>): Uint8Array =>
  flags(
    roll.size,
    Array.from(people, (id) => roll.indexOf(id)),
  )

const hiddenFromParty = [standings.indexOf('excused'), absentState]

function conditionsOf(roll: Roll, view: DayView, scope: Scope): Condition[] {
  switch (scope.sees) {
    case 'everybody':
      return []
    case 'offices':
      return [
        { column: view.kind, admits: flags(termKinds.length, [termKinds.indexOf('staff')]) },
        { column: view.office, admits: wordFlags(roll, officesOn(scope.offices, view.on)) },
        { column: view.person, admits: inverted(peopleFlags(roll, scope.but)) },
      ]
    case 'party':
      return [
        { column: view.party, admits: wordFlags(roll, [scope.party]) },
        { column: view.state, admits: inverted(flags(absentState + 1, hiddenFromParty)) },
      ]
    case 'person':
      return [{ column: view.person, admits: peopleFlags(roll, [scope.person]) }]
  }
}

function filterConditions(roll: Roll, view: DayView, filter: Filter): Condition[] {
  const { kind, house, party, offices, duties, people } = filter
  const conditions: Condition[] = []
  const add = (column: Condition['column'], admits: Uint8Array) =>
    conditions.push({ column, admits })
  if (kind) add(view.kind, flags(termKinds.length, [termKinds.indexOf(kind)]))
  if (house) {
    add(view.house, flags(houses.length, [houses.indexOf(house), houses.indexOf('both')]))
  }
  if (party !== undefined) add(view.party, wordFlags(roll, [party]))
  if (offices) add(view.office, wordFlags(roll, offices))
  if (duties) add(view.duty, wordFlags(roll, duties))
  if (people) add(view.person, peopleFlags(roll, people))
  return conditions
}

/** Which lines meet all conditions: a walk through each column in turn. */
function walk(view: DayView, conditions: readonly Condition[]): Uint8Array {
  const met = new Uint8Array(view.length).fill(1)
  for (const { column, admits } of conditions) {
    for (let line = 0; line < met.length; line++) {
      if (admits[(column[line] ?? none) + 1] !== 1) met[line] = 0
    }
  }
  return met
}

/** Which lines any of the scopes shows. */
export function shownBy(roll: Roll, view: DayView, scopes: readonly Scope[]): Uint8Array {
  const shown = new Uint8Array(view.length)
  for (const scope of scopes) {
    const own = walk(view, conditionsOf(roll, view, scope))
    for (let line = 0; line < shown.length; line++) if (own[line] === 1) shown[line] = 1
  }
  return shown
}

/** Which lines a filter admits; its standing is left to whoever counts. */
export const meeting = (roll: Roll, view: DayView, filter: Filter): Uint8Array =>
  walk(view, filterConditions(roll, view, filter))
