import { z } from 'zod'
import { parseDay, type Day } from '../clock.js'

// A browser sends an empty field as an empty text.
const blank = (value: unknown): unknown => (value === '' ? undefined : value)

/** A field that may be left empty. */
export const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess(blank, schema.optional())

/** A day as a browser sends it; of one that does not exist the text with this key is said. */
export const dayField = (otherwise = 'list.not-a-date') =>
  z.string().transform((text, context): Day => {
    const day = parseDay(text)
    if (day) return day
    context.addIssue({ code: 'custom', message: `say:${otherwise}` })
    return z.NEVER
  })

/** Boxes of one name: none, one or several of them ticked. */
export const boxes = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === undefined ? [] : [value].flat()), z.array(schema).max(50))
