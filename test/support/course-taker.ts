import type { CourseVersion, Question } from '../../src/courses/courses.js'
import { rightAnswer, testCourse, wrongAnswer } from './learning.js'
import type { Answered } from './visitor.js'

/** The fields of a question's form, for an answer to it. */
function fieldsFor(question: Question, wrongly: boolean): Record<string, string>[] {
  const answer = wrongly ? wrongAnswer(question) : rightAnswer(question)
  switch (question.kind) {
    case 'ordering':
      return answer.map((id, at) => ({ [`place-${id}`]: String(at + 1) }))
    case 'true-false':
      return [{ truth: answer[0] ?? '' }, { answer: answer[1] ?? '' }]
    default:
      return answer.map((id) => ({ answer: id }))
  }
}

/** A form of a page of a course, filled in as somebody would who does what it asks. */
export interface Filled {
  path: string
  fields: [string, string][]
}

/** What to send from a page of the course; nothing where it holds no form of a step. */
export function fillIn(
  { $ }: Pick<Answered, '$'>,
  wrongly = false,
  course: CourseVersion = testCourse,
): Filled | undefined {
  const form = $('main form').has('input[name="do"]').first()
  const path = form.attr('action')
  if (path === undefined) return undefined
  const fields = form
    .find('input[type="hidden"]')
    .toArray()
    .map((input): [string, string] => [$(input).attr('name') ?? '', $(input).attr('value') ?? ''])
    .filter(([name]) => name !== '_csrf')
  const hidden = new Map(fields)
  const more = (): Record<string, string>[] => {
    switch (hidden.get('do')) {
      case 'check':
        return fieldsFor(course.questions[stepOf(course, path)]!, wrongly)
      case 'answer':
        return fieldsFor(course.questions[hidden.get('question') ?? '']!, wrongly)
      case 'choose':
        return [{ choice: form.find('input[name="choice"]').first().attr('value') ?? '' }]
      case 'acknowledge':
        return [{ confirm: 'read' }]
      default:
        return []
    }
  }
  return { path, fields: [...fields, ...more().flatMap((one) => Object.entries(one))] }
}

const stepOf = (course: CourseVersion, path: string): string => {
  const id = path.split('/').slice(3).join('/')
  return course.steps.find((step) => step.id === id)?.of ?? ''
}
