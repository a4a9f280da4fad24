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

/** The words whose numbers are marked, in the order of the alphabet. */
const wordsIn = (roll: Roll, marked: Uint8Array): string[] =>
  roll.words.list.filter((_, code) => marked[code] === 1).toSorted()

type Test = (line: number) => boolean

/** The words' numbers as flags, so that asking for one is an array access. */
function flags(roll: Roll, words: ReadonlySet<string>): (code: number) => boolean {
  const wanted = new Uint8Array(roll.words.list.length)
  for (const word of words) {
    const code = roll.words.find(word)
    if (code !== undefined) wanted[code] = 1
  }
  return (code) => wanted[code] === 1
}

function houseTest(view: DayView, house: House): Test {
  const wanted = houses.indexOf(house)
  const both = houses.indexOf('both')
  return (line) => {
    const found = view.house[line]
    return found === wanted || found === both
  }
}

const hiddenFromParty = [standings.indexOf('excused'), absentState]

function scopeTest(roll: Roll, view: DayView, scope: Scope): Test {
  switch (scope.sees) {
    case 'everybody':
      return () => true
    case 'offices': {
      const offices = flags(roll, officesOn(scope.offices, view.on))
      const hidden = scope.but.map((person) => roll.indexOf(person))
      const staff = termKinds.indexOf('staff')
      return (line) =>
        view.kind[line] === staff &&
        !hidden.includes(view.person[line]) &&
        offices(view.office[line] ?? none)
    }
    case 'party': {
      const party = roll.words.find(scope.party)
      return (line) =>
        view.party[line] === party && !hiddenFromParty.includes(view.state[line] ?? absentState)
    }
    case 'person': {
      const own = roll.indexOf(scope.person)
      return (line) => view.person[line] === own
    }
  }
}

function filterTests(roll: Roll, view: DayView, filter: Filter): Test[] {
  const tests: Test[] = []
  const { kind, house, party, offices, duties, people } = filter
  if (kind) {
    const wanted = termKinds.indexOf(kind)
    tests.push((line) => view.kind[line] === wanted)
  }
  if (house) tests.push(houseTest(view, house))
  if (party !== undefined) {
    const wanted = roll.words.find(party)
    tests.push((line) => view.party[line] === wanted)
  }
  if (offices) {
    const wanted = flags(roll, offices)
    tests.push((line) => wanted(view.office[line] ?? none))
  }
  if (duties) {
    const wanted = flags(roll, duties)
    tests.push((line) => wanted(view.duty[line] ?? none))
  }
  if (people) {
    const named = new Uint8Array(roll.ids.length)
    for (const person of people) {
      const index = roll.indexOf(person)
      if (index !== undefined) named[index] = 1
    }
    tests.push((line) => named[view.person[line] ?? none] === 1)
  }
  return tests
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
  const inScope = scopes.map((scope) => scopeTest(roll, view, scope))
  const tests = filterTests(roll, view, filter)
  const wanted = filter.standing === undefined ? none : stateNames.indexOf(filter.standing)
  const counts = new Int32Array(stateNames.length)
  const found = new Int32Array(view.length)
  let total = 0
  let people = 0
  let last = none
  const parties = new Uint8Array(roll.words.list.length)
  const offices = new Uint8Array(roll.words.list.length)
  for (let line = 0; line < view.length; line++) {
    if (!inScope.some((test) => test(line))) continue
    parties[view.party[line] ?? none] = 1
    offices[view.office[line] ?? none] = 1
    if (!tests.every((test) => test(line))) continue
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
  const take = (column: Int32Array | Uint8Array) =>
    Int32Array.from(shown, (line) => column[line] ?? none)
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
          person: roll.ids[person] ?? '',
          name: roll.names[person] ?? '',
          duty: roll.words.word(at(columns.duty, index)) ?? '',
          kind: termKinds[at(columns.kind, index)] ?? 'staff',
          part: roll.readPart(at(columns.part, index)),
          answer: roll.readAnswer(at(columns.answer, index)),
        }
      }
    },
  }
}
