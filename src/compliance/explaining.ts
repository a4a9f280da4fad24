import type { Programme } from '../requirements/requirements.js'
import type { Line, Progress } from './line.js'
import { reasonOf, rulesOf, type Titles } from './reasons.js'
import type { RollLine } from './roll-query.js'

/** How far people are with each course that they have begun or booked; what is left out is not started. */
export type ProgressOf = (
  people: readonly string[],
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

const open = new Set(['due', 'overdue', 'expected'])

/** Turns what the roll says into what people read: the course, the reason, and how far somebody is. */
export function createExplaining(titles: Titles, progressOf: ProgressOf) {
  /** The same for many lines, with the rules that they refer to; without progress. */
  function explainer(programmes: readonly Programme[]): (line: RollLine) => Line {
    const rules = rulesOf(programmes)
    return (line) => {
      const rule = line.answer.rule === undefined ? undefined : rules.get(line.answer.rule)
      const course = line.answer.course ?? rule?.courses[0] ?? ''
      return { ...line, course, why: reasonOf(line.answer, course, rule, titles) }
    }
  }

  /** Adds how far people are to lines of today. */
  async function withProgress(lines: readonly Line[]): Promise<Line[]> {
    const waiting = lines.filter(({ answer }) => open.has(answer.state))
    if (waiting.length === 0) return [...lines]
    const found = await progressOf([...new Set(waiting.map(({ person }) => person))])
    return lines.map((line) =>
      open.has(line.answer.state)
        ? { ...line, progress: found.get(line.person)?.get(line.course) ?? 'not-started' }
        : line,
    )
  }
  return { explainer, withProgress }
}
