import { writeShortDay } from '../language.js'
import type { FieldName, ShownFields } from './credential-fields.js'
import type { PageLine } from './pdf-reading.js'

/** A field that the page does not show as it was issued. */
export interface PageDifference {
  field: FieldName
  expected: string
  /** What stands in its place, where that can be told. */
  found?: string
}

/** The fields that stand on the page as texts of their own, as the page writes them. */
function textsOf(fields: ShownFields): [FieldName, string][] {
  const { language } = fields
  const texts: [FieldName, string][] = [
    ['holder', fields.holder],
    ['course', fields.course],
    ['version', fields.version],
    ['completedOn', writeShortDay(language, fields.completedOn)],
    ['issuedOn', writeShortDay(language, fields.issuedOn)],
    ['serial', fields.serial],
    ['institution', fields.institution],
    ['address', fields.address],
  ]
  return fields.validUntil
    ? [...texts, ['validUntil', writeShortDay(language, fields.validUntil)]]
    : texts
}

/** Letters alone: line breaks, spacing and the way marks are encoded do not count. */
const squash = (text: string): string => text.normalize('NFC').replaceAll(/\s+/gu, '')

/**
 * Compares what the page says with the fields it was issued with. A long name may run over lines, so the
 * whole page is searched. `original` is the page as it was signed, where it can still be had: then what was
 * put in a field's place is told too.
 */
export function pageDifferences(
  fields: ShownFields,
  page: readonly PageLine[],
  original?: readonly PageLine[],
): PageDifference[] {
  const all = squash(page.map((line) => line.text).join(''))
  return textsOf(fields)
    .filter(([, text]) => !all.includes(squash(text)))
    .map(([field, expected]) => {
      const found = original && inPlaceOf(expected, page, original)
      return { field, expected, ...(found === undefined ? {} : { found }) }
    })
}

/** What now stands on the line on which a text stood: its own line where it can be cut out. */
function inPlaceOf(
  expected: string,
  page: readonly PageLine[],
  original: readonly PageLine[],
): string | undefined {
  const was = original.find((line) => squash(line.text).includes(squash(expected)))
  if (!was) return undefined
  // Columns share a baseline: what stands over or under the old text is what took its place.
  const is = page.filter(
    (line) =>
      Math.abs(line.baseline - was.baseline) < 1.5 && line.from < was.to && was.from < line.to,
  )
  const text = is.map((line) => line.text).join(' ')
  const [before = '', after = ''] = was.text.split(expected)
  return text.startsWith(before) &&
    text.endsWith(after) &&
    text.length > before.length + after.length
    ? text.slice(before.length, text.length - after.length)
    : text
}

/** Lines that were put on the page or taken off it since it was signed. */
export const changedLines = (
  page: readonly PageLine[],
  original: readonly PageLine[],
): { added: string[]; removed: string[] } => {
  const texts = new Set(original.map((line) => squash(line.text)))
  const now = new Set(page.map((line) => squash(line.text)))
  return {
    added: page.filter((line) => !texts.has(squash(line.text))).map((line) => line.text),
    removed: original.filter((line) => !now.has(squash(line.text))).map((line) => line.text),
  }
}
