import { constants, deflateRawSync } from 'node:zlib'
import { strToU8, zipSync } from 'fflate'

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packages = 'http://schemas.openxmlformats.org/package/2006'

/** A sheet as XML: `rows` is what stands inside `sheetData`, `after` what follows it. */
export interface SheetXml {
  name: string
  rows: string
  after?: string
  state?: 'hidden' | 'veryHidden'
}

/** A cell: text inline, a number plain or with the style `s` (1 a date, 2 a time, 3 both), or a formula. */
export function c(
  ref: string,
  value: string | number,
  options: { style?: number; formula?: string } = {},
): string {
  const { style, formula } = options
  const s = style === undefined ? '' : ` s="${style}"`
  if (formula !== undefined) {
    return `<c r="${ref}"${s} t="str"><f>${formula}</f><v>${value}</v></c>`
  }
  return typeof value === 'number'
    ? `<c r="${ref}"${s}><v>${value}</v></c>`
    : `<c r="${ref}" t="inlineStr"><is><t xml:space="preserve">${value}</t></is></c>`
}

/** Rows of plain cells, numbered from 1. */
export const plainRows = (rows: readonly (readonly (string | number)[])[]): string =>
  rows
    .map(
      (cells, at) =>
        `<row r="${at + 1}">${cells
          .map((cell, column) => c(`${String.fromCharCode(65 + column)}${at + 1}`, cell))
          .join('')}</row>`,
    )
    .join('')

/** The parts of a workbook by their names, for those who want to spoil one. */
export function workbookParts(
  sheets: readonly SheetXml[],
  options: { date1904?: boolean } = {},
): Record<string, string> {
  const each = (write: (sheet: SheetXml, number: number) => string) =>
    sheets.map((sheet, at) => write(sheet, at + 1)).join('')
  return {
    '[Content_Types].xml': `${head}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
    '_rels/.rels': `${head}<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${head}<workbook xmlns="${main}" xmlns:r="${office}"><workbookPr${options.date1904 ? ' date1904="1"' : ''}/><sheets>${each((sheet, n) => `<sheet name="${sheet.name}" sheetId="${n}"${sheet.state ? ` state="${sheet.state}"` : ''} r:id="rId${n}"/>`)}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${head}<Relationships xmlns="${packages}/relationships">${each((_sheet, n) => `<Relationship Id="rId${n}" Type="${office}/worksheet" Target="worksheets/sheet${n}.xml"/>`)}<Relationship Id="rId99" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': `${head}<styleSheet xmlns="${main}"><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="20"/><xf numFmtId="22"/></cellXfs></styleSheet>`,
    ...Object.fromEntries(
      sheets.map((sheet, at) => [
        `xl/worksheets/sheet${at + 1}.xml`,
        `${head}<worksheet xmlns="${main}"><sheetData>${sheet.rows}</sheetData>${sheet.after ?? ''}</worksheet>`,
      ]),
    ),
  }
}

export const zipOf = (parts: Record<string, string>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])))

/** A workbook as spreadsheet programs write it. */
export const workbook = (
  sheets: readonly SheetXml[],
  options: { date1904?: boolean } = {},
): Uint8Array => zipOf(workbookParts(sheets, options))

const bombSize = 600 * 1024 * 1024

/**
 * A workbook of about 600 KB whose first sheet unpacks to 600 MB of blanks. The zip's directory says
 * that it were `claim` bytes; a damaged one unpacks to nothing at all.
 */
export function bomb(claim = bombSize, damaged = false): Uint8Array {
  const zip = Buffer.from(workbook([{ name: 'Register', rows: '' }]))
  const name = 'xl/worksheets/sheet1.xml'
  const megabyte = deflateRawSync(Buffer.alloc(1024 * 1024, ' '), {
    level: 9,
    finishFlush: constants.Z_FULL_FLUSH,
  })
  const data = Buffer.concat([...Array<Buffer>(600).fill(megabyte), Buffer.from([3, 0])])
  if (damaged) data.fill(0xff)
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(20, 4)
  local.writeUInt16LE(8, 8)
  local.writeUInt32LE(data.length, 18)
  local.writeUInt32LE(claim, 22)
  local.writeUInt16LE(name.length, 26)
  const end = zip.length - 22
  const directory = zip.readUInt32LE(end + 16)
  const entries = Buffer.from(zip.subarray(directory, end))
  // The true sheet is renamed out of the way; the bomb takes its name.
  const at = entries.indexOf(name)
  entries.write('xl/worksheets/sheetX.xml', at)
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(0x02014b50, 0)
  entry.writeUInt16LE(20, 6)
  entry.writeUInt16LE(8, 10)
  entry.writeUInt32LE(data.length, 20)
  entry.writeUInt32LE(claim, 24)
  entry.writeUInt16LE(name.length, 28)
  entry.writeUInt32LE(directory, 42)
  const tail = Buffer.from(zip.subarray(end))
  tail.writeUInt16LE(tail.readUInt16LE(8) + 1, 8)
  tail.writeUInt16LE(tail.readUInt16LE(10) + 1, 10)
  tail.writeUInt32LE(entries.length + 46 + name.length, 12)
  tail.writeUInt32LE(directory + 30 + name.length + data.length, 16)
  const before = zip.subarray(0, directory)
  const parts = [before, local, Buffer.from(name), data, entries, entry, Buffer.from(name), tail]
  return Buffer.concat(parts)
}
