import { latest, type Day } from '../clock.js'
import { covers, type Term } from '../people/people.js'
import type { Programme } from '../requirements/requirements.js'
import { accepts, validUntil, type CompletionFact } from './satisfaction.js'
import { speaksOf } from './triggers.js'

/**
 * The last day on which a completion counts, by the programme in force on its own day and the posts that
 * the person held then: what a certificate says of its validity. For good where absent, which it also
 * is where no rule asks for it, and where one of several rules takes it for good.
 */
export function lastsUntil(
  programmes: readonly Programme[],
  terms: readonly Term[],
  completion: CompletionFact,
): Day | undefined {
  const { on } = completion
  const held = terms.filter((term) => covers(term, on))
  const inForce = programmes.findLast((programme) => programme.from <= on)
  const rules = (inForce?.duties ?? [])
    .flatMap((duty) => duty.rules)
    .filter((rule) => accepts(rule, completion) && held.some((term) => speaksOf(rule, term)))
  const ends = rules.map((rule) => validUntil(rule, completion))
  const dated = ends.filter((end) => end !== undefined)
  return dated.length > 0 && dated.length === ends.length ? latest(...dated) : undefined
}
