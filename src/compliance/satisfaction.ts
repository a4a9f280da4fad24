import { addDays, addMonths, type Day } from '../clock.js'
import type { Delivery } from '../courses/courses.js'
import type { Rule } from '../requirements/requirements.js'

/** A completion, as far as standing asks about it. */
export interface CompletionFact {
  id: string
  course: string
  delivery: Delivery
  on: Day
}
/** The last day on which a completion counts under a rule; for good where absent. */
export const validUntil = (rule: Rule, completion: CompletionFact): Day | undefined =>
  rule.validity && addMonths(completion.on, rule.validity.months)

/** Whether a rule accepts a completion: the course or an equivalent, delivered as it asks. */
export const accepts = (rule: Rule, { course, delivery }: CompletionFact): boolean =>
  rule.deliveries.includes(delivery) &&
  (rule.courses.includes(course) || rule.equivalents.includes(course))

/** The completion that makes a rule complete on a day: the one that lasts longest, the first of equals. */
export function completionOn(
  rule: Rule,
  completions: readonly CompletionFact[],
  on: Day,
): { completion: CompletionFact; until?: Day } | undefined {
  let best: { completion: CompletionFact; until?: Day } | undefined
  for (const completion of completions) {
    if (completion.on > on || !accepts(rule, completion)) continue
    const until = validUntil(rule, completion)
    if (until === undefined) {
      if (!best || completion.on < best.completion.on) best = { completion }
    } else if (until >= on && (best?.until === undefined || until > best.until)) {
      best = { completion, until }
    }
  }
  return best
}

/** Whether a completion that the rule accepts ended its validity the day before. */
export const endedOn = (rule: Rule, completions: readonly CompletionFact[], on: Day): boolean =>
  completions.some((done) => {
    const until = accepts(rule, done) ? validUntil(rule, done) : undefined
    return until !== undefined && addDays(until, 1) === on
  })
