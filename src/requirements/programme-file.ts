import { z } from 'zod'
import { parseDay, type Day } from '../clock.js'
import { collector, grave, parseYaml, type ContentFault, type Parsed } from '../courses/courses.js'
import { deliveries } from '../courses/courses.js'
import { absenceKinds, houses, termKinds } from '../people/people.js'
import type { Duty, Rule } from './programme.js'

const fault = (say: string) => ({ params: { say } })
const date = z.string().transform((text, context): Day => {
  const parsed = parseDay(text)
  if (parsed) return parsed
  context.addIssue({ code: 'custom', ...fault('not-a-date') })
  return z.NEVER
})
const id = z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,39}$/)
const both = z.strictObject({ en: z.string().min(1), cy: z.string().min(1) })
const count = z.int().min(1).max(600)
const employments = ['mp', 'peer', 'house', 'sponsor'] as const

const owed = z.union([
  z.literal('expected'),
  z.strictObject({ by: date }),
  z.strictObject({ months: count }),
  z.strictObject({ days: count }),
])

const stretch = { from: date, to: date.optional() }
const example = z.strictObject({
  says: z.string().min(1),
  terms: z.array(
    z.strictObject({
      kind: z.enum(termKinds),
      house: z.enum(houses),
      'employed-by': z.enum(employments).optional(),
      ...stretch,
    }),
  ),
  absences: z.array(z.strictObject({ kind: z.enum(absenceKinds), ...stretch })).default([]),
  completions: z
    .array(z.strictObject({ course: id, delivery: z.enum(deliveries), on: date }))
    .default([]),
  excusals: z.array(z.strictObject({ from: date, to: date })).default([]),
  extensions: z.array(z.strictObject({ on: date, until: date })).default([]),
  expect: z
    .array(
      z.strictObject({
        on: date,
        standing: z.enum(['complete', 'due', 'overdue', 'expected', 'excused', 'not-required']),
        since: date.optional(),
        due: date.optional(),
        validUntil: date.optional(),
      }),
    )
    .min(1),
})

const rule = z.strictObject({
  id,
  title: both,
  audience: z.strictObject({
    kind: z.enum(termKinds),
    house: z.enum(['commons', 'lords']).optional(),
    'employed-by': z.enum(employments).optional(),
  }),
  begins: date,
  ends: date.optional(),
  there: owed.optional(),
  start: owed.optional(),
  return: owed.optional(),
  courses: z.array(id).min(1),
  equivalents: z.array(id).default([]),
  deliveries: z.array(z.enum(deliveries)).min(1),
  stops: z.array(z.enum(absenceKinds)),
  validity: z.strictObject({ months: count, 'renewal-months': z.int().min(0).max(600) }).optional(),
  'pre-test-may-shorten': z.array(id).min(1).optional(),
  escalate: z.enum(['manager', 'member', 'sponsor', 'commissioner', 'nobody']),
  examples: z.array(example).min(1),
})

const schema = z.strictObject({
  duties: z.array(z.strictObject({ id, title: both, rules: z.array(rule).min(1) })).min(1),
})

type WrittenRule = z.output<typeof rule>
/** A worked example of a rule: facts about one person, and what they must lead to. */
export type Example = z.output<typeof example>

/** An example with the duty it belongs to and where it stands in the file. */
export interface PlacedExample extends Example {
  duty: string
  rule: string
  line: number
}

/** A programme as read from its file: its duties, the examples that must hold, what is wrong. */
export interface ProgrammeFile {
  duties: readonly Duty[]
  examples: readonly PlacedExample[]
  faults: readonly ContentFault[]
}

function ruleOf(written: WrittenRule): Rule {
  const { audience, validity, ends, there, start, return: back } = written
  const employedBy = audience['employed-by']
  const shortens = written['pre-test-may-shorten']
  return {
    id: written.id,
    title: written.title,
    audience: {
      kind: audience.kind,
      ...(audience.house ? { house: audience.house } : {}),
      ...(employedBy ? { employedBy } : {}),
    },
    begins: written.begins,
    courses: written.courses,
    equivalents: written.equivalents,
    deliveries: written.deliveries,
    stops: written.stops,
    escalate: written.escalate,
    ...(shortens ? { shortens } : {}),
    ...(ends ? { ends } : {}),
    ...(there ? { there } : {}),
    ...(start ? { start } : {}),
    ...(back ? { return: back } : {}),
    ...(validity
      ? { validity: { months: validity.months, renewalMonths: validity['renewal-months'] } }
      : {}),
  }
}

/** What the shape alone cannot tell: names given twice, unknown courses, dates that contradict each other. */
function checkRules(
  file: string,
  parsed: Parsed<z.output<typeof schema>>,
  courses: ReadonlySet<string> | undefined,
  report: (fault: ContentFault) => void,
): void {
  const seen = new Set<string>()
  for (const [d, duty] of parsed.value.duties.entries()) {
    for (const [r, written] of duty.rules.entries()) {
      const say = (field: string, key: string, params = {}) =>
        report(
          grave(file, parsed.lineOf(['duties', d, 'rules', r, field]), key, {
            rule: written.id,
            ...params,
          }),
        )
      if (seen.has(written.id)) say('id', 'rule-twice')
      seen.add(written.id)
      for (const course of [...written.courses, ...written.equivalents]) {
        if (courses && !courses.has(course)) say('courses', 'unknown-course', { course })
      }
      const { begins, ends, there, start, return: back, validity } = written
      if (ends && ends < begins) say('ends', 'ends-before')
      if (!there && !start && !back) say('begins', 'owes-nothing')
      if (typeof there === 'object' && 'by' in there && there.by < begins)
        say('there', 'due-before')
      if (validity && validity['renewal-months'] >= validity.months)
        say('validity', 'renewal-too-long')
    }
  }
}

/**
 * Reads a programme (`courses/programme.yaml`). With a fault it is no programme: `duties` is empty
 * and each fault says file, line and what is wrong. Without `courses` any course may be named: one
 * that is withheld today must not change what anybody owes.
 */
export function readProgramme(
  bytes: Buffer,
  courses?: ReadonlySet<string>,
  file = 'programme.yaml',
): ProgrammeFile {
  const { faults, report } = collector()
  const parsed = parseYaml(file, bytes, schema, report)
  if (parsed) checkRules(file, parsed, courses, report)
  if (!parsed || faults.length > 0) return { duties: [], examples: [], faults }
  const duties = parsed.value.duties.map((duty) => ({ ...duty, rules: duty.rules.map(ruleOf) }))
  const examples = parsed.value.duties.flatMap((duty, d) =>
    duty.rules.flatMap((written, r) =>
      written.examples.map((worked, e) => ({
        ...worked,
        duty: duty.id,
        rule: written.id,
        line: parsed.lineOf(['duties', d, 'rules', r, 'examples', e]),
      })),
    ),
  )
  return { duties, examples, faults }
}
