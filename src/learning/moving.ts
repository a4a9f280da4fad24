import type { CourseVersion } from '../courses/courses.js'
import { progress, type Attempt } from './progress.js'
import { assessment, preTest, type Form } from './tests.js'

/**
 * Whether an attempt can go over to a newer version that differs in small things: every step that
 * was done is done there too, and every test that has been begun asks the same. Whoever would lose
 * as much as one page stays on the version that they began with.
 */
export function keepsEverything(attempt: Attempt, newer: CourseVersion): boolean {
  const after: Attempt = { ...attempt, version: newer }
  const done = new Set(
    progress(after)
      .steps.filter(({ state }) => state === 'done')
      .map(({ step }) => step.id),
  )
  const kept = progress(attempt).steps.every(
    ({ step, state }) => state !== 'done' || done.has(step.id),
  )
  return kept && begunForms(attempt).join() === begunForms(after).join()
}

/** What the forms asked that somebody has begun to answer, by the hashes of the questions. */
function begunForms({ version, learner, seed, facts }: Attempt): string[] {
  if (!facts.some((fact) => fact.kind === 'tested')) return []
  const tests = [
    ...(version.preTest && learner.mayShorten ? preTest(version, learner, seed, facts).forms : []),
    ...(version.objectives.length > 0 ? assessment(version, learner, seed, facts).forms : []),
  ]
  const asked = (form: Form) => form.asks.map(({ question }) => question.hash)
  return tests.filter((form) => form.answers.size > 0).flatMap(asked)
}
