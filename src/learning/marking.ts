import type { Html, Judgement, Option, Question } from '../courses/courses.js'
import type { Answer } from './facts.js'

/** One option beside what was chosen and what is right, with what to say about it. */
export interface MarkedOption {
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
      right: inOrder || wanted.has(option.id),
      ...(judgement ? { judgement } : {}),
    }
  })
  const all = inOrder
    ? options.every((option) => option.chosen)
    : question.kind === 'multiple'
      ? options.every((option) => option.chosen === option.right)
      : given.length === 1 && wanted.has(given[0] ?? '')
  if (question.kind !== 'true-false') return { right: all, options }
  const said = answer[0] === 'true'
  const verdict = {
    said,
    right: said === question.truth,
    feedback: question.verdicts[said ? 'true' : 'false'],
  }
  return { right: all && verdict.right, options, verdict }
}

function wantedBy(question: Question): ReadonlySet<string> {
  switch (question.kind) {
    case 'single':
    case 'multiple':
      return new Set(question.right)
    case 'true-false':
      return new Set([question.rightReason])
    case 'judgement':
      return new Set(
        Object.entries(question.judgements)
          .filter(([, judgement]) => judgement === 'best' || judgement === 'reasonable')
          .map(([id]) => id),
      )
    case 'ordering':
      return new Set(question.items.map((item) => item.id))
  }
}
