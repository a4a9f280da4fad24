import type { CourseVersion } from '../courses/courses.js'
import { drawForm, type Asked } from './draw.js'
import { settled, type Answer, type Fact } from './facts.js'
import { isAnswer, isRight } from './marking.js'
import type { Learner } from './path.js'

type Tested = Extract<Fact, { kind: 'tested' }>

/** One form of a test: what it asks, what was answered, and, once complete, what it showed. */
export interface Form {
  number: number
  asks: readonly Asked[]
  answers: ReadonlyMap<string, Answer>
  complete: boolean
  /** Right answers by objective. */
  scores: ReadonlyMap<string, number>
  passed: readonly string[]
}

/** Where somebody stands in a test. Every form is kept; only what was not passed is asked again. */
export interface TestState {
  forms: readonly Form[]
  /** The form to answer now; nothing where all is passed. */
  open?: Form
  passed: ReadonlySet<string>
  done: boolean
}

/**
 * Replays a test from its answers. A form asks for the objectives not yet passed; when it is fully
 * answered it is marked by objective, and the next form asks only for what is left.
 */
export function assessment(
  version: CourseVersion,
  learner: Learner,
  seed: string,
  facts: readonly Fact[],
): TestState {
  const before = learner.mayShorten ? preTest(version, learner, seed, facts) : undefined
  const asked = before?.forms.flatMap((form) => idsOf(form.asks)) ?? []
  const answers = answersTo('assessment', version, facts)
  const passed = new Set(before?.passed)
  const forms: Form[] = []
  const pass = new Map(version.objectives.map((objective) => [objective.id, objective.pass]))
  for (let number = 1; passed.size < version.objectives.length; number++) {
    const left = version.objectives.map(({ id }) => id).filter((id) => !passed.has(id))
    const draw = { seed, test: 'assessment', form: number, before: asked } as const
    const asks = drawForm(version, learner, left, draw)
    const form = judge(number, asks, answers, (objective) => pass.get(objective) ?? Infinity)
    forms.push(form)
    if (!form.complete) return { forms, open: form, passed, done: false }
    for (const objective of form.passed) passed.add(objective)
    asked.push(...idsOf(asks))
  }
  return { forms, passed, done: true }
}

/** The one form of a pre-test: an objective is passed where every question on it was answered rightly. */
export function preTest(
  version: CourseVersion,
  learner: Pick<Learner, 'audience'>,
  seed: string,
  facts: readonly Fact[],
): TestState {
  const all = version.objectives.map(({ id }) => id)
  const draw = { seed, test: 'pre-test', form: 1, before: [] } as const
  const asks = version.preTest ? drawForm(version, learner, all, draw) : []
  const count = version.preTest?.draw ?? Infinity
  const form = judge(1, asks, answersTo('pre-test', version, facts), () => count)
  const passed = new Set(form.passed)
  if (form.complete) return { forms: [form], passed, done: true }
  return { forms: [form], open: form, passed, done: false }
}

const idsOf = (asks: readonly Asked[]): string[] => asks.map(({ question }) => question.id)

/** The answers that count, by form and question. */
function answersTo(
  test: 'pre-test' | 'assessment',
  version: CourseVersion,
  facts: readonly Fact[],
): (form: number, question: string) => Tested | undefined {
  const steps = new Set(version.steps.filter((step) => step.kind === test).map((step) => step.id))
  const held = new Map(
    settled(facts, 'tested')
      .filter((fact) => steps.has(fact.step))
      .map((fact) => [`${fact.form} ${fact.question}`, fact]),
  )
  return (form, question) => held.get(`${form} ${question}`)
}

function judge(
  number: number,
  asks: readonly Asked[],
  answerTo: (form: number, question: string) => Tested | undefined,
  pass: (objective: string) => number,
): Form {
  const answers = new Map<string, Answer>()
  const scores = new Map<string, number>()
  for (const { objective, question } of asks) {
    scores.set(objective, scores.get(objective) ?? 0)
    const given = answerTo(number, question.id)
    if (given?.hash !== question.hash || !isAnswer(question, given.answer)) continue
    answers.set(question.id, given.answer)
    const point = isRight(question, given.answer) ? 1 : 0
    scores.set(objective, (scores.get(objective) ?? 0) + point)
  }
  const complete = asks.length > 0 && answers.size === asks.length
  const passed = complete
    ? [...scores].filter(([objective, score]) => score >= pass(objective)).map(([id]) => id)
    : []
  return { number, asks, answers, complete, scores, passed }
}
