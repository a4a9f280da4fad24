import type { Audience } from '../courses/courses.js'
import type { Office, Term } from '../people/people.js'

/** What the directory says of somebody on the day a course begins. */
export interface Post {
  terms: readonly Term[]
  /** The offices that they work in, by id. */
  offices: ReadonlyMap<string, Pick<Office, 'kind'>>
  /** Whether anybody works under them. */
  manages: boolean
}

/** Whom a course speaks to, the most responsible capacity first. */
function audiencesOf({ terms, offices, manages }: Post): Audience[] {
  const found: Audience[] = []
  if (terms.some((term) => term.kind === 'mp')) found.push('mp')
  if (terms.some((term) => term.kind === 'peer')) found.push('peer')
  const staff = terms.filter((term) => term.kind === 'staff')
  if (staff.length > 0 && manages) found.push('manager')
  const away = staff.some((term) =>
    /constituency/i.test(offices.get(term.office ?? '')?.kind ?? ''),
  )
  if (away) found.push('constituency')
  if (staff.some((term) => term.employedBy === 'sponsor')) found.push('contractor')
  return [...found, 'staff']
}

/** The variant that somebody is taught; the nearest one, where the course has none of theirs. */
export const audienceOf = (post: Post, offered: readonly Audience[]): Audience =>
  audiencesOf(post).find((audience) => offered.includes(audience)) ?? offered[0] ?? 'staff'
