import { grave, type ContentFault } from '../courses/courses.js'
import type { Duty, PlacedExample } from '../requirements/requirements.js'
import { postsOf } from './post.js'
import { segmentOn, timeline, type Segment } from './timeline.js'

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
      const { rule, says, line } = example
      return wrongIn(expected, found).map(({ key, ...more }) =>
        grave(file, line, key, { rule, says, on: expected.on, ...more }),
      )
    })
  })
}

type Expected = PlacedExample['expect'][number]

/** Where an example comes out otherwise: in its standing, or else in any of the dates that it names. */
function wrongIn(
  expected: Expected,
  found: Segment | undefined,
): ({ key: string } & Record<string, string>)[] {
  const got = found?.state ?? 'not-required'
  const { standing } = expected
  if (got !== standing) {
    const { since, due } = found ?? {}
    const dated = since ? { tail: 'since', found: since } : due ? { tail: 'due', found: due } : {}
    return [{ key: 'example-standing', expected: standing, got, tail: 'none', ...dated }]
  }
  return (['since', 'due', 'validUntil'] as const).flatMap((date) => {
    const [wanted, has] = [expected[date], found?.[date]]
    if (wanted === undefined || wanted === has) return []
    const key = `example-${date === 'validUntil' ? 'until' : date}`
    const dates = has === undefined ? { key: `${key}-none` } : { key, found: has }
    return [{ ...dates, got, expected: wanted }]
  })
}
