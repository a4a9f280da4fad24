import type { Day } from '../clock.js'
import { covers } from '../people/people.js'
import type { Answer, Entry, Part } from './roll.js'

export const effectKinds = [
  'gained',
  'released',
  'overdue',
  'asked-again',
  'sooner',
  'later',
] as const
/**
 * What a changed programme does to one requirement on a day: it is new, it is gone, it is newly
 * overdue, it was complete and is asked again, its due date comes sooner or later.
 */
export type EffectKind = (typeof effectKinds)[number]

export interface Effect {
  kind: EffectKind
  duty: string
  part: Part
  before?: Answer
  after?: Answer
}

const required = (answer: Answer | undefined): answer is Answer =>
  answer !== undefined && (answer.state !== 'not-required' || answer.absent === true)

function effectOf(before: Answer | undefined, after: Answer | undefined): EffectKind | undefined {
  if (!required(after)) return required(before) ? 'released' : undefined
  if (after.state === 'overdue' && before?.state !== 'overdue') return 'overdue'
  if (!required(before)) return 'gained'
  if (before.state === 'complete' && after.state !== 'complete') return 'asked-again'
  if (before.due === undefined || after.due === undefined || before.due === after.due)
    return undefined
  return after.due < before.due ? 'sooner' : 'later'
}

const on = <Thing extends { from: Day; to?: Day }>(things: readonly Thing[], day: Day) =>
  things.find((thing) => covers(thing, day))

/** Which requirement of which post an entry is. */
const keyOf = ({ duty, kind, parts: [first] }: Entry): string =>
  [duty, kind, first?.from, first?.office, first?.house].join('/')

/** What one person would notice on a day, were the one programme in force and not the other. */
export function effectsOf(before: readonly Entry[], after: readonly Entry[], day: Day): Effect[] {
  const pairs = new Map<string, { entry: Entry; before?: Answer; after?: Answer }>()
  for (const [side, entries] of [
    ['before', before],
    ['after', after],
  ] as const) {
    for (const entry of entries) {
      const answer = on(entry.answers, day)
      const pair = pairs.get(keyOf(entry)) ?? { entry }
      if (answer) pairs.set(keyOf(entry), { ...pair, [side]: answer })
    }
  }
  return [...pairs.values()].flatMap(({ entry, ...sides }) => {
    const kind = effectOf(sides.before, sides.after)
    const part = on(entry.parts, day)
    return kind && part ? [{ kind, duty: entry.duty, part, ...sides }] : []
  })
}
