import { dayOf, type Day } from '../../../clock.js'
import { isFor, type Step } from '../../../courses/courses.js'
import type { Language, Sentence } from '../../../language.js'
import { settled, type Place } from '../../../learning/learning.js'
import { view, type Answer, type Typed } from '../../page.js'
import { addressAfter, addressBefore, courseAddress, stepAddress, stepTitle } from './addresses.js'
import type { Around } from './around.js'
import { answerToShow, questionModel, resultModel } from './questions.js'
import { hasBegun, sceneModel } from './scenarios.js'
import { testModel } from './tests.js'

/** What the address asks of a step beyond the step itself. */
export interface Asked {
  /** A scene to look at again. */
  scene?: string | undefined
  /** The answer that has just been given. */
  answer?: string | undefined
  /** Answer once more. */
  again?: boolean | undefined
  /** Begin the next form of a test, or a story whose note has been read. */
  go?: boolean | undefined
}

export interface Showing {
  place: Place
  step: Step
  language: Language
  asked: Asked
  /** What was typed and could not be taken, or was kept while its sender signed in. */
  typed?: Typed
  /** What is wrong with it. */
  fault?: Sentence
  /** What every course page has beside it. */
  around: Around
}

const firstField = { check: 'answer-1', scenario: 'choice-1', acknowledgement: 'confirm' } as const

/** A step as a page: one template for each kind, everything already in the reader's language. */
export function showStep(showing: Showing): Answer {
  const { place, step, fault, typed } = showing
  const { template, title, model } = bodyOf(showing)
  const { steps } = place.progress
  const field = firstField[step.kind as keyof typeof firstField] as string | undefined
  return view(
    `learning/${template}`,
    title,
    {
      back: courseAddress(place.course),
      backText: { key: 'learning.to-course', with: { course: place.version.title } },
      here: stepAddress(place.course, step),
      attempt: place.attempt.id,
      module: place.version.modules.find((one) => one.id === step.module)?.title,
      parts: partsOf(place, step),
      done: steps.find((one) => one.step.id === step.id)?.state === 'done',
      next: addressAfter(place, step),
      previous: addressBefore(place, step),
      kept: typed !== undefined && fault === undefined && step.kind !== 'page',
      faults: fault ? [{ say: fault, field: field ?? 'answer-1' }] : undefined,
      ...showing.around,
      ...savedModel(place, showing.around.today),
      ...model,
    },
    fault ? 400 : 200,
  )
}

/** When the last thing was saved: said on every page, so that nobody wonders. */
export function savedModel({ attempt }: Place, today: Day): object {
  let savedAt: Date | undefined
  for (const { at } of attempt.facts) if (!savedAt || at > savedAt) savedAt = at
  return savedAt ? { savedAt, savedToday: dayOf(savedAt) === today } : {}
}

/** The steps of the module that a step is in, for going back to one of them. */
const partsOf = (place: Place, here: Step): object[] =>
  place.progress.steps
    .filter(({ step }) => step.module === here.module)
    .map(({ step, state }) => ({
      title: stepTitle(place, step),
      href: stepAddress(place.course, step),
      state: { key: `learning.state.${step.optional && state === 'open' ? 'optional' : state}` },
      current: step.id === here.id,
    }))

interface Body {
  template: string
  title: Sentence
  model: object
}

function bodyOf(showing: Showing): Body {
  const { place, step, language, asked, typed } = showing
  const { version, attempt } = place
  const title = stepTitle(place, step)
  switch (step.kind) {
    case 'page': {
      const before = asked.go === true ? undefined : noteBefore(showing, title)
      if (before) return before
      const page = version.pages[step.of]
      const parts = page?.parts[language].filter((part) => isFor(part, attempt.learner.audience))
      const html = parts?.map((part) => part.html).join('\n') ?? ''
      const standsFor = version.steps.find((one) => one.id === step.standsFor)
      const scene = standsFor && !attempt.learner.under18 ? standsFor : undefined
      return {
        template: 'page',
        title,
        model: { html, scene: scene && stepAddress(place.course, scene) },
      }
    }
    case 'check':
      return checkOf(showing, title)
    case 'scenario': {
      const scenario = version.scenarios[step.of]
      if (!scenario) throw new Error(`no scenario ${step.of}`)
      const wanted = asked.go === true || asked.scene !== undefined || typed !== undefined
      const before = wanted ? undefined : noteBefore(showing, title)
      if (before) return before
      const { scene } = asked
      const model = sceneModel(place, step, scenario, language, {
        asked: typeof typed?.['scene'] === 'string' ? typed['scene'] : scene,
        ...(typed ? { typed } : {}),
      })
      return { template: 'scenario', title, model: { scene: model } }
    }
    case 'acknowledgement': {
      const text = version.texts[step.of]
      const signed = settled(attempt.facts, 'acknowledged').find((fact) => fact.step === step.id)
      const model = {
        html: text?.html[language],
        hash: text?.hash[language],
        source: text?.source,
        signed,
      }
      return { template: 'acknowledgement', title, model }
    }
    case 'pre-test':
    case 'assessment': {
      const go = asked.go === true || typed !== undefined
      const shown = testModel(place, step, language, { go, ...(typed ? { typed } : {}) })
      const model = { ...shown, heading: title, preTest: step.kind === 'pre-test' }
      if (!('question' in shown)) {
        return {
          template: 'test-result',
          title: { key: `learning.step.${step.kind}-result` },
          model,
        }
      }
      // The window says which question it is: else nobody who hears the page notices that it changed.
      const { number, count } = shown.question
      const which = { key: `learning.step.${step.kind}-question`, with: { number, of: count } }
      return { template: 'test-question', title: which, model }
    }
  }
}

/** What is said before a page or a scene that may distress, until somebody has begun it. */
function noteBefore({ place, step, language }: Showing, title: Sentence): Body | undefined {
  if (!step.contentNote || hasBegun(place, step)) return undefined
  const note = step.contentNote[language]
  const instead = step.standIn && stepAddress(place.course, { id: step.standIn })
  return { template: 'note', title, model: { note, instead } }
}

function checkOf({ place, step, language, asked, typed }: Showing, title: Sentence): Body {
  const { attempt, version } = place
  const question = version.questions[step.of]
  if (!question) throw new Error(`no question ${step.of}`)
  const given = settled(attempt.facts, 'checked')
    .filter((fact) => fact.step === step.id && fact.hash === question.hash)
    .map((fact) => fact.answer)
  const answer = answerToShow(question, given, asked.answer)
  if (answer && !asked.again && !typed) {
    const result = resultModel(question, answer, language)
    return { template: 'check-result', title: { key: 'learning.step.answered' }, model: { result } }
  }
  const model = { question: questionModel(question, attempt.seed, language, typed) }
  return { template: 'check', title, model }
}
