import type { ShownFields } from '../../certificates/certificates.js'
import type { Bilingual } from '../../language.js'

/** One field of a file as people read it: a day, one of our own words, or what stands in the file. */
export type FieldLine = { field: keyof ShownFields } & (
  { day: string } | { key: string } | { either: Bilingual } | { text: string; code?: true }
)

const days = new Set<string>(['completedOn', 'issuedOn', 'validUntil'])
const forMachines = new Set<string>(['courseId', 'versionHash', 'issuer'])
const codes = new Set<string>(['serial', 'address', ...forMachines])

/**
 * What a file says, for whoever reads it in English or Welsh: dates as dates are written, ways of
 * delivery and languages by their names, and a course of this institution by its title in both. What
 * only machines compare comes apart.
 */
export function linesOf(
  fields: ShownFields,
  courseTitle: (course: string) => Bilingual,
): { lines: FieldLine[]; technical: FieldLine[] } {
  const lineOf = (field: keyof ShownFields, text: string): FieldLine => {
    if (days.has(field)) return { field, day: text }
    if (field === 'delivery') return { field, key: `verify-page.delivery.${text}` }
    if (field === 'language') return { field, key: `verify-page.language.${text}` }
    if (codes.has(field)) return { field, text, code: true }
    const title = field === 'course' ? courseTitle(fields.courseId) : undefined
    // A title that the course never had is shown as it stands in the file.
    if (title?.[fields.language] === text) return { field, either: title }
    return { field, text }
  }
  const all = (Object.entries(fields) as [keyof ShownFields, string][]).map(([field, text]) =>
    lineOf(field, text),
  )
  const isTechnical = ({ field }: FieldLine): boolean => forMachines.has(field)
  return {
    lines: all.filter((line) => !isTechnical(line)),
    technical: all.filter(isTechnical),
  }
}
