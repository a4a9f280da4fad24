import { addDays, addMonths, latest, type Day } from '../clock.js'
import { covers, type Absence, type Stretch, type Term } from '../people/people.js'
import type { Owed, Rule } from '../requirements/requirements.js'
import { termOn, type Post } from './post.js'

/** An event in a post that brings it under a rule. */
export interface Trigger {
  on: Day
  rule: Rule
  /** Null where nothing has a date: expected. */
  due: Day | null
  /** For a return: the first day of the absence it ends. */
  awaySince?: Day
}

const dueFrom = (event: Day, owed: Owed): Day | null => {
  if (owed === 'expected') return null
  if ('by' in owed) return owed.by
  return 'months' in owed ? addMonths(event, owed.months) : addDays(event, owed.days)
}

/** Overlapping and adjoining stretches as one. */
function union(stretches: readonly Stretch[]): Stretch[] {
  const joined: Stretch[] = []
  for (const next of stretches.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    const last = joined.at(-1)
    if (!last || (last.to !== undefined && next.from > addDays(last.to, 1))) {
      joined.push({ ...next })
    } else if (next.to === undefined) delete last.to
    else if (last.to !== undefined) last.to = latest(last.to, next.to)
  }
  return joined
}

/** When a rule's clock stands still for somebody. */
export const stopsOf = (rule: Rule, absences: readonly Absence[]): Stretch[] =>
  // Nearly everybody is never away.
  absences.length === 0
    ? []
    : union(
        absences
          .filter(({ kind }) => rule.stops.includes(kind))
          .map(({ from, to }) => ({ from, ...(to ? { to } : {}) })),
      )

/** Whether a rule is about people in such a term. */
export function speaksOf(rule: Rule, term: Term | undefined): boolean {
  if (!term) return false
  const { kind, house, employedBy } = rule.audience
  return (
    term.kind === kind &&
    (house === undefined || term.house === house || term.house === 'both') &&
    (employedBy === undefined || term.employedBy === employedBy)
  )
}

/** The events in a post that bring it under a rule. */
export function triggersOf(rule: Rule, post: Post, absences: readonly Absence[]): Trigger[] {
  const stops = stopsOf(rule, absences)
  const inRange = (on: Day) =>
    covers({ from: rule.begins, ...(rule.ends ? { to: rule.ends } : {}) }, on) && covers(post, on)
  const found: Trigger[] = []
  const add = (on: Day, owed: Owed | undefined, awaySince?: Day) => {
    if (owed === undefined || !inRange(on) || !speaksOf(rule, termOn(post, on))) return
    found.push({ on, rule, due: dueFrom(on, owed), ...(awaySince ? { awaySince } : {}) })
  }
  const running = (on: Day) => !stops.some((stop) => covers(stop, on))
  // Somebody whose first day is the day the rule begins starts under it; the others were there.
  if (post.from < rule.begins && running(rule.begins)) add(rule.begins, rule.there)
  if (running(post.from))
    add(post.from, rule.start ?? (post.from === rule.begins ? rule.there : undefined))
  for (const stop of stops) {
    if (stop.to !== undefined && addDays(stop.to, 1) > post.from) {
      add(addDays(stop.to, 1), rule.return ?? rule.start, stop.from)
    }
  }
  return found
}
