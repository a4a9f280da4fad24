import { isFor, type Audience, type CourseVersion, type Step } from '../courses/courses.js'

/** What decides which pages somebody is shown. Nothing here is ever visible to an employer. */
export interface Learner {
  audience: Audience
  /** Takes the pages that stand in for distressing scenes. No reason is recorded. */
  quiet: boolean
  under18: boolean
  /** Whether the programme lets a passed pre-test shorten this course for them. */
  mayShorten: boolean
}

/**
 * The steps of a course for one learner, in order. Under 18, and on the route without distressing
 * scenes, each such scene is replaced by the page that stands in for it. A pre-test is there only
 * for those whom it may spare something.
 */
export function pathOf(version: Pick<CourseVersion, 'steps'>, learner: Learner): Step[] {
  const quiet = learner.quiet || learner.under18
  return version.steps.filter(
    (step) =>
      isFor(step, learner.audience) &&
      (step.kind !== 'pre-test' || learner.mayShorten) &&
      (!step.age || (step.age === 'under-18') === learner.under18) &&
      (step.standIn === undefined || !quiet) &&
      (step.standsFor === undefined || quiet),
  )
}
