import type { CourseVersion, Question } from '../../src/courses/courses.js'
import { rightAnswer, testCourse, wrongAnswer } from './learning.js'
import type { Answered, Visitor } from './visitor.js'

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

/** The hidden fields of a form, its token apart. */
const hiddenIn = ($: Answered['$'], form: ReturnType<Answered['$']>): [string, string][] =>
  form
    .find('input[type="hidden"]')
    .toArray()
    .map((input): [string, string] => [$(input).attr('name') ?? '', $(input).attr('value') ?? ''])
    .filter(([name]) => name !== '_csrf')

/** What to send from a page of the course; nothing where it holds no form of a step. */
export function fillIn(
  { $ }: Pick<Answered, '$'>,
  wrongly = false,
  course: CourseVersion = testCourse,
): Filled | undefined {
  const form = $('main form').has('input[name="do"]').first()
  const path = form.attr('action')
  if (path === undefined) return undefined
  const fields = hiddenIn($, form)
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

/** Where a page of a course leads when nothing on it has to be filled in. */
const onwardFrom = ({ $ }: Pick<Answered, '$'>): string | undefined =>
  $('main a.govuk-button:not(.govuk-button--secondary)').first().attr('href')

/** Whether a page is the one at the end of a course. */
export const isFinished = ({ $ }: Pick<Answered, '$'>): boolean => $('.gs-panel').length > 0

type StopAt = (page: Answered, sent: number) => boolean | Promise<boolean>

/** Does what page after page asks, answering rightly, until the course is complete or to be stopped at. */
export async function goOn(
  visitor: Visitor,
  from: Answered,
  stopAt: StopAt = () => false,
  course: CourseVersion = testCourse,
): Promise<Answered> {
  let page = from
  for (let sent = 0; sent < 300; sent++) {
    if (isFinished(page) || (await stopAt(page, sent))) return page
    const filled = fillIn(page, false, course)
    const onward = onwardFrom(page)
    const form = page.$('main form').first()
    const begin = form.attr('action')
    if (filled) page = await visitor.post(filled.path, filled.fields)
    else if (onward) page = await visitor.get(onward)
    else if (begin !== undefined) page = await visitor.post(begin, hiddenIn(page.$, form))
    else throw new Error(`nowhere to go from: ${page.words.slice(0, 200)}`)
  }
  throw new Error('the course does not end')
}

/** Begins a course, or goes on with it where it was left, as `goOn` does. */
export const takeCourse = async (
  visitor: Visitor,
  course: CourseVersion,
  stopAt?: StopAt,
): Promise<Answered> =>
  goOn(visitor, await visitor.get(`/training/${course.course}`), stopAt, course)
