import type { Option, Question } from './course.js'
import { grave, type Report } from './fault.js'
import { hashOf } from './hash.js'
import type { Parsed } from './parse.js'
import type { Renderer } from './render.js'
import type { QuestionsFile } from './schema.js'

type Written = QuestionsFile[number]
type WrittenOption = Extract<Written, { kind: 'single' }>['options'][number]
type Path = readonly PropertyKey[]
type Unsealed<Q> = Q extends unknown ? Omit<Q, 'hash'> : never

/** Renders a question and gives it the hash that its answers will name. */
export function compileQuestion(
  written: Written,
  index: number,
  module: string,
  renderer: Renderer,
): Question {
  const asked = {
    id: written.id,
    module,
    objective: written.objective,
    prompt: renderer.block(written.prompt, [index, 'prompt']),
    ...(written.for ? { for: written.for } : {}),
  }
  const render = (options: readonly Omit<WrittenOption, 'right'>[], field: string): Option[] =>
    options.map((option, at) => ({
      id: option.id,
      text: renderer.inline(option.text, [index, field, at, 'text']),
      feedback: renderer.inline(option.feedback, [index, field, at, 'feedback']),
    }))
  const rightOf = (options: readonly WrittenOption[]): string[] =>
    options.filter((option) => option.right).map((option) => option.id)
  // Of the words as written: a better renderer makes no new question of it.
  const seal = (question: Unsealed<Question>): Question => ({ ...question, hash: hashOf(written) })
  const { kind } = written
  switch (kind) {
    case 'single':
    case 'multiple':
      return seal({
        ...asked,
        kind,
        options: render(written.options, 'options'),
        right: rightOf(written.options),
      })
    case 'judgement':
      return seal({
        ...asked,
        kind,
        options: render(written.options, 'options'),
        judgements: Object.fromEntries(written.options.map((one) => [one.id, one.judgement])),
      })
    case 'true-false':
      return seal({
        ...asked,
        kind,
        truth: written.truth,
        verdicts: {
          true: renderer.inline(written.feedback['if-true'], [index, 'feedback', 'if-true']),
          false: renderer.inline(written.feedback['if-false'], [index, 'feedback', 'if-false']),
        },
        reasons: render(written.reasons, 'reasons'),
        rightReason: rightOf(written.reasons)[0] ?? '',
      })
    case 'ordering':
      return seal({ ...asked, kind, items: render(written.items, 'items') })
  }
}

/** What the shape alone cannot say: a right answer exists, answers are told apart, the objective is one. */
export function checkQuestions(
  parsed: Parsed<QuestionsFile>,
  objectives: ReadonlySet<string>,
  seen: Set<string>,
  report: Report,
): void {
  parsed.value.forEach((question, index) => {
    const tell = (path: Path, key: string, params = {}) =>
      report(
        grave(parsed.file, parsed.lineOf([index, ...path]), key, {
          question: question.id,
          ...params,
        }),
      )
    if (seen.has(question.id)) tell(['id'], 'question-twice')
    seen.add(question.id)
    if (!objectives.has(question.objective)) {
      tell(['objective'], 'unknown-objective', { objective: question.objective })
    }
    const [field, options] = optionsOf(question)
    const ids = options.map((option) => option.id)
    ids.forEach((id, at) => {
      if (ids.indexOf(id) < at) tell([field, at, 'id'], 'option-twice', { option: id })
    })
    const right = options.filter((option) => 'right' in option && option.right).length
    if (question.kind === 'judgement') {
      const best = question.options.filter((option) => option.judgement === 'best').length
      if (best !== 1) tell(['options'], best === 0 ? 'no-right-answer' : 'two-right-answers')
    } else if (question.kind !== 'ordering') {
      if (right === 0) tell([field], 'no-right-answer')
      if (right > 1 && question.kind !== 'multiple') tell([field], 'two-right-answers')
    }
  })
}

function optionsOf(
  question: Written,
): [field: string, options: readonly { id: string; right?: true | undefined }[]] {
  if (question.kind === 'true-false') return ['reasons', question.reasons]
  if (question.kind === 'ordering') return ['items', question.items]
  return ['options', question.options]
}
