import { dayOf } from '../clock.js'
import type { Random } from '../random.js'
import { consequencesOf, type Consequence } from './consequences.js'
import { foldReference } from './outcome-input.js'
import { outcomeState } from './state.js'
import type { Doer, Step, Wish } from './steps.js'

/** A consequence with the id under which it is done exactly once, or a step to be written in the log. */
export type Effect = { id: string; at: Date; place: number } & (
  Consequence | { what: 'entry'; step: Step }
)

/** One outcome as it is sealed: its steps, and what of their consequences is still to be done. */
export interface CaseFile {
  steps: readonly Step[]
  effects: readonly Effect[]
  /** How many consequences there have ever been: each has its place among them. */
  places: number
}

export const newFile: CaseFile = { steps: [], effects: [], places: 0 }

/** The words by which a sealed outcome is found. A closed one still hears of corrections. */
export function labelsOf({ steps }: CaseFile, body: string): { tags: string[]; unique: string[] } {
  const [first] = steps
  if (first?.step !== 'imposed') throw new RangeError('an outcome begins with being imposed')
  const { respondent, reference } = first.terms
  const labels = new Set([`person:${respondent}`])
  for (const step of steps) {
    if (step.step === 'completed') labels.add(`completion:${step.completion}`)
    if (step.step === 'planned') labels.add(`trainer:${step.session.trainer}`)
    if (step.step === 'shared') {
      for (const label of labels) if (label.startsWith('share:')) labels.delete(label)
      if (step.token) labels.add(`share:${step.token}`)
    }
  }
  return { tags: [...labels], unique: [`reference:${body}:${foldReference(reference)}`] }
}

/** What is needed to make a step of a wish. */
export interface Making {
  now: Date
  random: Random
  doer: Doer
  /** Which of the steps need a second officer. */
  needsSecond?: (wish: Wish) => boolean
  request?: string
}

function stepOf(wish: Wish, making: Making, last: Date | undefined): Step {
  const { now, random, doer, needsSecond, request } = making
  return {
    ...wish,
    id: random.id(),
    // Steps never run backwards, even where a machine's clock does.
    at: last && last > now ? last : now,
    by: doer,
    ...(needsSecond?.(wish) ? { needsSecond: true } : {}),
    ...(request ? { request } : {}),
  }
}

/** A file with more steps, and with what follows from them. */
export function withSteps(file: CaseFile, wishes: readonly Wish[], making: Making): CaseFile {
  const last = file.steps.at(-1)?.at
  const added = wishes.map((wish) => stepOf(wish, making, last))
  const steps = [...file.steps, ...added]
  const at = added.at(-1)?.at ?? making.now
  const before = file.steps.length > 0 ? outcomeState(file.steps, dayOf(at)) : undefined
  const follow = consequencesOf(before, outcomeState(steps, dayOf(at)), added)
  const effects = [...added.map((step) => ({ what: 'entry' as const, step })), ...follow].map(
    (what, n): Effect => ({ id: making.random.id(), at, place: file.places + n, ...what }),
  )
  return {
    steps,
    effects: [...file.effects, ...effects],
    places: file.places + effects.length,
  }
}
