import { addDays, type Day } from '../clock.js'
import { covers, type Term } from '../people/people.js'
import type { Duty, Programme } from '../requirements/requirements.js'
import { postsOf, termOn, type Post } from './post.js'
import type { Answer, Entry, Part } from './roll.js'
import { timeline, within, type PersonFacts, type Segment } from './timeline.js'

const part = ({ house, party, office }: Term, from: Day, to: Day | undefined): Part => ({
  from,
  house,
  ...(to ? { to } : {}),
  ...(party ? { party } : {}),
  ...(office ? { office } : {}),
})

/** Where somebody was on each day of a post: parts that follow each other without gap or overlap. */
function partsOf(post: Post): Part[] {
  if (post.terms.length === 1) return post.terms.map((term) => part(term, term.from, term.to))
  const turns = new Set(
    post.terms.flatMap(({ from, to }) => (to ? [from, addDays(to, 1)] : [from])),
  )
  const days = [...turns].filter((on) => covers(post, on)).toSorted()
  return days.flatMap((from, at) => {
    const term = termOn(post, from)
    const next = days[at + 1]
    return term ? [part(term, from, next ? addDays(next, -1) : post.to)] : []
  })
}

function answer(segment: Segment): Answer {
  const { from, to, state, rule, due, since, completion, because } = segment
  const until = segment.validUntil ?? segment.excusedUntil
  const said: Answer = { from, state }
  if (to) said.to = to
  if (because === 'absent') said.absent = true
  if (rule) said.rule = rule.id
  if (due) said.due = due
  if (since) said.since = since
  if (until) said.until = until
  if (completion) {
    said.course = completion.course
    said.delivery = completion.delivery
  }
  return said
}

type Stretches = readonly { duty: Duty; from: Day; to?: Day }[]

/** Each duty that any of the programmes has, with the days on which each said what of it. */
function dutiesThrough(programmes: readonly Programme[]): Map<string, Stretches> {
  const through = new Map<string, Stretches>()
  for (const [at, { from, duties }] of programmes.entries()) {
    const next = programmes[at + 1]
    for (const duty of duties) {
      const stretch = { duty, from, ...(next ? { to: addDays(next.from, -1) } : {}) }
      through.set(duty.id, [...(through.get(duty.id) ?? []), stretch])
    }
  }
  return through
}

// The same programmes are asked about everybody, one after the other.
const known = new WeakMap<readonly Programme[], ReadonlyMap<string, Stretches>>()

function dutiesOf(programmes: readonly Programme[]): ReadonlyMap<string, Stretches> {
  const through = known.get(programmes) ?? dutiesThrough(programmes)
  known.set(programmes, through)
  return through
}

const speaksOf = (duty: Duty, post: Post): boolean =>
  duty.rules.some((rule) => rule.audience.kind === post.kind)

/**
 * Everything that a person owes, or owed, in any of their posts, as the programme in force on each
 * day says (domain, section 3: old dates are answered by old rules). Programmes come oldest first.
 * What no rule ever speaks of is left out.
 */
export function entriesOf(
  programmes: readonly Programme[],
  terms: readonly Term[],
  facts: PersonFacts,
): Entry[] {
  const entries: Entry[] = []
  for (const post of postsOf(terms)) {
    const parts = partsOf(post)
    for (const [id, stretches] of dutiesOf(programmes)) {
      const answers: Answer[] = []
      let spoken = false
      for (const stretch of stretches) {
        if (!speaksOf(stretch.duty, post)) continue
        for (const segment of within(timeline(stretch.duty, post, facts), stretch)) {
          answers.push(answer(segment))
          spoken ||= segment.because !== 'no-rule'
        }
      }
      if (spoken) entries.push({ duty: id, kind: post.kind, parts, answers })
    }
  }
  return entries
}
