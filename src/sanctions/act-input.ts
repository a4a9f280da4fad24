import { z } from 'zod'
import { parseDay, type Day } from '../clock.js'
import { quietFaults } from './quiet.js'
import type { Wish } from './steps.js'

const day = z.string().transform((text, context): Day => {
  const parsed = parseDay(text)
  if (!parsed) context.addIssue({ code: 'custom', message: 'date' })
  return parsed ?? z.NEVER
})
const text = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cf}\p{Co}]*$/u)
const reason = { reason: text(2000).exactOptional() }

/** What an act is given, and the step it becomes. Dates left out are today's. */
const act = <Shape extends z.ZodRawShape>(
  shape: Shape,
  wish: (given: z.output<z.ZodObject<Shape>>, today: Day) => Wish,
) => ({
  schema: z.strictObject({ ...shape, ...reason }),
  wish: wish as (given: never, today: Day) => Wish,
})

const on = { on: day.exactOptional() }

const acts = {
  agree: act({ party: text(40), on: day }, ({ party, on }) => ({ step: 'agreed', party, on })),
  stay: act(on, ({ on }, today) => ({ step: 'stayed', on: on ?? today })),
  resume: act({ ...on, dueOn: day.exactOptional() }, ({ on, dueOn }, today) => ({
    step: 'resumed',
    on: on ?? today,
    ...(dueOn ? { dueOn } : {}),
  })),
  extend: act({ dueOn: day }, ({ dueOn }) => ({ step: 'extended', dueOn })),
  event: act({ event: text(120), on: day }, ({ event, on }) => ({ step: 'happened', event, on })),
  activateRestriction: act({ from: day.exactOptional() }, ({ from }, today) => ({
    step: 'restricted',
    from: from ?? today,
  })),
  liftRestriction: act(on, ({ on }, today) => ({ step: 'lifted', on: on ?? today })),
  confirm: act({ ...on, understood: z.boolean().default(true) }, ({ on, understood }, today) => ({
    step: understood ? 'confirmed' : 'not-confirmed',
    on: on ?? today,
  })),
  withdraw: act(on, ({ on }, today) => ({ step: 'withdrawn', on: on ?? today })),
  unenforceable: act(on, ({ on }, today) => ({ step: 'unenforceable', on: on ?? today })),
  answer: act({ question: text(64), text: text(3000) }, ({ question, text }) => ({
    step: 'answered',
    question,
    text,
  })),
  keep: act({ until: day }, ({ until }) => ({ step: 'kept', until })),
} as const

/** What an officer, or a case-management system, can do to an outcome. */
export type ActName = keyof typeof acts
export const actNames = Object.keys(acts) as readonly ActName[]

/** What an act is given, described for programs. */
export const actSchema = (name: ActName): z.ZodObject => acts[name].schema

/** Reads what an act was given. Throws with the field that is wrong. */
export function readAct(
  name: ActName,
  given: unknown,
  today: Day,
): { wish: Wish; reason?: string } {
  const { schema, wish } = acts[name]
  const parsed = schema.safeParse(given ?? {}, { reportInput: true })
  if (parsed.success) {
    const { reason, ...rest } = parsed.data
    return { wish: wish(rest as never, today), ...(reason ? { reason } : {}) }
  }
  throw quietFaults(
    parsed.error.issues.map((issue) => {
      const extra = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
      const missing = issue.code === 'invalid_type' && issue.input === undefined
      const key = missing ? 'missing' : issue.code === 'custom' ? 'not-a-date' : 'form'
      return {
        field: [...issue.path, ...extra].join('.'),
        say: { key: `outcomes.refused.${extra.length > 0 ? 'unknown-field' : key}` },
      }
    }),
  )
}
