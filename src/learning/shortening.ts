import type { Day } from '../clock.js'
import { covers, type Term } from '../people/people.js'
import type { Programme, Rule } from '../requirements/requirements.js'

const speaksOf = ({ audience }: Rule, term: Term): boolean =>
  audience.kind === term.kind &&
  (audience.house === undefined || audience.house === term.house || term.house === 'both') &&
  (audience.employedBy === undefined || audience.employedBy === term.employedBy)

/** Whether the programme in force lets a passed pre-test shorten a course for somebody in these posts. */
export function mayShorten(
  programmes: readonly Programme[],
  terms: readonly Term[],
  course: string,
  on: Day,
): boolean {
  const inForce = programmes.findLast(({ from }) => from <= on)
  const rules = (inForce?.duties ?? []).flatMap((duty) => duty.rules)
  return rules.some(
    (rule) =>
      rule.begins <= on &&
      (rule.ends === undefined || on <= rule.ends) &&
      rule.shortens?.includes(course) &&
      terms.some((term) => covers(term, on) && speaksOf(rule, term)),
  )
}
