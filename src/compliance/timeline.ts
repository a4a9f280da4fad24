import { addDays, earliest, latest, type Day } from '../clock.js'
import { covers, type Absence, type Stretch } from '../people/people.js'
import type { Duty, Rule } from '../requirements/requirements.js'
import { termOn, type Post } from './post.js'
import { accepts, completionOn, endedOn, validUntil, type CompletionFact } from './satisfaction.js'
import { speaksOf, stopsOf, triggersOf, type Trigger } from './triggers.js'

export const standings = [
  'complete',
  'due',
  'overdue',
  'expected',
  'excused',
  'not-required',
] as const
/** The six plain states (domain, section 3). */
export type StandingState = (typeof standings)[number]

/** No duty from a date until another, inclusive; what is ended holds until the day before. */
export interface ExcusalFact extends Stretch {
  duty: string
  to: Day
  ended?: Day
}
/** A later due date, from the day on which it was granted to the day before it was ended. */
export interface ExtensionFact {
  duty: string
  on: Day
  until: Day
  ended?: Day
}
/** What a person has done and what has been decided for them. */
export interface PersonFacts {
  absences: readonly Absence[]
  completions: readonly CompletionFact[]
  excusals: readonly ExcusalFact[]
  extensions: readonly ExtensionFact[]
}

/** A stretch of days in which a requirement's standing does not change. */
export interface Segment extends Stretch {
  state: StandingState
  /** The rule that governs; absent where none does. */
  rule?: Rule
  /** Complete or overdue since. */
  since?: Day
  /** The last day on which it is, or was, not late. */
  due?: Day
  /** Complete until; for good where absent. */
  validUntil?: Day
  excusedUntil?: Day
  completion?: CompletionFact
  /** Why nothing is required. */
  because?: 'absent' | 'no-rule'
}

/** A due date that extensions have put off, and what it was before them. */
interface Extended {
  before: Day
  by: readonly ExtensionFact[]
}

/** What the sweep carries from one day to the next. */
interface Course {
  rule?: Rule
  due?: Day | null | undefined
  extended?: Extended
  /** The standing on the last day on which the clock ran. */
  lastRunning?: StandingState
}

/** A due date that moves to a later day; what has no date keeps none. */
const put = (due: Day | null | undefined, until: Day): Day | null | undefined =>
  due ? latest(due, until) : due

const putOff = ({ before, by }: Extended): Day =>
  by.reduce((due, { until }) => latest(due, until), before)

/** Puts a due date off, and remembers what it was: an extension can be ended. */
function extend(course: Course, extension: ExtensionFact): void {
  const { due, extended } = course
  if (!due) return
  const earlier = extended && putOff(extended) === due ? extended : { before: due, by: [] }
  course.extended = { before: earlier.before, by: [...earlier.by, extension] }
  course.due = putOff(course.extended)
}

/** The due date that there would be without an extension, unless something else has moved it since. */
function giveBack(course: Course, extension: ExtensionFact): void {
  const { extended, due } = course
  if (!extended?.by.includes(extension) || putOff(extended) !== due) return
  course.extended = { ...extended, by: extended.by.filter((one) => one !== extension) }
  course.due = putOff(course.extended)
}

/** What an event does to the rule that governs and to the due date. */
function meet(course: Course, trigger: Trigger, completions: readonly CompletionFact[]): void {
  const { rule, due } = course
  if (!rule || due === undefined) {
    course.rule = trigger.rule
    course.due = trigger.due
    return
  }
  const { on } = trigger
  // Somebody who has done it is asked for nothing new by a rule that accepts what they did.
  if (completionOn(rule, completions, on)) {
    if (completionOn(trigger.rule, completions, on)) return
    course.rule = trigger.rule
    course.due = trigger.due
    return
  }
  // What was overdue before an absence, or under an earlier rule, stays so.
  if (course.lastRunning === 'overdue') return
  course.rule = trigger.rule
  // A return, or a new rule, never takes away time that somebody already had.
  course.due = due === null || trigger.due === null ? trigger.due : latest(due, trigger.due)
}

/** The days on which an excusal held, and until when it was decided. */
type Held = Required<Stretch> & { decided: Day }

function heldOf({ from, to, ended }: ExcusalFact): Held[] {
  const last = ended ? earliest(to, addDays(ended, -1)) : to
  return last < from ? [] : [{ from, to: last, decided: to }]
}

