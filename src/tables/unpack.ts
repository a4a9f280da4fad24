import { unzipSync, zipSync } from 'fflate'

/** The parts of a workbook that hold its table, inflated within bounds. */
export type Parts = ReadonlyMap<string, Uint8Array>

/** Why a zip file is not a workbook that may be read, as a key of the texts. */
export type NotAWorkbook =
  | 'table.is-zip'
  | 'table.broken-zip'
  | 'table.unpacks-too-large'
  | 'table.macros'
  | 'table.entities'

const wanted =
  /^(\[Content_Types\]\.xml|_rels\/\.rels|xl\/_rels\/[^/]+\.rels|xl\/(workbook|styles|sharedStrings)\.xml|xl\/worksheets\/[^/]+\.xml)$/i
const macros = /vbaProject\.bin$|macrosheets\//i
const mostParts = 1000

/**
 * Unpacks the parts of a workbook that matter and nothing else. What each part claims as its size is
 * added up before anything is inflated, and nothing is inflated past its claim, so a small file
 * cannot become a large one. A document type, the door to entities, is refused: no workbook has one.
 */
export function unpackWorkbook(
  bytes: Uint8Array,
  limit: number,
): { parts: Parts } | { no: NotAWorkbook } {
  let claimed = 0
  const names: string[] = []
  let found: Record<string, Uint8Array>
  try {
    found = unzipSync(bytes, {
      filter({ name, originalSize }) {
        names.push(name)
        if (!wanted.test(name)) return false
        claimed += originalSize
        return claimed <= limit && names.length <= mostParts
      },
    })
  } catch {
    return { no: 'table.broken-zip' }
  }
  if (claimed > limit || names.length > mostParts) return { no: 'table.unpacks-too-large' }
  if (names.some((name) => macros.test(name))) return { no: 'table.macros' }
  const parts = new Map(Object.entries(found))
  if (!parts.has('[Content_Types].xml') || !parts.has('xl/workbook.xml')) {
    return { no: 'table.is-zip' }
  }
  for (const part of parts.values()) {
    if (Buffer.from(part.buffer, part.byteOffset, part.byteLength).includes('<!DOCTYPE')) {
      return { no: 'table.entities' }
    }
  }
  return { parts }
}

/** The same parts as a workbook again, stored flat: whoever reads it inflates nothing. */
export const packFlat = (parts: Parts): Uint8Array =>
  zipSync(Object.fromEntries(parts), { level: 0 })
