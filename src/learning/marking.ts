import type { Html, Judgement, Option, Question } from '../courses/courses.js'
import type { Answer } from './facts.js'

/** One option beside what was chosen and what is right, with what to say about it. */
interface MarkedOption {
  id: string
  text: Html
  chosen: boolean
  right: boolean
  feedback: Html
  judgement?: Judgement
}

export interface Marked {
  right: boolean
  options: readonly MarkedOption[]
  /** For true or false: what was said, whether it is so, and what to say about that. */
  verdict?: { said: boolean; right: boolean; feedback: Html }
}

/** The options of a question as its author wrote them; for ordering, in the right order. */
export function optionsOf(question: Question): readonly Option[] {
  if (question.kind === 'ordering') return question.items
  return question.kind === 'true-false' ? question.reasons : question.options
}

/** Whether an answer has the form that its question asks for. Says nothing about being right. */
export function isAnswer(question: Question, answer: Answer): boolean {
  const ids = new Set(optionsOf(question).map((option) => option.id))
  const known = (given: Answer) =>
    given.every((id) => ids.has(id)) && new Set(given).size === given.length
  switch (question.kind) {
    case 'single':
    case 'judgement':
      return answer.length === 1 && known(answer)
    case 'multiple':
      return answer.length > 0 && known(answer)
    case 'true-false':
      return (
        answer.length === 2 &&
        (answer[0] === 'true' || answer[0] === 'false') &&
        known(answer.slice(1))
      )
    case 'ordering':
      return answer.length === ids.size && known(answer)
  }
}

/** The same choice in the same words: what was chosen in any order is one answer, an order is not. */
export const canonical = (question: Question, answer: Answer): Answer =>
  question.kind === 'multiple' ? [...answer].sort() : answer

/**
 * Whether an answer is right: the one chosen, exactly those to be chosen, all in their order, or the
 * verdict with its reason.
 */
export function isRight(question: Question, answer: Answer): boolean {
  switch (question.kind) {
    case 'single':
    case 'judgement':
      return answer.length === 1 && wantedBy(question).includes(answer[0] ?? '')
    case 'multiple':
      return question.options.every(({ id }) => answer.includes(id) === question.right.includes(id))
    case 'true-false': {
      const [verdict, ...reasons] = answer
      return (
        (verdict === 'true') === question.truth &&
        reasons.length === 1 &&
        reasons[0] === question.rightReason
      )
    }
    case 'ordering':
      return question.items.every(({ id }, index) => answer[index] === id)
  }
}

/** Marks an answer and says something about every option, chosen or not, in both languages. */
export function mark(question: Question, answer: Answer): Marked {
  const wanted = wantedBy(question)
  const given = question.kind === 'true-false' ? answer.slice(1) : answer
  const inOrder = question.kind === 'ordering'
  const options = optionsOf(question).map((option, index): MarkedOption => {
    const judgement = question.kind === 'judgement' ? question.judgements[option.id] : undefined
    return {
      ...option,
      chosen: inOrder ? given[index] === option.id : given.includes(option.id),
      right: wanted.includes(option.id),
      ...(judgement ? { judgement } : {}),
    }
  })
  const right = isRight(question, answer)
  if (question.kind !== 'true-false') return { right, options }
  const said = answer[0] === 'true'
  const verdict = {
    said,
    right: said === question.truth,
    feedback: question.verdicts[said ? 'true' : 'false'],
  }
  return { right, options, verdict }
}

/** The options to be chosen; of an ordering, all of them. */
function wantedBy(question: Question): readonly string[] {
  switch (question.kind) {
    case 'single':
    case 'multiple':
      return question.right
    case 'true-false':
      return [question.rightReason]
    case 'judgement':
      return question.options
        .map(({ id }) => id)
        .filter((id) => ['best', 'reasonable'].includes(question.judgements[id] ?? ''))
    case 'ordering':
      return question.items.map((item) => item.id)
  }
}
