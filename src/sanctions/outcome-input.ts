import { z } from 'zod'
import { parseDay, type Day } from '../clock.js'
import { deliveries } from '../courses/courses.js'
import type { Fault } from '../errors.js'
import { sanctionKinds, type OutcomeTerms, type Sanction, type Subject } from './outcome.js'

const day = z.string().transform((text, context): Day => {
  const parsed = parseDay(text)
  if (parsed) return parsed
  context.addIssue({ code: 'custom', message: 'date' })
  return z.NEVER
})
/** Words of a body: nothing invisible in them, and of a length that a page can show. */
const words = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}\p{Cf}]*$/u)
const reference = words(80)
const label = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/)
const id = z.string().regex(/^[\w.:-]{1,64}$/)

const sanction = z.union([
  z.enum(sanctionKinds).transform((kind): Sanction => ({ kind })),
  z.strictObject({
    kind: z.enum(sanctionKinds),
    from: day.exactOptional(),
    to: day.exactOptional(),
    untilTrained: z.literal(true).exactOptional(),
    description: words(500).exactOptional(),
  }),
])

const training = z.strictObject({
  course: id.exactOptional(),
  bespoke: z.union([z.literal(true), words(500)]).exactOptional(),
  delivery: z.array(z.enum(deliveries)).min(1).max(3),
  dueOn: day.exactOptional(),
  dueAfter: z.strictObject({ event: words(120), months: z.int().min(0).max(60) }).exactOptional(),
  confirmationRequired: z.boolean().default(false),
})

/** An outcome as it is given, described for programs. */
export const outcomeSchema = z.strictObject({
  reference,
  respondent: id,
  body: id.exactOptional(),
  decidedOn: day,
  sanctions: z.array(sanction).min(1).max(20),
  training,
  agreementOf: z.array(label).max(20).exactOptional(),
  noticeTo: id.exactOptional(),
  restriction: z
    .strictObject({ state: z.enum(['recommended', 'active']), from: day.exactOptional() })
    .exactOptional(),
})

/** What a program or a page gives for a new outcome (interface, *Outcome in JSON*). */
export type OutcomeInput = z.output<typeof outcomeSchema>

const fault = (field: string, key: string, params?: Record<string, string>): Fault => ({
  field,
  say: { key: `outcomes.refused.${key}`, ...(params ? { with: params } : {}) },
})

function keyOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && issue.input === undefined) return 'missing'
  if (issue.code === 'unrecognized_keys') return 'unknown-field'
  return issue.code === 'custom' && issue.message === 'date' ? 'not-a-date' : 'form'
}

/** As much of an outcome as could be read. */
export type KnownOutcome = Partial<Omit<OutcomeInput, 'training'>> & {
  training?: Partial<OutcomeInput['training']>
}

const isFields = (given: unknown): given is Record<string, unknown> =>
  typeof given === 'object' && given !== null && !Array.isArray(given)

/** The fields of an object that are as their schemas say. */
function readable<Shape extends z.ZodRawShape>(
  shape: Shape,
  given: unknown,
): Partial<z.output<z.ZodObject<Shape>>> {
  if (!isFields(given)) return {}
  const values = Object.entries(shape).flatMap(([name, schema]) => {
    const value = given[name]
    const read = z.safeParse(schema, value)
    return value !== undefined && read.success ? [[name, read.data]] : []
  })
  return Object.fromEntries(values) as Partial<z.output<z.ZodObject<Shape>>>
}

/** Reads what was given; where it is not an outcome, faults by field, in words, and what could be read. */
export function readOutcome(
  given: unknown,
): { input: OutcomeInput } | { faults: Fault[]; known: KnownOutcome } {
  const parsed = outcomeSchema.safeParse(given, { reportInput: true })
  if (parsed.success) return { input: parsed.data }
  const { training: trained } = (given ?? {}) as { training?: unknown }
  return {
    known: {
      ...readable(outcomeSchema.shape, given),
      ...(isFields(trained) ? { training: readable(training.shape, trained) } : {}),
    },
    faults: parsed.error.issues.map((issue) => {
      const extra = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
      return fault([...issue.path, ...extra].join('.') || 'outcome', keyOf(issue))
    }),
  }
}

/** A text folded to what makes two references the same. */
export const foldReference = (text: string): string =>
  text.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase()

function subjectOf(input: OutcomeInput['training'], equivalents: readonly string[]): Subject {
  return input.course === undefined
    ? { bespoke: input.bespoke ?? true }
    : { course: input.course, equivalents }
}

/** What is decided, with the courses that count as equal at this moment written into it. */
export function termsOf(
  input: OutcomeInput,
  body: string,
  equivalents: readonly string[],
): OutcomeTerms {
  const { dueOn, dueAfter, confirmationRequired, delivery } = input.training
  return {
    reference: input.reference,
    respondent: input.respondent,
    body,
    decidedOn: input.decidedOn,
    sanctions: input.sanctions,
    training: {
      subject: subjectOf(input.training, equivalents),
      delivery: [...new Set(delivery)],
      confirmationRequired,
      ...(dueOn ? { dueOn } : {}),
      ...(dueAfter ? { dueAfter } : {}),
    },
    agreementOf: [...new Set(input.agreementOf ?? [])],
    noticeTo: input.noticeTo ?? body,
    ...(input.restriction ? { restriction: input.restriction } : {}),
  }
}

/** What this institution knows that an outcome must fit. */
export interface ImposingFacts {
  today: Day
  /** Whether the respondent is in the directory. */
  known: boolean
  /** Whether the body has power over them. */
  power: boolean
  bodies: ReadonlySet<string>
  /** How the course can be given; nothing where there is no such course. */
  deliverable?: readonly string[]
}

/** What is wrong with an outcome that has the right form, or with what has it. */
export function outcomeFaults(input: KnownOutcome, facts: ImposingFacts): Fault[] {
  const { training = {}, respondent, decidedOn } = input
  const faults: Fault[] = []
  const unless = (holds: boolean, field: string, key: string) => {
    if (!holds) faults.push(fault(field, key))
  }
  unless(respondent === undefined || facts.known, 'respondent', 'unknown-person')
  if (facts.known) unless(facts.power, 'respondent', 'no-power')
  unless(!decidedOn || decidedOn <= facts.today, 'decidedOn', 'future')
  const beforeDecision = (on: Day | undefined) => on && decidedOn && on < decidedOn
  unless(!beforeDecision(training.dueOn), 'training.dueOn', 'due-before-decision')
  unless(!(training.dueOn && training.dueAfter), 'training.dueAfter', 'two-dates')
  const named = (training.course === undefined ? 0 : 1) + (training.bespoke === undefined ? 0 : 1)
  unless(!input.training || named === 1, 'training', named === 0 ? 'no-training' : 'two-trainings')
  if (training.course !== undefined) {
    unless(facts.deliverable !== undefined, 'training.course', 'unknown-course')
    const { deliverable } = facts
    if (deliverable) {
      const can = training.delivery?.every((delivery) => deliverable.includes(delivery))
      unless(can !== false, 'training.delivery', 'not-so-delivered')
    }
  }
  unless(!input.noticeTo || facts.bodies.has(input.noticeTo), 'noticeTo', 'unknown-body')
  for (const [n, { from, to }] of (input.sanctions ?? []).entries()) {
    unless(!(from && to) || from <= to, `sanctions.${n}.to`, 'ends-before')
  }
  unless(!beforeDecision(input.restriction?.from), 'restriction.from', 'before-decision')
  return faults
}
