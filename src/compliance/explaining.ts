import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Sentence } from '../language.js'
import type { Programme } from '../requirements/requirements.js'
import type { Line, Progress } from './line.js'
import { reasonOf, rulesOf, type Titles } from './reasons.js'
import type { RollLine } from './roll-query.js'

/**
 * How far people, or everybody, are with each course that they have begun or booked; what is left out
 * is not started.
 */
export type ProgressOf = (
  people?: readonly string[],
) => Promise<ReadonlyMap<string, ReadonlyMap<string, Progress>>>

/**
 * How far people are, from the courses that they have begun online and the places that they hold or
 * wait for; a place says more than a beginning.
 */
export function progressFrom(
  begun: ReadonlyMap<string, ReadonlySet<string>>,
  places: ReadonlyMap<string, readonly { course: string; state: string }[]>,
): Map<string, Map<string, Progress>> {
  const found = new Map<string, Map<string, Progress>>()
  const put = (person: string, course: string, progress: Progress) =>
    found.set(person, (found.get(person) ?? new Map<string, Progress>()).set(course, progress))
  for (const [person, courses] of begun) {
    for (const course of courses) put(person, course, 'in-progress')
  }
  const ranked = (state: string): Progress => (state === 'booked' ? 'booked' : 'waiting-list')
  for (const [person, held] of places) {
    for (const { course, state } of held) {
      if (found.get(person)?.get(course) !== 'booked') put(person, course, ranked(state))
    }
  }
  return found
}

// Lines of a long list that are explained at a time; others get their turn in between.
const handful = 500

const open = new Set(['due', 'overdue', 'expected'])

/** Turns what the roll says into what people read: the course, the reason, and how far somebody is. */
export function createExplaining(titles: Titles, progressOf: ProgressOf) {
  /** The same for many lines, with the rules that they refer to; without progress. */
  function explainer(programmes: readonly Programme[]): (line: RollLine) => Line {
    const rules = rulesOf(programmes)
    // Many lines have the same reason, which is made once and is then the same thing.
    const reasons = new Map<string, Sentence>()
    return ({ person, name, duty, kind, part, answer }) => {
      const { state, absent, since, due, until, delivery } = answer
      const rule = answer.rule === undefined ? undefined : rules.get(answer.rule)
      const course = answer.course ?? rule?.courses[0] ?? ''
      const key = [state, absent, rule?.id, course, since, due, until, delivery].join('/')
      const why = reasons.get(key) ?? reasonOf(answer, course, rule, titles)
      reasons.set(key, why)
      return { person, name, duty, kind, part, answer, course, why }
    }
  }

  /** Adds to a line of today how far its person is. */
  function proceed(line: Line, found: Awaited<ReturnType<ProgressOf>>): void {
    if (!open.has(line.answer.state)) return
    line.progress = found.get(line.person)?.get(line.course) ?? 'not-started'
  }

  /** Lines as people read them, with how far they are where `today` says so. */
  async function explain(
    lines: Iterable<RollLine>,
    why: (line: RollLine) => Line,
    today: boolean,
  ): Promise<Line[]> {
    const explained = Array.from(lines, why)
    const waiting = today ? explained.filter(({ answer }) => open.has(answer.state)) : []
    if (waiting.length === 0) return explained
    const found = await progressOf([...new Set(waiting.map(({ person }) => person))])
    for (const line of waiting) proceed(line, found)
    return explained
  }

  /** The same of a list of any length, some lines at a time: how far everybody is, is asked once. */
  async function* explainAll(
    lines: Iterable<RollLine>,
    why: (line: RollLine) => Line,
    today: boolean,
  ): AsyncGenerator<Line[]> {
    const found = today ? await progressOf() : undefined
    let some: Line[] = []
    for (const line of lines) {
      const explained = why(line)
      if (found) proceed(explained, found)
      if (some.push(explained) < handful) continue
      yield some
      some = []
      await nextTurn()
    }
    yield some
  }

  return { explainer, explain, explainAll }
}
