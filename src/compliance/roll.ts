import { dayNumber, dayNumbered, type Day } from '../clock.js'
import { deliveries, type Delivery } from '../courses/courses.js'
import { houses, termKinds, type House, type TermKind } from '../people/people.js'
import { createTable, createWords, endless, none, type Table, type Words } from './columns.js'
import { orderOf, type Naming } from './names.js'
import { createTexts, type TextsData } from './texts.js'
import { standings, type StandingState } from './timeline.js'

/** Where in a post somebody was on which days. */
export interface Part {
  from: Day
  to?: Day
  house: House
  party?: string
  office?: string
}

/** One answer for a stretch of days; rule and course by id. */
export interface Answer {
  from: Day
  to?: Day
  state: StandingState
  /** Nothing is required because they are away, not because no rule speaks of them. */
  absent?: true
  rule?: string
  due?: Day
  since?: Day
  /** Complete or excused until. */
  until?: Day
  course?: string
  delivery?: Delivery
}

/** One requirement of one person in one of their posts, through time. */
export interface Entry {
  duty: string
  kind: TermKind
  parts: readonly Part[]
  answers: readonly Answer[]
}

/** Everything in a roll, for handing to another thread. */
export interface RollData {
  words: readonly string[]
  ids: TextsData
  names: TextsData
  /** People by name. */
  order: Int32Array
  people: Int32Array
  rows: Int32Array
  parts: Int32Array
  answers: Int32Array
}

/**
 * The read model of standing: for everybody, the stretches of days in which each of their
 * requirements has one answer. The pure rule in `timeline.ts` is the only definition of what stands
 * in it; any date is answered by looking it up.
 */
export interface Roll extends Naming {
  readonly words: Words
  /** Puts a person in, or puts what is said of them now in place of what was. */
  put(id: string, name: string, entries: readonly Entry[]): void
  indexOf(id: string): number | undefined
  /** How many rows there are at most, those that were replaced included. */
  readonly rowCount: number
  /** The numbers of a person's first row and of the one after their last. */
  rowsOf(person: number): readonly [first: number, end: number]
  /** One column of one row, as a number: words by code, kinds and states by their place in the lists. */
  duty(row: number): number
  kind(row: number): number
  /** The part or answer that covers a day, by its number; `none` outside the post. */
  partOn(row: number, day: number): number
  answerOn(row: number, day: number): number
  part(number: number, column: keyof typeof partColumns): number
  answer(number: number, column: keyof typeof answerColumns): number
  /** The same as plain things. */
  readPart(number: number): Part
  readAnswer(number: number): Answer
  entry(row: number): Entry
  data(): RollData
}

const personColumns = { first: 0, count: 1 } as const
const rowColumns = { duty: 0, kind: 1, part: 2, parts: 3, answer: 4, answers: 5 } as const
const partColumns = { from: 0, to: 1, house: 2, party: 3, office: 4 } as const
const answerColumns = {
  from: 0,
  to: 1,
  state: 2,
  rule: 3,
  due: 4,
  since: 5,
  until: 6,
  course: 7,
  delivery: 8,
} as const
const width = (columns: object): number => Object.keys(columns).length

/** The state that counts as absent: *not required*, because they are away. */
export const absentState = standings.length

const numberOf = (on: Day | undefined): number => (on === undefined ? none : dayNumber(on))
const lastDay = (to: Day | undefined): number => (to === undefined ? endless : dayNumber(to))

