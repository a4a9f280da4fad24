import { omit } from 'es-toolkit'
import { addDays, dayNumber, earliest, latest, type Day } from '../clock.js'
import type { Stretch, TermKind } from '../people/people.js'
import type { Answer, Entry, Part, Roll } from './roll.js'
import type { RollLine } from './roll-query.js'
import type { Scope } from './scope.js'

/** One requirement of one person with what it was on every day that the reader may know of. */
export interface RecordEntry {
  duty: string
  kind: TermKind
  part: Part
  /** How it stands on the date asked for; absent where no rule asks for it, or the post has ended. */
  line?: RollLine
  /** Newest first, up to the date asked for. */
  history: readonly Answer[]
}

/** What two stretches share; nothing where they do not meet. */
function shared(one: Stretch, other: Stretch): Stretch | undefined {
  const from = latest(one.from, other.from)
  const to = one.to && other.to ? earliest(one.to, other.to) : (one.to ?? other.to)
  return to !== undefined && to < from ? undefined : { from, ...(to ? { to } : {}) }
}

const meetings = (some: readonly Stretch[], others: readonly Stretch[]): Stretch[] =>
  some.flatMap((one) => others.flatMap((other) => shared(one, other) ?? []))

/** The days of a requirement that a scope shows, history included. */
function daysShown(scope: Scope, person: string, entry: Entry): readonly Stretch[] {
  switch (scope.sees) {
    case 'everybody':
      return entry.parts
    case 'person':
      return scope.person === person ? entry.parts : []
    case 'offices':
      return scope.but.includes(person) || entry.kind !== 'staff'
        ? []
        : entry.parts.flatMap((part) =>
            meetings([part], scope.offices.get(part.office ?? '') ?? []),
          )
    // Gaps between the days that a party's officer may see would tell of the others.
    case 'party':
      return []
  }
}

/** Overlapping and adjoining stretches as one. */
function joined(stretches: readonly Stretch[]): Stretch[] {
  const result: Stretch[] = []
  for (const next of stretches.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    const last = result.at(-1)
    if (!last || (last.to !== undefined && next.from > addDays(last.to, 1)))
      result.push({ ...next })
    else if (next.to === undefined) delete last.to
    else if (last.to !== undefined) last.to = latest(last.to, next.to)
  }
  return result
}

const told = ({ state, absent }: Answer): boolean => state !== 'not-required' || absent === true

/**
 * Everything that somebody owes or owed, as the scopes show it on a date: what is still asked first,
 * then what was asked once. `lines` are those that a list of the date shows of this person.
 */
export function recordOf(
  roll: Roll,
  person: string,
  scopes: readonly Scope[],
  lines: readonly RollLine[],
  asAt: Day,
): RecordEntry[] {
  const index = roll.indexOf(person)
  if (index === undefined) return []
  const [first, end] = roll.rowsOf(index)
  const entries: RecordEntry[] = []
  for (let row = first; row < end; row++) {
    const entry = roll.entry(row)
    const days = joined(scopes.flatMap((scope) => daysShown(scope, person, entry)))
    const past = meetings(days, [{ from: '1900-01-01' as Day, to: asAt }])
    const history = entry.answers.filter(told).flatMap((answer) =>
      meetings([answer], past).map(({ from, to }): Answer => {
        // A stretch that reaches the date asked for is not known to end with it.
        return { ...omit(answer, ['to']), from, ...(to !== undefined && to < asAt ? { to } : {}) }
      }),
    )
    const partNow = roll.partOn(row, dayNumber(asAt))
    const shown = partNow < 0 ? undefined : roll.readPart(partNow)
    const line = lines.find(
      ({ duty, kind, part }) =>
        duty === entry.duty &&
        kind === entry.kind &&
        part.from === shown?.from &&
        part.office === shown.office,
    )
    if (!line && history.length === 0) continue
    const part = shown ?? entry.parts.findLast(({ from }) => from <= asAt) ?? entry.parts[0]
    if (!part) continue
    entries.push({
      duty: entry.duty,
      kind: entry.kind,
      part,
      ...(line ? { line } : {}),
      history: history.toReversed(),
    })
  }
  return entries.toSorted((a, b) => Number(b.line !== undefined) - Number(a.line !== undefined))
}
