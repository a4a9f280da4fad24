import type { Audience, CourseVersion, Question } from './course.js'
import { advice, grave, type Report } from './fault.js'
import type { Parsed } from './parse.js'
import type { CourseFile } from './schema.js'

/**
 * The bank of a course: the questions that no knowledge check shows. Tests draw from it, so a test
 * never asks what a module has already answered.
 */
export function bankOf(version: Pick<CourseVersion, 'steps' | 'questions'>): Question[] {
  const checks = new Set(
    version.steps.filter((step) => step.kind === 'check').map((step) => step.of),
  )
  return Object.values(version.questions).filter((question) => !checks.has(question.id))
}

/** Whether a question is put to people of an audience. */
export const isFor = (thing: { for?: readonly Audience[] }, audience: Audience): boolean =>
  !thing.for || thing.for.includes(audience)

/** Every test can be drawn for every audience, and drawn again without repeating a question. */
export function checkTests(version: CourseVersion, file: Parsed<CourseFile>, report: Report): void {
  const tested = version.steps.some(({ kind }) => kind === 'assessment' || kind === 'pre-test')
  if (!tested) return
  const bank = bankOf(version)
  version.objectives.forEach((objective, index) => {
    const counts = version.audiences.map(
      (audience) =>
        bank.filter((one) => one.objective === objective.id && isFor(one, audience)).length,
    )
    const held = Math.min(...counts)
    const line = () => file.lineOf(['objectives', index, 'draw'])
    const say = { objective: objective.id, held, draw: objective.draw }
    if (held < objective.draw) report(grave(file.file, line(), 'too-few-questions', say))
    else if (held < objective.draw * 2) report(advice(file.file, line(), 'no-second-form', say))
  })
}
