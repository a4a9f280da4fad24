import type { Question } from '../../../courses/courses.js'
import type { Language, Sentence } from '../../../language.js'
import { isAnswer, mark, optionsOf, shownOrder, type Answer } from '../../../learning/learning.js'
import type { Typed } from '../../page.js'

const texts = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string')

/**
 * The answer that a form holds: what is chosen; `truth` before a reason; or, where things are put in
 * order, the fields `place-<item>` by their numbers. Two in one place make no answer.
 */
export function answerIn(form: Typed): Answer {
  const places = Object.entries(form)
    .filter(([name]) => name.startsWith('place-'))
    .map(([name, value]): [string, number] => [name.slice('place-'.length), Number(value)])
    .sort(([, a], [, b]) => a - b)
  if (places.length > 0) {
    return places.every(([, place], at) => place === at + 1) ? places.map(([id]) => id) : []
  }
  return [...texts(form['truth']), ...texts(form['answer'])]
}

/** A question as a form shows it, with what was chosen before it was sent in vain. */
export function questionModel(
  question: Question,
  seed: string,
  language: Language,
  typed: Typed = {},
): object {
  const chosen = new Set(texts(typed['answer']))
  const byId = new Map(optionsOf(question).map((option) => [option.id, option]))
  const order = shownOrder(question, seed)
  const options = order.flatMap((id, at) => {
    const option = byId.get(id)
    if (!option) return []
    const places = order.map((_, index) => ({
      place: index + 1,
      selected: typed[`place-${id}`] === String(index + 1),
    }))
    const name = `answer-${at + 1}`
    return [{ id, field: name, text: option.text[language], checked: chosen.has(id), places }]
  })
  return {
    id: question.id,
    kind: question.kind,
    several: question.kind === 'multiple',
    ordering: question.kind === 'ordering',
    truth:
      question.kind === 'true-false'
        ? { said: typed['truth'] === 'true', denied: typed['truth'] === 'false' }
        : undefined,
    prompt: question.prompt[language],
    hint: { key: `learning.hint.${question.kind}` } satisfies Sentence,
    options,
  }
}

/**
 * What is said about an answer: the verdict in words, then every option with what was chosen, what
 * is right, and why.
 */
export function resultModel(question: Question, answer: Answer, language: Language): object {
  const marked = mark(question, answer)
  const inOrder = question.kind === 'ordering'
  const options = marked.options.map((option, at) => ({
    text: option.text[language],
    feedback: option.feedback[language],
    chosen: option.chosen && !inOrder,
    tag: tagOf(option, inOrder),
    right: option.right,
    place: inOrder ? { given: answer.indexOf(option.id) + 1, right: at + 1 } : undefined,
  }))
  return {
    right: marked.right,
    title: { key: titleOf(question, answer, marked.right) } satisfies Sentence,
    verdict: marked.verdict
      ? { ...marked.verdict, feedback: marked.verdict.feedback[language] }
      : undefined,
    prompt: question.prompt[language],
    options: inOrder ? options : options.toSorted((a, b) => Number(b.chosen) - Number(a.chosen)),
  }
}

type MarkedOption = ReturnType<typeof mark>['options'][number]

function tagOf({ judgement, right, chosen }: MarkedOption, inOrder: boolean): Sentence {
  if (inOrder) return { key: chosen ? 'learning.tag.in-place' : 'learning.tag.out-of-place' }
  if (judgement) return { key: `learning.tag.${judgement}` }
  return { key: right ? 'learning.tag.right' : 'learning.tag.wrong' }
}

function titleOf(question: Question, answer: Answer, right: boolean): string {
  if (question.kind !== 'judgement') {
    return right ? 'learning.result.right' : 'learning.result.wrong'
  }
  return `learning.result.${question.judgements[answer[0] ?? ''] ?? 'poor'}`
}

/** The answer to show feedback on: the one just given, where it is among those kept, else the last. */
export function answerToShow(
  question: Question,
  given: readonly Answer[],
  named: string | undefined,
): Answer | undefined {
  const own = given.filter((answer) => isAnswer(question, answer))
  return own.find((answer) => answer.join() === named) ?? own.at(-1)
}
