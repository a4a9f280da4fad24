import { groupBy, isEqual } from 'es-toolkit'
import type { CourseVersion, Step } from '../courses/courses.js'
import { settled, type Fact } from './facts.js'
import { isAnswer } from './marking.js'
import { pathOf, type Learner } from './path.js'
import { assessment, preTest } from './tests.js'
import { walk } from './walk.js'

/** `waiting`: what comes before it is not done. `not-needed`: optional, or shortened away. */
type StepState = 'done' | 'open' | 'waiting' | 'not-needed'

export interface StepProgress {
  step: Step
  state: StepState
}

/** How far somebody is in a course, told from what happened and nothing else. */
export interface Progress {
  steps: readonly StepProgress[]
  /** Where to go on: the first step that is needed and open. */
  next?: Step
  complete: boolean
  /** Done and needed steps, for "4 of 17". Never time. */
  done: number
  needed: number
}

/** One attempt at a course, as the pure rules see it. */
export interface Attempt {
  id: string
  version: CourseVersion
  learner: Learner
  /** Random when the attempt began: what is drawn for it follows from this alone. */
  seed: string
  facts: readonly Fact[]
}

/** What was told of facts last, and of which attempt. */
const told = new WeakMap<readonly Fact[], { attempt: Attempt; progress: Progress }>()

/**
 * The state of every step. A course is complete when each needed step has happened: each page
 * read, each check answered, an ending reached in each scenario, the text acknowledged, and every
 * objective of the assessment passed. There is no other way.
 */
export function progress(attempt: Attempt): Progress {
  const { version, learner, seed, facts } = attempt
  const last = told.get(facts)
  const isKnown = last?.attempt.version === version && last.attempt.seed === seed
  if (isKnown && isEqual(last.attempt.learner, learner)) return last.progress
  const progress = tell(attempt)
  told.set(facts, { attempt, progress })
  return progress
}

function tell(attempt: Attempt): Progress {
  const { version, learner, seed, facts } = attempt
  const path = pathOf(version, learner)
  const happened = happenedIn(attempt)
  const tested = path.some((step) => step.kind === 'assessment')
  // Nobody has passed a test of which they have answered nothing: it need not be drawn to know.
  const answered = facts.some(({ kind }) => kind === 'tested')
  const test = tested && answered ? assessment(version, learner, seed, facts) : undefined
  const begun = test?.forms.some((form) => form.answers.size > 0) ?? false
  const spared = sparedBy(attempt)
  const steps: StepProgress[] = []
  let allBefore = true
  for (const step of path) {
    const done = step.kind === 'assessment' ? (test?.done ?? false) : happened(step)
    const needed = !step.optional && step.kind !== 'pre-test' && !spared(step)
    const closed = step.kind === 'pre-test' && begun
    const state = step.kind === 'assessment' && !allBefore ? 'waiting' : 'open'
    // A test may be passed beforehand, yet it is done only once all that comes before it is.
    if (done && (step.kind !== 'assessment' || allBefore)) steps.push({ step, state: 'done' })
    else if (closed || (spared(step) && !step.optional)) steps.push({ step, state: 'not-needed' })
    else steps.push({ step, state })
    if (needed && !done) allBefore = false
  }
  const needed = steps.filter(
    ({ step }) => !step.optional && step.kind !== 'pre-test' && !spared(step),
  )
  const done = needed.filter(({ state }) => state === 'done').length
  const next = steps.find(({ step, state }) => state === 'open' && !step.optional)?.step
  const complete = needed.length > 0 && done === needed.length
  return { steps, complete, done, needed: needed.length, ...(next ? { next } : {}) }
}

/** Whether a step has happened; for an assessment ask the test itself. */
function happenedIn(attempt: Attempt): (step: Step) => boolean {
  const { version, learner, facts } = attempt
  const read = groupBy(settled(facts, 'read'), (fact) => fact.step)
  const checked = settled(facts, 'checked')
  const acknowledged = settled(facts, 'acknowledged')
  const other = ({ standIn, standsFor }: Step): Step | undefined => {
    const id = standIn ?? standsFor
    return id === undefined ? undefined : version.steps.find((one) => one.id === id)
  }
  const itself = (step: Step): boolean => {
    switch (step.kind) {
      case 'page':
        return read[step.id]?.some(({ hash }) => hash === step.hash) ?? false
      case 'check': {
        const question = version.questions[step.of]
        if (!question) return false
        return checked.some(
          ({ step: id, hash, answer }) =>
            id === step.id && hash === question.hash && isAnswer(question, answer),
        )
      }
      case 'scenario': {
        const scenario = version.scenarios[step.of]
        return (
          scenario !== undefined &&
          walk(scenario, step.id, learner.audience, facts).endings.length > 0
        )
      }
      case 'acknowledgement': {
        const hashes = Object.values(version.texts[step.of]?.hash ?? {})
        return acknowledged.some((fact) => fact.step === step.id && hashes.includes(fact.hash))
      }
      case 'pre-test':
        return preTest(version, learner, attempt.seed, facts).done
      case 'assessment':
        return false
    }
  }
  // Whoever has been through a scene, or has read what stands in for it, has done both.
  return (step) => {
    const counterpart = other(step)
    return itself(step) || (counterpart ? itself(counterpart) : false)
  }
}

/**
 * What a passed pre-test spares, where the programme lets it: pages and checks of modules all of
 * whose objectives were passed. Scenarios, acknowledgements and steps marked `always` stay.
 */
function sparedBy({ version, learner, seed, facts }: Attempt): (step: Step) => boolean {
  if (!learner.mayShorten || !version.preTest) return () => false
  const { passed, done } = preTest(version, learner, seed, facts)
  if (!done) return () => false
  const modules = new Set(
    version.modules
      .filter(
        ({ objectives }) => objectives.length > 0 && objectives.every((one) => passed.has(one)),
      )
      .map((module) => module.id),
  )
  return (step) =>
    modules.has(step.module) && !step.always && (step.kind === 'page' || step.kind === 'check')
}
