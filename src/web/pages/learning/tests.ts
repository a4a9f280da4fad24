import type { Step } from '../../../courses/courses.js'
import type { Language } from '../../../language.js'
import {
  assessment,
  preTest,
  type Form,
  type Place,
  type TestState,
} from '../../../learning/learning.js'
import type { Typed } from '../../page.js'
import { questionModel, resultModel } from './questions.js'

const testOf = ({ attempt }: Place, step: Step): TestState => {
  const { version, learner, seed, facts } = attempt
  return step.kind === 'pre-test'
    ? preTest(version, learner, seed, facts)
    : assessment(version, learner, seed, facts)
}

/**
 * What a test shows: the next question of the form that is open, or, before a new form is begun, how
 * the last one went. `go` begins the new one.
 */
export function testModel(
  place: Place,
  step: Step,
  language: Language,
  { go, typed = {} }: { go?: boolean; typed?: Typed },
): { question: Record<string, unknown> & { number: number; count: number } } | { result: object } {
  const test = testOf(place, step)
  const { open, forms } = test
  const last = forms.findLast((form) => form.complete)
  if (!open) return { result: formResult(place, step, test, last ?? forms.at(-1), language) }
  if (last && open.answers.size === 0 && !go) {
    return { result: formResult(place, step, test, last, language) }
  }
  const kept = open.asks.find(({ question }) => question.id === typed['question'])
  const left = open.asks.filter(({ question }) => !open.answers.has(question.id))
  const asked = kept && left.includes(kept) ? kept : left[0]
  if (!asked) return { result: formResult(place, step, test, open, language) }
  return {
    question: {
      ...questionModel(asked.question, place.attempt.seed, language, asked === kept ? typed : {}),
      form: open.number,
      number: open.answers.size + 1,
      count: open.asks.length,
      first: open.answers.size === 0,
      again: open.number > 1,
    },
  }
}

/** How a form went, part by part, with what there is to say about every answer. */
function formResult(
  { attempt }: Place,
  step: Step,
  test: TestState,
  form: Form | undefined,
  language: Language,
): object {
  const objectives = attempt.version.objectives.filter(({ id }) => form?.scores.has(id))
  const parts = objectives.map((objective) => {
    const asks = (form?.asks ?? []).filter((ask) => ask.objective === objective.id)
    return {
      title: objective.title[language],
      right: form?.scores.get(objective.id) ?? 0,
      asked: asks.length,
      needed: step.kind === 'pre-test' ? asks.length : objective.pass,
      passed: test.passed.has(objective.id),
      answers: asks.map(({ question }) =>
        resultModel(question, form?.answers.get(question.id) ?? [], language),
      ),
    }
  })
  return {
    done: test.done,
    form: form?.number,
    parts,
    passed: parts.filter((part) => part.passed).length,
    count: parts.length,
    left: parts.filter((part) => !part.passed).map(({ title }) => title),
  }
}
