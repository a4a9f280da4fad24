/** How somebody is tied to the person whom a decision concerns (domain, section 4, conflict walls). */
export type Conflict = 'self' | 'manager' | 'staff' | 'interest'

/** What has to be known of two people to tell whether one may decide about the other. */
export interface Ties {
  /** Who manages or employs the one who would decide. */
  managersOfDecider: ReadonlySet<string>
  /** Who manages or employs the person it concerns. */
  managersOfSubject: ReadonlySet<string>
  /** Whom the one who would decide has declared an interest in. */
  declared: ReadonlySet<string>
}

/**
 * Why somebody may neither decide, mark nor view what concerns a person: it is themselves, their
 * manager or employer, one of their staff, or they have declared an interest. Nothing where they may.
 */
export function conflictOf(decider: string, subject: string, ties: Ties): Conflict | undefined {
  if (decider === subject) return 'self'
  if (ties.managersOfDecider.has(subject)) return 'manager'
  if (ties.managersOfSubject.has(decider)) return 'staff'
  return ties.declared.has(subject) ? 'interest' : undefined
}
