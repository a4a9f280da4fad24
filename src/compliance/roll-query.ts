import type { Day } from '../clock.js'
import { foldName, houses, termKinds, type House, type TermKind } from '../people/people.js'
import { dayNumber, endless, none } from './columns.js'
import { absentState, type Answer, type Part, type Roll } from './roll.js'
import { standings, type StandingState } from './timeline.js'

/**
 * Whom an actor may know of. What a scope does not admit is left out before anything is filtered,
 * counted, sorted or paged.
 */
export type Scope =
  | { sees: 'everybody'; house?: Exclude<House, 'both'> }
  /** A manager, employer or delegate: staff of these offices, and never themselves. */
  | { sees: 'offices'; offices: ReadonlySet<string>; but?: string }
  /** A party's officer: its Members, and never that one of them is excused or away. */
  | { sees: 'party'; party: string }
  | { sees: 'person'; person: string }

export type Sort = 'name' | 'due' | 'standing'

export interface Filter {
  standing?: StandingState | 'absent'
  kind?: TermKind
  house?: Exclude<House, 'both'>
  party?: string
  office?: ReadonlySet<string>
  duties?: ReadonlySet<string>
  /** Every word must begin some word of the name. */
  q?: string
}

/** One line of a list. */
export interface Line {
  person: string
  name: string
  duty: string
  kind: TermKind
  part: Part
  answer: Answer
}

export type Counts = Record<StandingState | 'absent', number>

export interface Listing {
  lines: Line[]
  /** Lines that the filter admits, on all pages. */
  total: number
  /** Distinct people among all that scope and filter admit, whatever their standing. */
  people: number
  /** By standing, before the filter on standing itself. */
  counts: Counts
}

const notListed = standings.indexOf('not-required')
const hiddenFromParty = new Set([standings.indexOf('excused'), absentState])

type Test = (person: number, row: number, part: number, state: number) => boolean

function scopeTest(roll: Roll, scope: Scope): Test {
  switch (scope.sees) {
    case 'everybody': {
      const { house } = scope
      return house === undefined ? () => true : houseTest(roll, house)
    }
    case 'offices': {
      const offices = codesOf(roll, scope.offices)
      const own = scope.but === undefined ? undefined : roll.indexOf(scope.but)
      const staff = termKinds.indexOf('staff')
      return (person, row, part) =>
        roll.kind(row) === staff && person !== own && offices.has(roll.part(part, 'office'))
    }
    case 'party': {
      const party = roll.words.find(scope.party) ?? endless
      return (_person, _row, part, state) =>
        roll.part(part, 'party') === party && !hiddenFromParty.has(state)
    }
    case 'person': {
      const own = roll.indexOf(scope.person)
      return (person) => person === own
    }
  }
}

const codesOf = (roll: Roll, words: ReadonlySet<string>): Set<number> =>
  new Set([...words].flatMap((word) => roll.words.find(word) ?? []))

function houseTest(roll: Roll, house: House): Test {
  const wanted = houses.indexOf(house)
  const both = houses.indexOf('both')
  return (_person, _row, part) => {
    const found = roll.part(part, 'house')
    return found === wanted || found === both
  }
}

/** Names, folded for searching, and the order of the alphabet; kept until a name changes. */
export interface NameIndex {
  folded: readonly string[]
  /** People by name. */
  order: Int32Array
}

export function indexNames(roll: Roll): NameIndex {
  const folded = roll.names.map((name) => ` ${foldName(name)}`)
  const order = Int32Array.from(folded.keys())
  order.sort((a, b) => {
    const [one, other] = [folded[a] ?? '', folded[b] ?? '']
    // Two people of one name keep the same order on every page.
    return one < other ? -1 : one > other ? 1 : (roll.ids[a] ?? '') < (roll.ids[b] ?? '') ? -1 : 1
  })
  return { folded, order }
}

