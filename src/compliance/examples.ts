import type { Day } from '../clock.js'
import { grave, type ContentFault } from '../courses/courses.js'
import type { Duty, PlacedExample } from '../requirements/requirements.js'
import { postsOf } from './post.js'
import { segmentOn, timeline } from './timeline.js'

/**
 * Works the examples of a programme with the rule that the product uses, and says where one does
 * not come out as it is written.
 */
export function checkExamples(
  duties: readonly Duty[],
  examples: readonly PlacedExample[],
  file = 'programme.yaml',
): ContentFault[] {
  return examples.flatMap((example) => {
    const duty = duties.find(({ id }) => id === example.duty)
    const terms = example.terms.map((term, at) => ({
      ...term,
      id: `term-${at}`,
      person: 'example',
      employedBy: term['employed-by'],
    }))
    const facts = {
      absences: example.absences.map((absence, at) => ({
        ...absence,
        id: `absence-${at}`,
        person: 'example',
      })),
      completions: example.completions.map((done, at) => ({ ...done, id: `completion-${at}` })),
      excusals: example.excusals.map((excusal) => ({ ...excusal, duty: example.duty })),
      extensions: example.extensions.map((extension) => ({ ...extension, duty: example.duty })),
    }
    const lines = duty
      ? postsOf(terms as never).map((post) => timeline(duty, post, facts as never))
      : []
    return example.expect.flatMap((expected) => {
      const found = lines.flatMap((line) => segmentOn(line, expected.on) ?? [])[0]
      const got = found?.state ?? 'not-required'
      const right =
        got === expected.standing &&
        (expected.since === undefined || found?.since === expected.since) &&
        (expected.due === undefined || found?.due === expected.due) &&
        (expected.validUntil === undefined || found?.validUntil === expected.validUntil)
      if (right) return []
      const params = {
        says: example.says,
        on: expected.on,
        expected: told(expected.standing, expected),
        got: told(got, found),
      }
      return [grave(file, example.line, 'example-fails', { rule: example.rule, ...params })]
    })
  })
}

/** A standing with the dates that it was compared by. */
const told = (
  standing: string,
  dates: { since?: Day | undefined; due?: Day | undefined; validUntil?: Day | undefined } = {},
): string =>
  [standing, dates.since, dates.due, dates.validUntil]
    .filter((part) => part !== undefined)
    .join(' ')
