import { latest, type Day } from '../clock.js'
import { covers, type People, type Term } from '../people/people.js'
import type { Programme, Programmes } from '../requirements/requirements.js'
import { accepts, validUntil, type CompletionFact } from './satisfaction.js'
import { speaksOf } from './triggers.js'

/**
 * The last day on which a completion counts, by the programme in force on its own day and the posts that
 * the person held then: what a certificate says of its validity. For good where absent, which it also
 * is where no rule asks for it, and where one of several rules takes it for good.
 */
function lastsUntil(
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
  return dated.length > 0 && dated.length === ends.length ? dated.reduce(latest) : undefined
}

/** The same for many completions of many people, by completion; those that count for good are left out. */
export async function lastDaysOf(
  sources: { programmes: Pick<Programmes, 'adopted'>; people: Pick<People, 'tenures'> },
  completions: readonly (CompletionFact & { id: string; person: string })[],
): Promise<Map<string, Day>> {
  const [adopted, tenures] = await Promise.all([
    sources.programmes.adopted(),
    sources.people.tenures(completions.map(({ person }) => person)),
  ])
  const lasting = completions.flatMap((completion) => {
    const until = lastsUntil(adopted, tenures.get(completion.person)?.terms ?? [], completion)
    return until === undefined ? [] : [[completion.id, until] as const]
  })
  return new Map(lasting)
}