function filterTest(roll: Roll, names: NameIndex, filter: Filter): Test {
  const tests: Test[] = []
  const { kind, house, party, office, duties, q } = filter
  if (q !== undefined) {
    const words = foldName(q)
      .split(' ')
      .map((word) => ` ${word}`)
    tests.push((person) => words.every((word) => names.folded[person]?.includes(word)))
  }
  if (kind) {
    const wanted = termKinds.indexOf(kind)
    tests.push((_person, row) => roll.kind(row) === wanted)
  }
  if (house) tests.push(houseTest(roll, house))
  if (party !== undefined) {
    const wanted = roll.words.find(party)
    tests.push((_person, _row, part) => roll.part(part, 'party') === wanted)
  }
  if (office) {
    const wanted = codesOf(roll, office)
    tests.push((_person, _row, part) => wanted.has(roll.part(part, 'office')))
  }
  if (duties) {
    const wanted = codesOf(roll, duties)
    tests.push((_person, row) => wanted.has(roll.duty(row)))
  }
  return (...row) => tests.every((test) => test(...row))
}

const noCounts = (): Counts => ({
  complete: 0,
  due: 0,
  overdue: 0,
  expected: 0,
  excused: 0,
  'not-required': 0,
  absent: 0,
})

const stateName = (state: number): keyof Counts =>
  state === absentState ? 'absent' : (standings[state] ?? 'not-required')

// What needs action comes first: overdue, due, expected, then the rest.
const urgency = ['overdue', 'due', 'expected', 'complete', 'excused', 'absent', 'not-required'].map(
  (name) => (name === 'absent' ? absentState : standings.indexOf(name as StandingState)),
)

/** Rows in the order asked for, names breaking ties: a row's rank packs key and place in one number. */
function sorted(roll: Roll, found: readonly Found[], sort: Sort): readonly Found[] {
  if (sort === 'name') return found
  const key =
    sort === 'standing'
      ? ({ answer }: Found) => urgency.indexOf(roll.answer(answer, 'state'))
      : ({ answer }: Found) => {
          const due = roll.answer(answer, 'due')
          return due === none ? 0x1f_ffff : due
        }
  const ranks = Float64Array.from(found, (row, place) => key(row) * 0x100_0000 + place)
  return Array.from(ranks.sort(), (rank) => found[rank % 0x100_0000]).filter(
    (row) => row !== undefined,
  )
}

interface Found {
  person: number
  row: number
  part: number
  answer: number
}

/** A list as at a date: what the scopes admit, filtered, counted, sorted, and one page of it. */
export function queryRoll(
  roll: Roll,
  names: NameIndex,
  scopes: readonly Scope[],
  filter: Filter,
  on: Day,
  page: { sort: Sort; from: number; size: number },
): Listing {
  const day = dayNumber(on)
  const inScope = scopes.map((scope) => scopeTest(roll, scope))
  const admitted = filterTest(roll, names, filter)
  const counts = noCounts()
  const found: Found[] = []
  let people = 0
  for (const person of names.order) {
    let counted = false
    const [first, end] = roll.rowsOf(person)
    for (let row = first; row < end; row++) {
      const answer = roll.answerOn(row, day)
      if (answer === none) continue
      const state = roll.answer(answer, 'state')
      const part = roll.partOn(row, day)
      if (state === notListed || part === none) continue
      if (!inScope.some((test) => test(person, row, part, state))) continue
      if (!admitted(person, row, part, state)) continue
      const name = stateName(state)
      counts[name]++
      if (!counted) people++
      counted = true
      if (filter.standing === undefined || filter.standing === name) {
        found.push({ person, row, part, answer })
      }
    }
  }
  const shown = sorted(roll, found, page.sort).slice(page.from, page.from + page.size)
  return { lines: shown.map((row) => lineOf(roll, row)), total: found.length, people, counts }
}

const lineOf = (roll: Roll, { person, row, part, answer }: Found): Line => ({
  person: roll.ids[person] ?? '',
  name: roll.names[person] ?? '',
  duty: roll.words.word(roll.duty(row)) ?? '',
  kind: termKinds[roll.kind(row)] ?? 'staff',
  part: roll.readPart(part),
  answer: roll.readAnswer(answer),
})
