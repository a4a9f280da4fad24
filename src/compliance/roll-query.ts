import { houses, termKinds, type House, type TermKind } from '../people/people.js'
import { none } from './columns.js'
import type { DayView } from './day-view.js'
import { absentState, type Answer, type Part, type Roll } from './roll.js'
import { officesOn, type Scope } from './scope.js'
import { standings, type StandingState } from './timeline.js'

export type Sort = 'name' | 'due' | 'standing'

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

/** One line of a list, as the roll has it. */
export interface RollLine {
  person: string
  name: string
  duty: string
  kind: TermKind
  part: Part
  answer: Answer
}

type Counts = Record<StandingState | 'absent', number>

export interface RollListing {
  /** The lines asked for, as they are now; each is read when its turn comes. */
  lines: Iterable<RollLine>
  /** Lines that the filter admits, on all pages. */
  total: number
  /** Distinct people among all that scope and filter admit, whatever their standing. */
  people: number
  /** By standing, before the filter on standing itself. */
  counts: Counts
  /** Whether the counts speak of those excused and absent; a party's officer is not told. */
  tellsAbsence: boolean
  /** What there is to choose from within the scope, before any filter. */
  choices: { parties: string[]; offices: string[] }
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

const wordFlags = (roll: Roll, words: Iterable<string>): Uint8Array =>
  flags(
    roll.words.list.length,
    Array.from(words, (word) => roll.words.find(word)),
  )

const peopleFlags = (roll: Roll, people: Iterable<string>): Uint8Array =>
  flags(
    roll.size,
    Array.from(people, (id) => roll.indexOf(id)),
  )

/** The words whose numbers are marked, in the order of the alphabet. */
const wordsIn = (roll: Roll, marked: Uint8Array): string[] =>
  roll.words.list.filter((_, code) => marked[code + 1] === 1).toSorted()

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
function meeting(view: DayView, conditions: readonly Condition[]): Uint8Array {
  const met = new Uint8Array(view.length).fill(1)
  for (const { column, admits } of conditions) {
    for (let line = 0; line < met.length; line++) {
      if (admits[(column[line] ?? none) + 1] !== 1) met[line] = 0
    }
  }
  return met
}

/** Which lines any of the scopes shows. */
function within(roll: Roll, view: DayView, scopes: readonly Scope[]): Uint8Array {
  const shown = new Uint8Array(view.length)
  for (const scope of scopes) {
    const own = meeting(view, conditionsOf(roll, view, scope))
    for (let line = 0; line < shown.length; line++) if (own[line] === 1) shown[line] = 1
  }
  return shown
}

const stateNames: readonly (keyof Counts)[] = [...standings, 'absent']

/** Lines in the order of a small number, from 0 up to `limit`, that each has; equal ones as they were. */
function inOrder(lines: Int32Array, limit: number, keyOf: (line: number) => number): Int32Array {
  const keys = new Int32Array(lines.length)
  const places = new Int32Array(limit + 1)
  for (let at = 0; at < lines.length; at++) {
    const key = keyOf(lines[at] ?? none)
    keys[at] = key
    places[key + 1] = (places[key + 1] ?? 0) + 1
  }
  for (let key = 1; key <= limit; key++) places[key] = (places[key] ?? 0) + (places[key - 1] ?? 0)
  const sorted = new Int32Array(lines.length)
  for (let at = 0; at < lines.length; at++) {
    const key = keys[at] ?? 0
    const place = places[key] ?? 0
    sorted[place] = lines[at] ?? none
    places[key] = place + 1
  }
  return sorted
}

// What needs action comes first: overdue, due, expected, then the rest.
const urgent: readonly (keyof Counts)[] = [
  'overdue',
  'due',
  'expected',
  'complete',
  'excused',
  'absent',
]
const urgency = Uint8Array.from(stateNames, (name) => (urgent.indexOf(name) + 7) % 7)

// Days are counted from 1970 and end in 2199, so this is later than any due date there can be.
const noDue = 84_000

function sorted(view: DayView, lines: Int32Array, sort: Sort): Int32Array {
  if (sort === 'name') return lines
  if (sort === 'standing') {
    return inOrder(lines, urgent.length + 1, (line) => urgency[view.state[line] ?? 0] ?? 0)
  }
  return inOrder(lines, noDue + 1, (line) => {
    const due = view.due[line] ?? none
    return due < 0 ? noDue : due
  })
}

/** A list of one day: what the scopes admit, filtered, counted, sorted, and one page of it. */
export function queryRoll(
  roll: Roll,
  view: DayView,
  scopes: readonly Scope[],
  filter: Filter,
  page: { sort: Sort; from: number; size: number },
): RollListing {
  const inScope = within(roll, view, scopes)
  const met = meeting(view, filterConditions(roll, view, filter))
  const wanted = filter.standing === undefined ? none : stateNames.indexOf(filter.standing)
  const counts = new Int32Array(stateNames.length)
  const found = new Int32Array(view.length)
  let total = 0
  let people = 0
  let last = none
  const parties = wordFlags(roll, [])
  const offices = wordFlags(roll, [])
  for (let line = 0; line < view.length; line++) {
    if (inScope[line] !== 1) continue
    parties[(view.party[line] ?? none) + 1] = 1
    offices[(view.office[line] ?? none) + 1] = 1
    if (met[line] !== 1) continue
    const state = view.state[line] ?? 0
    counts[state] = (counts[state] ?? 0) + 1
    const person = view.person[line] ?? none
    if (person !== last) people++
    last = person
    if (wanted === none || wanted === state) found[total++] = line
  }
  const shown = sorted(view, found.subarray(0, total), page.sort).subarray(
    page.from,
    page.from + page.size,
  )
  return {
    lines: linesOf(roll, view, shown),
    total,
    people,
    counts: Object.fromEntries(
      stateNames.map((name, state) => [name, counts[state] ?? 0]),
    ) as Counts,
    tellsAbsence: scopes.some(({ sees }) => sees !== 'party'),
    choices: { parties: wordsIn(roll, parties), offices: wordsIn(roll, offices) },
  }
}

/** Lines of a day, taken out of the view at once, so that what changes while they are read is not mixed in. */
function linesOf(roll: Roll, view: DayView, shown: Int32Array): Iterable<RollLine> {
  const take = (column: Int32Array | Uint8Array) => {
    const taken = new Int32Array(shown.length)
    for (let at = 0; at < taken.length; at++) taken[at] = column[shown[at] ?? none] ?? none
    return taken
  }
  const columns = {
    person: take(view.person),
    part: take(view.part),
    answer: take(view.answer),
    kind: take(view.kind),
    duty: take(view.duty),
  }
  const at = (column: Int32Array, index: number) => column[index] ?? none
  return {
    *[Symbol.iterator]() {
      for (let index = 0; index < shown.length; index++) {
        const person = at(columns.person, index)
        yield {
          person: roll.id(person),
          name: roll.name(person),
          duty: roll.words.word(at(columns.duty, index)) ?? '',
          kind: termKinds[at(columns.kind, index)] ?? 'staff',
          part: roll.readPart(at(columns.part, index)),
          answer: roll.readAnswer(at(columns.answer, index)),
        }
      }
    },
  }
}
