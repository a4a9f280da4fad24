import type { Step } from '../../src/courses/courses.js'
import type { Request } from '../../src/learning/consider.js'
import type { Fact } from '../../src/learning/facts.js'
import { mark } from '../../src/learning/marking.js'
import type { Learner } from '../../src/learning/path.js'
import { rightAnswer, testCourse } from './learning.js'

const { steps, scenarios, questions, texts, objectives } = testCourse

/** Anything at all, well formed or not, at any step. */
export function anyRequest(pick: number, attempt: string): Request {
  const at = <T>(values: readonly T[], by: number): T =>
    values[Math.floor(pick / by) % values.length]!
  const step = at(steps, 7).id
  const to = { attempt: pick % 11 === 0 ? 'attempt-0' : attempt, step }
  const question = at(Object.values(questions), 13)
  const scenario = at(Object.values(scenarios), 5)
  const scene = at(Object.values(scenario.scenes), 17)
  const requests: Request[] = [
    { ...to, kind: 'read' },
    { ...to, kind: 'check', answer: rightAnswer(question) },
    { ...to, kind: 'choose', scene: scene.id, choice: scene.choices[0]?.id ?? 'none' },
    {
      ...to,
      kind: 'acknowledge',
      hash: texts['behaviour-code']!.hash.cy,
      language: at(['en', 'cy'] as const, 3),
    },
    {
      ...to,
      kind: 'answer',
      form: 1 + (pick % 3),
      question: question.id,
      answer: rightAnswer(question),
    },
    { ...to, kind: 'answer', form: 1, question: question.id, answer: ['nonsense'] },
  ]
  return requests[pick % requests.length]!
}

/**
 * The oracle: what must have happened, told again from the saved facts in the plainest way, with
 * nothing of `progress`. Which form asked which question is taken from the facts themselves.
 */
export function whatIsMissing(learner: Learner, facts: readonly Fact[]): string[] {
  const quiet = learner.quiet || learner.under18
  const has = (test: (fact: Fact) => boolean) => facts.some(test)
  const readIt = (id: string) => has((fact) => fact.kind === 'read' && fact.step === id)
  const ended = (step: Step) => {
    const scenario = scenarios[step.of]!
    const reached = new Set([scenario.start])
    const chosen = facts.filter((fact) => fact.kind === 'chose' && fact.step === step.id)
    // Once round for each choice is enough for the last of them to be reached.
    chosen.forEach(() => {
      for (const fact of chosen) {
        if (fact.kind !== 'chose' || !reached.has(fact.scene)) continue
        const to = scenario.scenes[fact.scene]!.choices.find((one) => one.id === fact.choice)?.to
        if (to) reached.add(to)
      }
    })
    return [...reached].some((scene) => scenario.scenes[scene]!.ending)
  }
  const gone = (id: string | undefined): boolean => {
    const other = steps.find((one) => one.id === id)
    if (!other) return false
    return other.kind === 'scenario' ? ended(other) : readIt(other.id)
  }
  const happened = (step: Step): boolean => {
    switch (step.kind) {
      case 'page':
        return readIt(step.id) || gone(step.standsFor) || gone(step.standIn)
      case 'check':
        return has((fact) => fact.kind === 'checked' && fact.step === step.id)
      case 'scenario':
        return ended(step) || gone(step.standIn)
      case 'acknowledgement':
        return has((fact) => fact.kind === 'acknowledged' && fact.step === step.id)
      case 'pre-test':
        return true
      case 'assessment':
        return objectives.every(({ id, draw, pass }) =>
          [1, 2, 3, 4, 5, 6, 7, 8, 9].some((form) => {
            const given = facts.filter(
              (fact) =>
                fact.kind === 'tested' &&
                !fact.again &&
                fact.step === step.id &&
                fact.form === form &&
                questions[fact.question]!.objective === id,
            )
            const right = given.filter(
              (fact) =>
                fact.kind === 'tested' && mark(questions[fact.question]!, fact.answer).right,
            )
            return given.length === draw && right.length >= pass
          }),
        )
    }
  }
  return steps
    .filter((step) => !step.optional)
    .filter((step) => !step.for || step.for.includes(learner.audience))
    .filter((step) => !step.age || (step.age === 'under-18') === learner.under18)
    .filter((step) => (quiet ? !step.standIn : !step.standsFor))
    .filter((step) => !happened(step))
    .map((step) => step.id)
}
