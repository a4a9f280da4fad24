import type { Module } from '../../../courses/courses.js'
import type { Line } from '../../../compliance/compliance.js'
import type { Language, Sentence } from '../../../language.js'
import type { Place, StepProgress } from '../../../learning/learning.js'
import { view, type Answer } from '../../page.js'
import { courseAddress, stepAddress, stepTitle } from './addresses.js'
import type { Around } from './around.js'
import { savedModel } from './steps.js'

/** The task list of a course, or the confirmation of one that is complete. */
export function showCourse(
  place: Place,
  lines: readonly Line[],
  proof: readonly object[],
  language: Language,
  around: Around,
): Answer {
  const { version, progress, course, number, endedAt, changed, attempt } = place
  const online = version.deliveries.find(({ delivery }) => delivery === 'online')
  const retired = version.retiredOn !== undefined && version.retiredOn < around.today
  const { next } = progress
  const complete = progress.complete && !changed
  const title: Sentence = { key: 'learning.course', with: { course: version.title } }
  return view(complete ? 'learning/complete' : 'learning/course', title, {
    ...around,
    back: '/training',
    backText: { key: 'learning.to-training' },
    here: courseAddress(course),
    course,
    name: version.title[language],
    summary: version.summary[language],
    minutes: online?.minutes,
    begun: number > 0,
    number,
    attempt: attempt.id,
    done: progress.done,
    needed: progress.needed,
    audience: { key: `learning.audience.${attempt.learner.audience}` },
    modules: version.modules.flatMap((module) => moduleModel(place, module, language)),
    next: next && { title: stepTitle(place, next), href: stepAddress(course, next) },
    lines,
    proof,
    changed,
    taught: online !== undefined && version.steps.length > 0 && !retired,
    retired,
    elsewhere: version.deliveries.filter(({ delivery }) => delivery !== 'online'),
    ...savedModel(place, around.today),
    endedAt,
    version: version.label,
    notReviewed: version.review.specialist.state === 'not-yet',
    reviewed:
      version.review.specialist.state === 'reviewed' ? version.review.specialist : undefined,
    assessment: progress.steps
      .filter(({ step }) => step.kind === 'assessment')
      .map(({ step }) => stepAddress(course, step))[0],
  })
}

/** A module as one task; nothing where this learner is shown none of it. */
function moduleModel(
  { progress, course, number, changed }: Place,
  module: Module,
  language: Language,
): object[] {
  const own = progress.steps.filter(({ step }) => step.module === module.id)
  const [first] = own
  if (!first) return []
  const counted = own.filter(
    ({ step, state }) => !step.optional && step.kind !== 'pre-test' && state !== 'not-needed',
  )
  const done = counted.filter(({ state }) => state === 'done').length
  return [
    {
      id: module.id,
      title: module.title[language],
      minutes: module.minutes,
      href: number > 0 && !changed ? `${courseAddress(course)}/${module.id}` : undefined,
      state: stateOf(counted, done),
      status: {
        key: `learning.module.${stateOf(counted, done)}`,
        with: { done, needed: counted.length },
      },
    },
  ]
}

function stateOf(counted: readonly StepProgress[], done: number): string {
  if (counted.length === 0) return 'not-needed'
  if (done === counted.length) return 'done'
  if (done > 0) return 'begun'
  return counted.every(({ state }) => state === 'waiting') ? 'waiting' : 'not-begun'
}
