import { isFor, type Step } from '../../../courses/courses.js'
import type { Language } from '../../../language.js'
import { choicesIn, optionsOf, scenesFor, type Place } from '../../../learning/learning.js'
import { view, type Answer } from '../../page.js'
import type { Around } from './around.js'
import { courseAddress, stepTitle } from './addresses.js'

/**
 * The whole course on paper, as this learner is shown it: stories with numbers to turn to, questions
 * without their answers. The questions that count are not printed; they are answered online.
 */
export function showPrint(
  place: Place,
  language: Language,
  large: boolean,
  around: Around,
): Answer {
  const { version, course } = place
  const title = { key: 'learning.print-title', with: { course: version.title } }
  return view('learning/print', title, {
    ...around,
    back: courseAddress(course),
    backText: { key: 'learning.to-course', with: { course: version.title } },
    name: version.title[language],
    version: version.label,
    large,
    course,
    modules: modulesOf(place, language),
  })
}

/** Everything that a learner is shown, module by module. */
export const modulesOf = (place: Place, language: Language): object[] =>
  place.version.modules.flatMap((module) => {
    const steps = place.progress.steps.filter(({ step }) => step.module === module.id)
    if (steps.length === 0) return []
    const parts = steps.map(({ step }) => partOf(place, step, language))
    return [{ title: module.title[language], parts }]
  })

function partOf(place: Place, step: Step, language: Language): object {
  const { version, attempt } = place
  const { audience } = attempt.learner
  const title = stepTitle(place, step)
  const note = step.contentNote?.[language]
  switch (step.kind) {
    case 'page': {
      const parts = version.pages[step.of]?.parts[language] ?? []
      const shown = parts.filter((part) => isFor(part, audience))
      return { title, html: shown.map((part) => part.html).join('\n') }
    }
    case 'check': {
      const question = version.questions[step.of]
      const options = question ? optionsOf(question).map((option) => option.text[language]) : []
      return { title, html: question?.prompt[language], options: options.toSorted() }
    }
    case 'scenario': {
      const scenario = version.scenarios[step.of]
      if (!scenario) return { title }
      const open = scenesFor(scenario, audience)
      const numbers = new Map(open.map(({ id }, at) => [id, at + 1]))
      const scenes = open.map((scene) => ({
        number: numbers.get(scene.id),
        html: scene.texts.find((text) => isFor(text, audience))?.html[language],
        debrief: scene.ending?.debrief[language],
        choices: choicesIn(scenario, scene.id, audience).map((choice) => ({
          text: choice.text[language],
          to: numbers.get(choice.to),
        })),
      }))
      return { title, note, scenes }
    }
    case 'acknowledgement':
      return { title, html: version.texts[step.of]?.html[language], online: true }
    case 'pre-test':
    case 'assessment':
      return { title, online: true }
  }
}
