import { z } from 'zod'
import { termKinds } from '../people/people.js'
import { twoOfficerSteps, type ConductBody } from './conduct-body.js'

/**
 * A conduct body as an institution writes it in its file. Whom it has power over: a capacity, in one
 * House or in either. `two-officers`: for every step that can have them, for none, or for those named.
 */
export const writtenBody = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
    name: z.strictObject({ en: z.string().min(1), cy: z.string().min(1) }),
    'power-over': z
      .array(
        z.union([
          z.enum(termKinds).transform((kind) => ({ kind })),
          z.strictObject({ kind: z.enum(termKinds), house: z.enum(['commons', 'lords']) }),
        ]),
      )
      .min(1),
    'two-officers': z.union([z.boolean(), z.array(z.enum(twoOfficerSteps))]),
    notices: z.strictObject({ address: z.email(), language: z.enum(['en', 'cy']) }),
    'confirm-within': z.int().min(1).max(365),
    'keep-months': z.int().min(1).max(1200),
    'remind-before': z.array(z.int().min(1).max(365)),
  })
  .transform((written): ConductBody => {
    const two = written['two-officers']
    return {
      id: written.id,
      name: written.name,
      powers: written['power-over'],
      notices: written.notices,
      twoOfficers: two === true ? twoOfficerSteps : two === false ? [] : two,
      confirmWithin: written['confirm-within'],
      keepMonths: written['keep-months'],
      remindBefore: written['remind-before'],
    }
  })
