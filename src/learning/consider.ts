import type { Step } from '../courses/courses.js'
import type { Language, Sentence } from '../language.js'
import { keyOf, placeOf, type Answer, type Fact } from './facts.js'
import { canonical, isAnswer } from './marking.js'
import { pathOf } from './path.js'
import { progress, type Attempt } from './progress.js'
import { assessment, preTest, type TestState } from './tests.js'
import { choicesIn, walk } from './walk.js'

/** What somebody asks to have recorded, from whichever tab or device. */
export type Request = { attempt: string; step: string } & (
  | { kind: 'read' }
  | { kind: 'check'; answer: Answer }
  | { kind: 'choose'; scene: string; choice: string }
  | { kind: 'acknowledge'; hash: string; language: Language }
  | { kind: 'answer'; form: number; question: string; answer: Answer }
)

/**
 * What becomes of a request. A `fact` is to be saved under its key: `known` says that it is there
 * already, `counts` that it changes where somebody stands. Nothing refused loses anything: a
 * refusal says plainly why, and what was saved stays as it was.
 */
export type Considered = { fact: Fact; known: boolean; counts: boolean } | { refused: Sentence }

const refuse = (key: string): Considered => ({ refused: { key: `learning.${key}` } })

/** Holds a request against the attempt it names. Pure: the same request in the same state, the same answer. */
export function consider(attempt: Attempt, request: Request, at: Date): Considered {
  if (request.attempt !== attempt.id) return refuse('other-attempt')
  const step = stepNamed(attempt, request.step)
  if (!step) return refuse('no-such-step')
  switch (request.kind) {
    case 'read':
      if (step.kind !== 'page') return refuse('no-such-step')
      return record(attempt, { kind: 'read', step: step.id, hash: step.hash, at })
    case 'check': {
      const question = step.kind === 'check' ? attempt.version.questions[step.of] : undefined
      if (!question) return refuse('not-asked')
      if (!isAnswer(question, request.answer)) return refuse('no-answer')
      const answer = canonical(question, request.answer)
      const { id, hash } = question
      return record(attempt, { kind: 'checked', step: step.id, question: id, hash, answer, at })
    }
    case 'choose':
      return choose(attempt, step, request, at)
    case 'acknowledge': {
      const text = step.kind === 'acknowledgement' ? attempt.version.texts[step.of] : undefined
      if (!text) return refuse('no-such-step')
      const { hash, language } = request
      if (text.hash[language] !== hash) return refuse('other-text')
      const fact = {
        kind: 'acknowledged',
        step: step.id,
        text: text.name,
        hash,
        language,
        at,
      } as const
      return record(attempt, fact)
    }
    case 'answer':
      return answerTest(attempt, step, request, at)
  }
}

/**
 * A step on the learner's own path. Whoever reads the page that stands in for a scene may still go
 * through the scene instead, and the other way round; under 18 the scene is not there.
 */
function stepNamed({ version, learner }: Attempt, id: string): Step | undefined {
  const path = pathOf(version, learner)
  const others = learner.under18 ? [] : path.flatMap((step) => [step.standIn, step.standsFor])
  const open = path.some((step) => step.id === id) || others.includes(id)
  return open ? version.steps.find((step) => step.id === id) : undefined
}

function record(attempt: Attempt, fact: Fact): Considered {
  const key = keyOf(fact)
  const known = attempt.facts.find((one) => keyOf(one) === key)
  return known
    ? { fact: known, known: true, counts: !('again' in known && known.again) }
    : { fact, known: false, counts: true }
}

function choose(
  attempt: Attempt,
  step: Step,
  request: Extract<Request, { kind: 'choose' }>,
  at: Date,
): Considered {
  const { version, learner, facts } = attempt
  const scenario = step.kind === 'scenario' ? version.scenarios[step.of] : undefined
  if (!scenario) return refuse('no-such-step')
  const { scene, choice } = request
  if (!walk(scenario, step.id, learner.audience, facts).reached.has(scene)) {
    return refuse('not-reached')
  }
  if (!choicesIn(scenario, scene, learner.audience).some((one) => one.id === choice)) {
    return refuse('no-such-choice')
  }
  return record(attempt, { kind: 'chose', step: step.id, hash: scenario.hash, scene, choice, at })
}

function answerTest(
  attempt: Attempt,
  step: Step,
  request: Extract<Request, { kind: 'answer' }>,
  at: Date,
): Considered {
  const test = testOf(attempt, step)
  if (!test) return refuse('no-such-step')
  const form = test.forms.find((one) => one.number === request.form)
  const question = form?.asks.find((ask) => ask.question.id === request.question)?.question
  if (!question) return refuse('not-asked')
  if (!isAnswer(question, request.answer)) return refuse('no-answer')
  const answer = canonical(question, request.answer)
  const { id, hash } = question
  const tested = {
    kind: 'tested',
    step: step.id,
    form: request.form,
    question: id,
    hash,
    answer,
    at,
  } as const
  const found = record(attempt, tested)
  if ('refused' in found || found.known) return found
  const place = placeOf(tested)
  const taken = attempt.facts.some((fact) => placeOf(fact) === place)
  if (taken) return { fact: { ...tested, again: true }, known: false, counts: false }
  const state = progress(attempt).steps.find((one) => one.step.id === step.id)?.state
  if (state === 'waiting') return refuse('not-yet')
  if (state === 'not-needed') return refuse('closed')
  return found
}

function testOf({ version, learner, seed, facts }: Attempt, step: Step): TestState | undefined {
  if (step.kind === 'assessment') return assessment(version, learner, seed, facts)
  if (step.kind === 'pre-test') return preTest(version, learner, seed, facts)
  return undefined
}