/** Opens a roll on what another thread has handed over; an empty one without. */
export function openRoll(given?: RollData): Roll {
  const words = createWords(given?.words)
  const ids = createTexts(given?.ids)
  const names = createTexts(given?.names)
  const people = createTable(width(personColumns), given?.people)
  const rows = createTable(width(rowColumns), given?.rows)
  const parts = createTable(width(partColumns), given?.parts)
  const answers = createTable(width(answerColumns), given?.answers)

  const addPart = ({ from, to, house, party, office }: Part): number =>
    parts.add([
      dayNumber(from),
      lastDay(to),
      houses.indexOf(house),
      words.code(party),
      words.code(office),
    ])
  const addAnswer = (answer: Answer): number =>
    answers.add([
      dayNumber(answer.from),
      lastDay(answer.to),
      answer.absent ? absentState : standings.indexOf(answer.state),
      words.code(answer.rule),
      numberOf(answer.due),
      numberOf(answer.since),
      numberOf(answer.until),
      words.code(answer.course),
      answer.delivery ? deliveries.indexOf(answer.delivery) : none,
    ])

  function find(table: Table, first: number, count: number, on: number): number {
    for (let number = first; number < first + count; number++) {
      if (table.get(number, 0) <= on && on <= table.get(number, 1)) return number
    }
    return none
  }

  const column = (row: number, name: keyof typeof rowColumns) => rows.get(row, rowColumns[name])
  const part: Roll['part'] = (number, name) => parts.get(number, partColumns[name])
  const answer: Roll['answer'] = (number, name) => answers.get(number, answerColumns[name])

  const day = (name: string, number: number): object =>
    number === none || number === endless ? {} : { [name]: dayNumbered(number) }
  const word = (name: string, code: number): object =>
    code === none ? {} : { [name]: words.word(code) }

  const readPart: Roll['readPart'] = (number) => ({
    from: dayNumbered(part(number, 'from')),
    house: houses[part(number, 'house')] ?? 'both',
    ...day('to', part(number, 'to')),
    ...word('party', part(number, 'party')),
    ...word('office', part(number, 'office')),
  })
  const readAnswer: Roll['readAnswer'] = (number) => {
    const state = answer(number, 'state')
    const delivery = deliveries[answer(number, 'delivery')]
    return {
      from: dayNumbered(answer(number, 'from')),
      state: standings[state] ?? 'not-required',
      ...(state === absentState ? { absent: true } : {}),
      ...day('to', answer(number, 'to')),
      ...day('due', answer(number, 'due')),
      ...day('since', answer(number, 'since')),
      ...day('until', answer(number, 'until')),
      ...word('rule', answer(number, 'rule')),
      ...word('course', answer(number, 'course')),
      ...(delivery ? { delivery } : {}),
    }
  }
  const run = (first: number, count: number): number[] =>
    Array.from({ length: count }, (_, index) => first + index)

  return {
    words,
    get size() {
      return ids.length
    },
    id: ids.text,
    name: names.text,
    order: given?.order,
    put(id, name, entries) {
      const person = ids.find(id) ?? people.add([0, 0])
      if (person === ids.length) ids.set(person, id)
      if (names.text(person) !== name) names.set(person, name)
      people.set(person, personColumns.first, rows.length)
      people.set(person, personColumns.count, entries.length)
      let last: { parts: readonly Part[]; first: number } | undefined
      for (const entry of entries) {
        // Requirements of one post share where in it somebody was.
        const firstPart: number = last?.parts === entry.parts ? last.first : parts.length
        const { length: firstAnswer } = answers
        if (firstPart === parts.length) entry.parts.forEach(addPart)
        last = { parts: entry.parts, first: firstPart }
        entry.answers.forEach(addAnswer)
        const kind = termKinds.indexOf(entry.kind)
        const places = [firstPart, entry.parts.length, firstAnswer, entry.answers.length]
        rows.add([words.code(entry.duty), kind, ...places])
      }
    },
    get rowCount() {
      return rows.length
    },
    indexOf: ids.find,
    rowsOf(person) {
      const first = people.get(person, personColumns.first)
      return [first, first + people.get(person, personColumns.count)]
    },
    duty: (row) => column(row, 'duty'),
    kind: (row) => column(row, 'kind'),
    partOn: (row, on) => find(parts, column(row, 'part'), column(row, 'parts'), on),
    answerOn: (row, on) => find(answers, column(row, 'answer'), column(row, 'answers'), on),
    part,
    answer,
    readPart,
    readAnswer,
    entry: (row) => ({
      duty: words.word(column(row, 'duty')) ?? '',
      kind: termKinds[column(row, 'kind')] ?? 'staff',
      parts: run(column(row, 'part'), column(row, 'parts')).map(readPart),
      answers: run(column(row, 'answer'), column(row, 'answers')).map(readAnswer),
    }),
    data: () => ({
      words: words.list,
      ids: ids.data(),
      names: names.data(),
      order: orderOf({ size: ids.length, id: ids.text, name: names.text }),
      people: people.data(),
      rows: rows.data(),
      parts: parts.data(),
      answers: answers.data(),
    }),
  }
}
