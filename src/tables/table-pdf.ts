import { Readable } from 'node:stream'
import { setImmediate as breathe } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Language } from '../language.js'
import type { Cell, Rows } from './writing.js'

/** A table on paper: a heading, what it counts, the table, and who took it away when. */
interface PaperTable {
  language: Language
  title: string
  lead: string
  header: readonly string[]
  /** How wide each column is, as shares of the page. */
  shares: readonly number[]
  rows: Rows
  /** Stands at the foot of every page. */
  watermark: string
  /** "Page {n}", in the reader's words. */
  pageName: (page: number) => string
  created: Date
}

const face = (path: string): string =>
  fileURLToPath(import.meta.resolve(`@expo-google-fonts/source-sans-3/${path}`))
const faces = {
  text: face('400Regular/SourceSans3_400Regular.ttf'),
  strong: face('600SemiBold/SourceSans3_600SemiBold.ttf'),
}
// PDFKit writes PDF/UA-1; its types do not know it yet.
const accessible = { subset: 'PDF/UA' } as unknown as PDFKit.PDFDocumentOptions
const margin = 40
const pad = 4
const size = 9
const line = '#b1b4b6'
const ink = '#0b0c0c'

const locales = { en: 'en-GB', cy: 'cy-GB' } as const

/**
 * Draws a table as a tagged PDF (PDF/UA-1, A4 across), page after page: headings are cells of the
 * table's first row, and said again on every page for the eye only. It comes while it is drawn.
 */
export async function writePdf(table: PaperTable): Promise<Readable> {
  const { default: PDFDocument } = await import('pdfkit')
  const doc = new PDFDocument({
    size: 'A4',
    layout: 'landscape',
    margin,
    pdfVersion: '1.7',
    ...accessible,
    font: faces.text,
    tagged: true,
    lang: locales[table.language],
    displayTitle: true,
    info: { Title: table.title, CreationDate: table.created, ModDate: table.created },
  })
  doc.registerFont('text', faces.text)
  doc.registerFont('strong', faces.strong)
  const pass = Readable.from(doc as AsyncIterable<Buffer>, { objectMode: false })
  draw(doc, table).catch((error: unknown) => {
    pass.destroy(error instanceof Error ? error : new Error('the table could not be drawn'))
  })
  return pass
}

const textOf = (cell: Cell): string => (cell === undefined ? '' : String(cell))

async function draw(doc: PDFKit.PDFDocument, table: PaperTable): Promise<void> {
  const room = doc.page.width - 2 * margin
  const all = table.shares.reduce((sum, share) => sum + share, 0)
  const widths = table.shares.map((share) => (share / all) * room)
  const lefts = widths.map((_, at) => margin + widths.slice(0, at).reduce((sum, w) => sum + w, 0))
  const foot = doc.page.height - margin - 24
  let page = 1
  let y = margin

  const artifact = (paint: () => void) => {
    doc.markContent('Artifact', { type: 'Layout' })
    paint()
    doc.endMarkedContent()
  }
  const heightOf = (cells: readonly string[]): number =>
    Math.max(
      ...cells.map((cell, at) =>
        doc.heightOfString(cell || ' ', { width: (widths[at] ?? 0) - 2 * pad }),
      ),
    ) +
    2 * pad
  const write = (cell: string, at: number) => {
    doc
      .fillColor(ink)
      .text(cell, (lefts[at] ?? 0) + pad, y + pad, { width: (widths[at] ?? 0) - 2 * pad })
  }
  const rule = (height: number) => {
    artifact(() => {
      doc
        .moveTo(margin, y + height)
        .lineTo(margin + room, y + height)
        .lineWidth(0.5)
        .stroke(line)
    })
  }
  const footer = () => {
    artifact(() => {
      doc.font('text').fontSize(8).fillColor('#484949')
      const options = { width: room, lineBreak: false, height: 10 }
      doc.text(table.pageName(page), margin, foot + 12, options)
      doc.text(table.watermark, margin, foot + 24, { ...options, ellipsis: true })
    })
    doc.fontSize(size)
  }
  const heading = (paint: (cell: string, at: number) => void) => {
    doc.font('strong').fontSize(size)
    const height = heightOf(table.header)
    table.header.forEach(paint)
    rule(height)
    y += height
    doc.font('text')
  }
  const turnPage = () => {
    footer()
    doc.addPage()
    page++
    y = margin
    heading((cell, at) => {
      artifact(() => {
        write(cell, at)
      })
    })
  }

  const root = doc.struct('Document')
  doc.addStructure(root)
  const say = (tag: string, text: string, font: string, points: number) => {
    const element = doc.struct(tag)
    root.add(element)
    doc.font(font).fontSize(points).fillColor(ink)
    element.add(() => doc.text(text, margin, y, { width: room }))
    y += doc.heightOfString(text, { width: room }) + 6
    element.end()
  }
  say('H1', table.title, 'strong', 20)
  say('P', table.lead, 'text', 11)
  say('P', table.watermark, 'text', 9)
  const body = doc.struct('Table')
  root.add(body)
  const rowOf = (tag: 'TH' | 'TD', cells: readonly string[]) => {
    const row = doc.struct('TR')
    body.add(row)
    cells.forEach((cell, at) => {
      const scope = tag === 'TH' ? 'Column' : at === 0 ? 'Row' : undefined
      // PDFKit knows the scope of a heading; its types do not yet.
      const options = (scope ? { scope } : {}) as PDFKit.Mixins.StructureElementOptions
      const element = doc.struct(scope ? 'TH' : 'TD', options)
      row.add(element)
      element.add(() => {
        write(cell, at)
      })
      element.end()
    })
    row.end()
  }
  doc.font('strong').fontSize(size)
  const first = heightOf(table.header)
  rowOf('TH', table.header)
  rule(first)
  y += first
  doc.font('text')
  let drawn = 0
  for await (const cells of table.rows) {
    const texts = cells.map(textOf)
    const height = heightOf(texts)
    if (y + height > foot) turnPage()
    rowOf('TD', texts)
    rule(height)
    y += height
    if (++drawn % 20 === 0) await breathe()
  }
  footer()
  body.end()
  root.end()
  doc.end()
}
