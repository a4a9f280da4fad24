import { z } from 'zod'
import { collector, grave, parseYaml, type ContentFault } from '../courses/courses.js'
import { termKinds } from '../people/people.js'
import { twoOfficerSteps, type ConductBody } from './conduct-body.js'

const both = z.strictObject({ en: z.string().min(1), cy: z.string().min(1) })

const schema = z.strictObject({
  bodies: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
        name: both,
        powers: z
          .array(
            z.strictObject({
              kind: z.enum(termKinds),
              house: z.enum(['commons', 'lords']).exactOptional(),
            }),
          )
          .min(1),
        notices: z.strictObject({ address: z.email(), language: z.enum(['en', 'cy']) }),
        'two-officers': z.array(z.enum(twoOfficerSteps)).default([]),
        'confirm-within': z.int().min(1).max(365),
        'keep-months': z.int().min(1).max(1200),
        'remind-before': z.array(z.int().min(1).max(365)).default([]),
      }),
    )
    .min(1),
})

/** The conduct bodies of an institution as read from their file, and what is wrong with it. */
export interface ConductBodiesFile {
  bodies: readonly ConductBody[]
  faults: readonly ContentFault[]
}

/**
 * Reads `courses/conduct-bodies.yaml`. With a fault there are no bodies: half of them would leave
 * outcomes that nobody can open. Each fault says file, line and what is wrong.
 */
export function readConductBodies(bytes: Buffer, file = 'conduct-bodies.yaml'): ConductBodiesFile {
  const { faults, report } = collector()
  const parsed = parseYaml(file, bytes, schema, report)
  const seen = new Set<string>()
  for (const [n, { id }] of (parsed?.value.bodies ?? []).entries()) {
    if (seen.has(id))
      report(grave(file, parsed?.lineOf(['bodies', n, 'id']) ?? 1, 'rule-twice', { rule: id }))
    seen.add(id)
  }
  if (!parsed || faults.length > 0) return { bodies: [], faults }
  const bodies = parsed.value.bodies.map((written): ConductBody => ({
    id: written.id,
    name: written.name,
    powers: written.powers,
    notices: written.notices,
    twoOfficers: written['two-officers'],
    confirmWithin: written['confirm-within'],
    keepMonths: written['keep-months'],
    remindBefore: written['remind-before'],
  }))
  return { bodies, faults }
}
