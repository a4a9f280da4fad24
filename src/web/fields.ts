import { z } from 'zod'
import { parseDay, type Day } from '../clock.js'

// A browser sends an empty field as an empty text.
const blank = (value: unknown): unknown => (value === '' ? undefined : value)

/** A field that may be left empty. */
export const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess(blank, schema.optional())

/**
 * A day as a browser sends it. Where the field was left empty, the text with the key `missing` says
 * which day is asked for; where there is no such day, how days are written.
 */
export const dayField = (missing = 'list.not-a-date') =>
  z.string().transform((text, context): Day => {
    const day = parseDay(text)
    if (day) return day
    const key = text.trim() === '' ? missing : 'list.not-a-date'
    context.addIssue({ code: 'custom', message: `say:${key}` })
    return z.NEVER
  })

/** Boxes of one name: none, one or several of them ticked. */
export const boxes = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === undefined ? [] : [value].flat()), z.array(schema).max(50))
