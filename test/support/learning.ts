import { loadCatalogue, type Question } from '../../src/courses/courses.js'
import { consider, type Considered, type Request } from '../../src/learning/consider.js'
import type { Answer, Fact } from '../../src/learning/facts.js'
import type { Learner } from '../../src/learning/path.js'
import { progress, type Attempt } from '../../src/learning/progress.js'
import { assessment } from '../../src/learning/tests.js'
import { walk } from '../../src/learning/walk.js'

/** The version of `test-course` as it stands in the repository: it has one of everything. */
export const testCourse = loadCatalogue('courses').courses.get('test-course')!

export const staff: Learner = {
  audience: 'staff',
  quiet: false,
  under18: false,
  mayShorten: false,
}

export const attempt = (learner: Partial<Learner> = {}, facts: readonly Fact[] = []): Attempt => ({
  id: 'attempt-1',
  version: testCourse,
  learner: { ...staff, ...learner },
  seed: 'a seed',
  facts,
})

/** An answer that is right, and one that is wrong and well formed. */
export function rightAnswer(question: Question): Answer {
  switch (question.kind) {
    case 'single':
    case 'multiple':
      return question.right
    case 'judgement':
      return [Object.entries(question.judgements).find(([, one]) => one === 'best')![0]]
    case 'true-false':
      return [String(question.truth), question.rightReason]
    case 'ordering':
      return question.items.map((item) => item.id)
  }
}

export function wrongAnswer(question: Question): Answer {
  switch (question.kind) {
    case 'single':
    case 'multiple':
      return [question.options.find((option) => !question.right.includes(option.id))!.id]
    case 'judgement':
      return [Object.entries(question.judgements).find(([, one]) => one === 'harmful')![0]]
    case 'true-false':
      return [String(!question.truth), question.rightReason]
    case 'ordering':
      return question.items.map((item) => item.id).reverse()
  }
}

let clock = Date.UTC(2026, 10, 21, 9)

/** Sends a request as the door will: considers it, and saves the fact if it is new. */
export function send(to: Attempt, request: Request): { attempt: Attempt; outcome: Considered } {
  clock += 1000
  const outcome = consider(to, request, new Date(clock))
  if ('refused' in outcome || outcome.known) return { attempt: to, outcome }
  return { attempt: { ...to, facts: [...to.facts, outcome.fact] }, outcome }
}

/** What a person would send next if they did what the page asks; wrongly, where told to. */
export function nextRequest(
  state: Attempt,
  pick = 0,
  wrongly = false,
  { next: step } = progress(state),
): Request | undefined {
  const { questions, scenarios, texts } = state.version
  if (!step) return undefined
  const to = { attempt: state.id, step: step.id }
  const answerTo = wrongly ? wrongAnswer : rightAnswer
  switch (step.kind) {
    case 'page':
    case 'pre-test':
      return { ...to, kind: 'read' }
    case 'check':
      return { ...to, kind: 'check', answer: answerTo(questions[step.of]!) }
    case 'scenario': {
      const scenario = scenarios[step.of]!
      const { here } = walk(scenario, step.id, state.learner.audience, state.facts)
      const choices = scenario.scenes[here]!.choices.filter(
        (choice) => !choice.for || choice.for.includes(state.learner.audience),
      )
      const choice = choices[pick % choices.length]
      return choice && { ...to, kind: 'choose', scene: here, choice: choice.id }
    }
    case 'acknowledgement':
      return { ...to, kind: 'acknowledge', hash: texts[step.of]!.hash.en, language: 'en' }
    case 'assessment': {
      const form = assessment(state.version, state.learner, state.seed, state.facts).open
      const left = form?.asks.filter(({ question }) => !form.answers.has(question.id)) ?? []
      const ask = left[pick % Math.max(1, left.length)]
      if (!form || !ask) return undefined
      const answer = answerTo(ask.question)
      return { ...to, kind: 'answer', form: form.number, question: ask.question.id, answer }
    }
  }
}
