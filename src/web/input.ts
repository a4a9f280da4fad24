import { z } from 'zod'
import { invalid, type Fault } from '../errors.js'
import type { Page, Typed, Visit } from './page.js'

/** What was sent, read as its schema says. Throws invalid with a fault for every field. */
export function parseInput(schema: z.ZodType, typed: Typed): unknown {
  const parsed = schema.safeParse(typed)
  if (parsed.success) return parsed.data
  throw invalid('problem.input', undefined, faultsOf(parsed.error))
}

/**
 * The same of a page's form, with what its own rules find wrong in the fields that could be read: the
 * faults in the order of the fields, one for each field.
 */
export async function parseForm(page: Page, visit: Visit<Typed>): Promise<unknown> {
  const { input: schema, besides } = page
  const parsed = schema.safeParse(visit.input)
  if (parsed.success) return parsed.data
  const unread = faultsOf(parsed.error)
  if (!besides) throw invalid('problem.input', undefined, unread)
  const fields = schema instanceof z.ZodObject ? schema.shape : {}
  const readable = Object.entries(fields).flatMap(([name, field]) => {
    const one = z.safeParse(field, visit.input[name])
    return one.success ? [[name, one.data] as const] : []
  })
  const seen = { ...visit, input: Object.fromEntries(readable) } as Visit<never>
  const named = new Set(unread.map(({ field }) => field))
  const ruled = (await besides(seen)).filter(({ field }) => !named.has(field))
  const order = Object.keys(fields)
  const faults = [...unread, ...ruled].toSorted(
    (one, other) => order.indexOf(one.field ?? '') - order.indexOf(other.field ?? ''),
  )
  throw invalid('problem.input', undefined, faults)
}

const faultsOf = ({ issues }: z.ZodError): Fault[] =>
  issues.map((issue): Fault => {
    const field = String(issue.path[0] ?? '')
    const key = issue.message.startsWith('say:') ? issue.message.slice(4) : 'problem.field'
    return { field, say: { key, with: { field } } }
  })
