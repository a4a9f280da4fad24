import type { Step } from '../../../courses/courses.js'
import type { Sentence } from '../../../language.js'
import type { Place } from '../../../learning/learning.js'

export const courseAddress = (course: string): string => `/training/${course}`

/** A step's address: its id is `<module>/<name>`, and never depends on the order of modules. */
export const stepAddress = (course: string, step: Pick<Step, 'id'>): string =>
  `/training/${course}/${step.id}`

/** What a step is called in lists and in the title of its page; checks are counted in their module. */
export function stepTitle({ version, progress }: Place, step: Step): Sentence {
  const named = {
    page: version.pages[step.of]?.title,
    scenario: version.scenarios[step.of]?.title,
    acknowledgement: version.texts[step.of]?.title,
  }[step.kind as string]
  if (named) return { key: `learning.step.${step.kind}`, with: { title: named } }
  if (step.kind !== 'check') return { key: `learning.step.${step.kind}` }
  const checks = progress.steps.filter(
    ({ step: one }) => one.kind === 'check' && one.module === step.module,
  )
  const number = checks.findIndex((one) => one.step.id === step.id) + 1
  if (checks.length < 2) return { key: 'learning.step.check' }
  return { key: 'learning.step.check-of', with: { number, of: checks.length } }
}

/**
 * Where to go on after a step: the next one that is needed and open, else whatever is still open
 * before it, else the course page. Whoever looks again at a finished course just turns the page.
 */
export function addressAfter({ course, progress, endedAt }: Place, step: Pick<Step, 'id'>): string {
  const at = progress.steps.findIndex((one) => one.step.id === step.id)
  const rest = progress.steps.slice(at + 1)
  const next = endedAt
    ? rest.find(({ state }) => state !== 'not-needed')?.step
    : (rest.find(({ step: one, state }) => state === 'open' && !one.optional)?.step ??
      progress.next)
  return next ? stepAddress(course, next) : courseAddress(course)
}

export function addressBefore({ course, progress }: Place, step: Pick<Step, 'id'>): string {
  const at = progress.steps.findIndex((one) => one.step.id === step.id)
  const before = progress.steps[at - 1]?.step
  return before ? stepAddress(course, before) : courseAddress(course)
}

/** The step that a module's own address shows: where one is in it, else its beginning. */
export function stepOfModule({ progress }: Place, module: string): Step | undefined {
  const own = progress.steps.filter(({ step }) => step.module === module)
  const open = own.find(({ step, state }) => state === 'open' && !step.optional)
  return (open ?? own[0])?.step
}
