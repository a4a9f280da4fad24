import { addDays, type Day } from '../clock.js'
import { covers, type Stretch, type Term } from '../people/people.js'

/**
 * One unbroken stretch in one capacity: terms that follow each other without a gap, in the same
 * office for staff, in the same House for Members. A new title or party does not start the clock
 * again; a new employer does.
 */
export interface Post extends Stretch {
  /** The random id of its first term. */
  id: string
  person: string
  kind: Term['kind']
  terms: readonly Term[]
}

const samePlace = (one: Term, other: Term): boolean =>
  one.kind === other.kind &&
  (one.kind === 'staff' ? one.office === other.office : one.house === other.house)

const follows = (last: Stretch, next: Stretch): boolean =>
  last.to === undefined || next.from <= addDays(last.to, 1)

/** A person's terms as posts, in order of their first day. */
export function postsOf(terms: readonly Term[]): Post[] {
  const posts: { terms: Term[]; to?: Day }[] = []
  for (const term of terms.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))) {
    const open = posts.find((post) => {
      const last = post.terms.at(-1)
      return (
        last !== undefined && samePlace(last, term) && follows({ ...post, from: last.from }, term)
      )
    })
    if (!open) posts.push({ terms: [term], ...(term.to ? { to: term.to } : {}) })
    else {
      open.terms.push(term)
      if (!term.to || !open.to) delete open.to
      else if (term.to > open.to) open.to = term.to
    }
  }
  return posts.map(({ terms: own, to }) => {
    const [first] = own as [Term]
    const { id, person, kind, from } = first
    return { id, person, kind, from, terms: own, ...(to ? { to } : {}) }
  })
}

/** The term that a post is in on a day: of those that run, the latest to have begun. */
export const termOn = (post: Post, on: Day): Term | undefined =>
  post.terms.findLast((term) => covers(term, on)) ?? post.terms.findLast((term) => term.from <= on)
