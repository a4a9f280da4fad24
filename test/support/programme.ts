import { readFileSync } from 'node:fs'
import { readProgramme, type Duty } from '../../src/requirements/requirements.js'

const courses = new Set([
  'behaviour-code',
  'behaviour-code-staff',
  'lords-first-course',
  'lords-seminar',
])

/** The programme that comes with the product, as the server reads it. */
export const programmeFile = readProgramme(
  readFileSync(new URL('../../courses/programme.yaml', import.meta.url)),
  courses,
)

export function duty(id: string): Duty {
  const found = programmeFile.duties.find((candidate) => candidate.id === id)
  if (!found) throw new Error(`no duty ${id}`)
  return found
}
