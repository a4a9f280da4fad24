import sax from 'sax'
import type { Parts } from './unpack.js'

/** One sheet of a workbook: its place among all of them, and the part that holds its cells. */
export interface SheetEntry {
  name: string
  place: number
  hidden: boolean
  part: string
}

/** A block of cells merged into one; rows and columns from 0, the last ones included. */
export interface Merge {
  top: number
  bottom: number
  left: number
  right: number
}

const textOf = (parts: Parts, name: string): string =>
  new TextDecoder('utf-8').decode(parts.get(name) ?? new Uint8Array())

/** Calls back for every element of a part. Throws where it is not well-formed. */
function elements(xml: string, each: (name: string, attributes: Record<string, string>) => void) {
  const parser = sax.parser(true)
  parser.onerror = (error) => {
    throw error
  }
  parser.onopentag = ({ name, attributes }) =>
    each(name.slice(name.indexOf(':') + 1), attributes as Record<string, string>)
  parser.write(xml).close()
}

const relationshipId = (attributes: Record<string, string>): string =>
  Object.entries(attributes).find(([name]) => name.endsWith(':id'))?.[1] ?? ''

/** The sheets of a workbook in their order, and the day from which it counts its dates. */
export function sheetsOf(parts: Parts): { sheets: SheetEntry[]; countsFrom: 1900 | 1904 } {
  const targets = new Map<string, string>()
  elements(textOf(parts, 'xl/_rels/workbook.xml.rels'), (name, { Id = '', Target = '' }) => {
    if (name !== 'Relationship') return
    targets.set(Id, Target.startsWith('/') ? Target.slice(1) : `xl/${Target}`)
  })
  const sheets: SheetEntry[] = []
  let countsFrom: 1900 | 1904 = 1900
  elements(textOf(parts, 'xl/workbook.xml'), (name, attributes) => {
    if (name === 'workbookPr' && /^(1|true)$/.test(attributes['date1904'] ?? '')) countsFrom = 1904
    if (name !== 'sheet') return
    sheets.push({
      name: attributes['name'] ?? '',
      place: sheets.length,
      hidden: /hidden/i.test(attributes['state'] ?? ''),
      part: targets.get(relationshipId(attributes)) ?? '',
    })
  })
  return { sheets, countsFrom }
}

/** The place of a column, from 0, by its letters. */
const columnOf = (letters: string): number =>
  Buffer.from(letters).reduce((sum, letter) => sum * 26 + letter - 64, 0) - 1

/** The merged blocks of a sheet, read off its part: they stand behind the rows that they concern. */
export function mergesOf(xml: string): Merge[] {
  return [...xml.matchAll(/<(?:\w+:)?mergeCell ref="([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)"/g)].map(
    ([, left = '', top = '', right = '', bottom = '']) => ({
      top: Number(top) - 1,
      bottom: Number(bottom) - 1,
      left: columnOf(left),
      right: columnOf(right),
    }),
  )
}

/** The cells that a formula works out, by row and column from 0. */
export function formulasOf(xml: string): Map<number, number[]> {
  const found = new Map<number, number[]>()
  const cell = /<(?:\w+:)?c r="([A-Z]{1,3})(\d+)"[^>]*><(?:\w+:)?f[\s>/]/g
  for (const [, letters = '', row = ''] of xml.matchAll(cell)) {
    const at = Number(row) - 1
    const columns = found.get(at)
    if (columns) columns.push(columnOf(letters))
    else found.set(at, [columnOf(letters)])
  }
  return found
}

export const hasHiddenRows = (xml: string): boolean =>
  /<(?:\w+:)?row [^>]*hidden="(1|true)"/.test(xml)

export const partText = textOf
