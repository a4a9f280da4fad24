import { z } from 'zod'
import { parseDay } from '../clock.js'
import { audiences } from './course.js'
import { curlQuotes } from './quotes.js'

const text = z.string().trim().min(1)
const bilingual = z.strictObject({ en: text, cy: text })
const plain = text.transform(curlQuotes)
/** Words that are shown as they stand, not as Markdown: titles and summaries. */
const heading = z.strictObject({ en: plain, cy: plain })
const slug = z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
const day = z.string().refine((value) => parseDay(value) !== undefined, {
  params: { say: 'not-a-date' },
})
const whom = z.array(z.enum(audiences)).min(1)
const minutes = z.int().min(1).max(2000)

const live = z.strictObject({ minutes, 'part-counts-from': minutes.optional() })

const reviewed = <State extends string>(other: State) =>
  z.discriminatedUnion('state', [
    z.strictObject({ state: z.literal(other) }),
    z.strictObject({ state: z.literal('reviewed'), by: text, on: day }),
  ])

const own = {
  title: heading,
  summary: heading,
  version: text,
  change: z.enum(['minor', 'must-retake']),
  audiences: whom,
  review: z.strictObject({
    specialist: reviewed('not-yet'),
    welsh: reviewed('draft'),
  }),
  'retired-on': day.optional(),
  listed: z.literal(false).optional(),
}

/** `course.yaml` of a course that has its own content. */
export const courseSchema = z.strictObject({
  ...own,
  deliveries: z
    .strictObject({
      online: z.strictObject({ minutes }).optional(),
      remote: live.optional(),
      'face-to-face': live.optional(),
    })
    .refine((given) => Object.keys(given).length > 0, { params: { say: 'no-delivery' } }),
  accreditations: z.array(slug).default([]),
  objectives: z
    .array(
      z
        .strictObject({
          id: slug,
          title: heading,
          draw: z.int().min(1).max(20),
          pass: z.int().min(1).max(20),
        })
        .refine((objective) => objective.pass <= objective.draw, {
          params: { say: 'pass-above-draw' },
          path: ['pass'],
        }),
    )
    .default([]),
  'pre-test': z.strictObject({ draw: z.int().min(1).max(20) }).optional(),
  'reading-age': z.int().min(9).max(18).default(14),
})

/** `course.yaml` of a course that teaches another one's content under its own name and version. */
export const sharingSchema = z.strictObject({ 'shares-content-with': slug, ...own })

const place = {
  for: whom.optional(),
  age: z.enum(['under-18', 'adult']).optional(),
  optional: z.literal(true).optional(),
  always: z.literal(true).optional(),
  distressing: z.strictObject({ note: bilingual, instead: slug }).optional(),
}

const stepSchema = z
  .strictObject({
    page: slug.optional(),
    check: slug.optional(),
    scenario: slug.optional(),
    acknowledgement: slug.optional(),
    'pre-test': z.literal('all').optional(),
    assessment: z.literal('all').optional(),
    ...place,
  })
  .refine(
    (step) =>
      [
        step.page,
        step.check,
        step.scenario,
        step.acknowledgement,
        step['pre-test'],
        step.assessment,
      ].filter((value) => value !== undefined).length === 1,
    { params: { say: 'one-kind' } },
  )

/** `modules/<nn-name>/module.yaml`. */
export const moduleSchema = z.strictObject({
  title: heading,
  minutes,
  objectives: z.array(slug).default([]),
  steps: z.array(stepSchema).min(1),
})

const option = { id: slug, text: bilingual, feedback: bilingual }
const asked = { id: slug, objective: slug, for: whom.optional(), prompt: bilingual }
const options = z
  .array(z.strictObject({ ...option, right: z.literal(true).optional() }))
  .min(2)
  .max(8)

/** `modules/<nn-name>/questions.yaml`. */
export const questionsSchema = z.array(
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('single'), ...asked, options }),
    z.strictObject({ kind: z.literal('multiple'), ...asked, options }),
    z.strictObject({
      kind: z.literal('judgement'),
      ...asked,
      options: z
        .array(
          z.strictObject({
            ...option,
            judgement: z.enum(['best', 'reasonable', 'poor', 'harmful']),
          }),
        )
        .min(3)
        .max(6),
    }),
    z.strictObject({
      kind: z.literal('true-false'),
      ...asked,
      truth: z.boolean(),
      feedback: z.strictObject({ 'if-true': bilingual, 'if-false': bilingual }),
      reasons: options,
    }),
    z.strictObject({
      kind: z.literal('ordering'),
      ...asked,
      items: z.array(z.strictObject(option)).min(3).max(8),
    }),
  ]),
)

const varied = z.array(z.strictObject({ for: whom, en: text, cy: text }))

/** `modules/<nn-name>/scenarios/<name>.yaml`. */
export const scenarioSchema = z.strictObject({
  title: heading,
  start: slug,
  scenes: z.record(
    slug,
    z.strictObject({
      text: bilingual,
      variants: varied.default([]),
      choices: z
        .array(z.strictObject({ id: slug, to: slug, for: whom.optional(), text: bilingual }))
        .min(1)
        .max(5)
        .optional(),
      ending: z
        .strictObject({ kind: z.enum(['good', 'mixed', 'hard']), debrief: bilingual })
        .optional(),
    }),
  ),
})

/** `texts/<name>.yaml`: words of the institution that courses quote exactly. */
export const textSchema = z.strictObject({
  title: heading,
  source: text,
  checked: day,
  text: bilingual,
})

export type CourseFile = z.infer<typeof courseSchema>
export type SharingFile = z.infer<typeof sharingSchema>
export type ModuleFile = z.infer<typeof moduleSchema>
export type StepEntry = ModuleFile['steps'][number]
export type QuestionsFile = z.infer<typeof questionsSchema>
export type ScenarioFile = z.infer<typeof scenarioSchema>
