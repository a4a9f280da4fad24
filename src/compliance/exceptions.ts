import { daysBetween, type Day } from '../clock.js'
import { covers, type Term } from '../people/people.js'
import type { Duty, Programme, Rule } from '../requirements/requirements.js'
import { postsOf, termOn, type Post } from './post.js'
import { segmentOn, timeline, type PersonFacts } from './timeline.js'
import { triggersOf } from './triggers.js'

/**
 * What a programme does to somebody that a person should look at: a date that had passed before the
 * duty began, too few days to meet it, one course asked for twice, or nobody asking for anything.
 */
type ExceptionKind = 'impossible-date' | 'too-little-time' | 'overlap' | 'no-rule'

export interface Exception {
  kind: ExceptionKind
  term: Term
  duty?: string
  rule?: Rule
  due?: Day
  on?: Day
}

interface Asked {
  duty: Duty
  rule: Rule
  due: Day | null
  on: Day
}

/** What somebody is asked for on a day in a post, and the event that brought it. */
function askedOn(programme: Programme, post: Post, facts: PersonFacts, day: Day): Asked[] {
  return programme.duties.flatMap((duty) => {
    const segment = segmentOn(timeline(duty, post, facts), day)
    if (!segment?.rule || !['due', 'overdue', 'expected'].includes(segment.state)) return []
    const { rule, due = null } = segment
    const trigger = triggersOf(rule, post, facts.absences).findLast(
      (one) => one.on <= day && one.due === due,
    )
    return trigger ? [{ duty, rule, due, on: trigger.on }] : []
  })
}

/** Everything about one person that deserves a look on a day; `leastDays` is how much time is too little. */
export function exceptionsOf(
  programme: Programme,
  terms: readonly Term[],
  facts: PersonFacts,
  day: Day,
  leastDays: number,
): Exception[] {
  const seen = new Map<string, Asked>()
  return postsOf(terms)
    .filter((post) => covers(post, day))
    .flatMap((post) => {
      const term = termOn(post, day)
      if (!term) return []
      const spoken = programme.duties.some((duty) =>
        timeline(duty, post, facts).some(({ because }) => because !== 'no-rule'),
      )
      if (!spoken) return [{ kind: 'no-rule' as const, term }]
      return askedOn(programme, post, facts, day).flatMap(
        ({ duty, rule, due, on }): Exception[] => {
          const place = { term, duty: duty.id, rule, on, ...(due ? { due } : {}) }
          const found: Exception[] = []
          if (due !== null && due < on) found.push({ kind: 'impossible-date', ...place })
          else if (due !== null && daysBetween(on, due) < leastDays) {
            found.push({ kind: 'too-little-time', ...place })
          }
          const [course = ''] = rule.courses
          const twice = seen.get(`${post.id}/${course}`)
          if (twice && twice.duty.id !== duty.id) found.push({ kind: 'overlap', ...place })
          seen.set(`${post.id}/${course}`, { duty, rule, due, on })
          return found
        },
      )
    })
}