/** What the course of things says on a day: a segment that begins there, its end still open. */
function segmentFrom(
  course: Course,
  post: Post,
  facts: PersonFacts,
  stops: ReadonlyMap<Rule, readonly Stretch[]>,
  excusals: readonly Held[],
  on: Day,
): Segment {
  const { rule, due } = course
  if (!rule || due === undefined) {
    // Only a rule that would speak of somebody can be waiting for their return.
    let away = false
    for (const [one, own] of stops) {
      away ||= own.some((stop) => covers(stop, on)) && speaksOf(one, termOn(post, on))
    }
    return { from: on, state: 'not-required', because: away ? 'absent' : 'no-rule' }
  }
  if (stops.get(rule)?.some((stop) => covers(stop, on))) {
    return { from: on, state: 'not-required', because: 'absent', rule }
  }
  const done = completionOn(rule, facts.completions, on)
  if (done) {
    const { completion, until } = done
    const since = completion.on
    return until
      ? { from: on, state: 'complete', rule, completion, since, validUntil: until }
      : { from: on, state: 'complete', rule, completion, since }
  }
  const excusal = excusals.find((held) => covers(held, on))
  if (excusal) return { from: on, state: 'excused', rule, excusedUntil: excusal.decided }
  if (due === null) return { from: on, state: 'expected', rule }
  return on <= due
    ? { from: on, state: 'due', rule, due }
    : { from: on, state: 'overdue', rule, due, since: addDays(due, 1) }
}

/** Adds a segment that ends on a day; where it says the same as the one before, they become one. */
function append(segments: Segment[], segment: Segment, to: Day | undefined): void {
  if (to !== undefined) segment.to = to
  const last = segments.at(-1)
  if (!last || !sameAnswer(last, segment)) segments.push(segment)
  else segments[segments.length - 1] = Object.assign(segment, { from: last.from })
}

/**
 * How a person's standing on one duty runs through one of their posts: segments without a gap from
 * the post's first day to its last (or without end), each with the same answer on all its days.
 * The one definition of standing: everything else (lists, counts, exports) is read from it.
 */
export function timeline(duty: Duty, post: Post, facts: PersonFacts): Segment[] {
  const stops = new Map(duty.rules.map((rule) => [rule, stopsOf(rule, facts.absences)]))
  const excusals = facts.excusals.flatMap((excusal) =>
    excusal.duty === duty.id ? heldOf(excusal) : [],
  )
  const extensions = facts.extensions.filter(
    ({ duty: whose, on, ended }) => whose === duty.id && on !== ended,
  )
  const triggers = duty.rules.flatMap((rule) => triggersOf(rule, post, facts.absences))
  const breaks = new Set<Day>([post.from])
  const mark = (on: Day | undefined) => {
    if (on !== undefined && covers(post, on)) breaks.add(on)
  }
  for (const { on } of triggers) mark(on)
  for (const { ended } of extensions) mark(ended)
  for (const stretch of [...[...stops.values()].flat(), ...excusals]) {
    mark(stretch.from)
    if (stretch.to) mark(addDays(stretch.to, 1))
  }
  for (const { on } of facts.completions) mark(on)
  for (const { on } of extensions) mark(on)
  for (const rule of duty.rules) {
    for (const done of facts.completions) {
      const until = accepts(rule, done) ? validUntil(rule, done) : undefined
      if (until !== undefined) mark(addDays(until, 1))
    }
  }
  for (const { from } of post.terms) mark(from)

  const course: Course = {}
  const segments: Segment[] = []
  const days = [...breaks].toSorted()
  for (const [at, from] of days.entries()) {
    for (const { to } of excusals) if (addDays(to, 1) === from) course.due = put(course.due, to)
    if (course.rule && course.due !== undefined && endedOn(course.rule, facts.completions, from)) {
      course.due = put(course.due, addDays(from, -1))
    }
    for (const extension of extensions) {
      if (extension.ended === from) giveBack(course, extension)
    }
    for (const extension of extensions) if (extension.on === from) extend(course, extension)
    for (const trigger of triggers)
      if (trigger.on === from) meet(course, trigger, facts.completions)

    const next = days[at + 1]
    const to = next === undefined ? post.to : addDays(next, -1)
    const here = segmentFrom(course, post, facts, stops, excusals, from)
    if (here.because !== 'absent') course.lastRunning = here.state
    const { state, due } = here
    if (state === 'due' && due !== undefined && (to === undefined || due < to)) {
      append(segments, here, due)
      // The due day is inclusive: overdue starts the next day.
      append(segments, segmentFrom(course, post, facts, stops, excusals, addDays(due, 1)), to)
      course.lastRunning = 'overdue'
    } else append(segments, here, to)
  }
  return segments
}

const sameAnswer = (one: Segment, other: Segment): boolean =>
  one.state === other.state &&
  one.rule === other.rule &&
  one.due === other.due &&
  one.since === other.since &&
  one.validUntil === other.validUntil &&
  one.excusedUntil === other.excusedUntil &&
  one.completion === other.completion &&
  one.because === other.because

/** The answer on a day; nothing outside the post. */
export const segmentOn = (segments: readonly Segment[], on: Day): Segment | undefined =>
  segments.find((segment) => covers(segment, on))

/** Segments cut to a stretch: what a programme says of the days it was in force. */
export function within(segments: readonly Segment[], stretch: Stretch): Segment[] {
  const cut: Segment[] = []
  for (const segment of segments) {
    const from = latest(segment.from, stretch.from)
    const to =
      segment.to && stretch.to ? earliest(segment.to, stretch.to) : (segment.to ?? stretch.to)
    if (to !== undefined && to < from) continue
    const whole = from === segment.from && to === segment.to
    cut.push(whole ? segment : { ...segment, from, ...(to ? { to } : {}) })
  }
  return cut
}
