import { asDrawn } from './characters.js'
import type { TypeStyle } from './design.js'
import { faceFor } from './design-faces.js'
import type { Design } from './design-files.js'
import { fit, leading } from './fitting.js'

export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** What drawing a block needs: the document, its design, and what each text of the design says here. */
export interface Sheet {
  doc: PDFKit.PDFDocument
  root: PDFKit.PDFStructureElement
  design: Design
  words: (text: string) => string | undefined
  alternative: string
  address: string
}

/** Draws something that only decorates, which nobody reads aloud. */
export function decorate({ doc }: Sheet, draw: () => void): void {
  doc.markContent('Artifact', { type: 'Layout' })
  draw()
  doc.endMarkedContent()
}

/** Adds a piece to the document's structure and draws it there. */
export function structure(
  sheet: Sheet,
  tag: string,
  draw: () => void,
  options: PDFKit.Mixins.StructureElementOptions = {},
  parent = sheet.root,
): PDFKit.PDFStructureElement {
  const element = sheet.doc.struct(tag, options)
  parent.add(element)
  element.add(draw)
  return element
}

export const colourOf = ({ design }: Sheet, name: string): string =>
  design.file.colours[name] ?? '#000000'

const featuresOf = (style: TypeStyle) =>
  style.features ? { features: style.features as PDFKit.Mixins.OpenTypeFeatures[] } : {}

/** Takes up the face that a text is drawn with, and tells how it is drawn in it. */
function take(sheet: Sheet, text: string, style: TypeStyle) {
  const { name, face } = faceFor(text, style, sheet.design)
  sheet.doc.font(name)
  return { face, drawn: asDrawn(text, face) }
}

function widthOf({ doc }: Sheet, text: string, style: TypeStyle, size: number): number {
  doc.fontSize(size)
  return (
    doc.widthOfString(text, featuresOf(style)) +
    style.tracking * Math.max(Array.from(text).length - 1, 0)
  )
}

export const naturalWidth = (sheet: Sheet, text: string, style: TypeStyle): number =>
  widthOf(sheet, take(sheet, text, style).drawn, style, style.size)

/** Writes a text into the middle of its box, smaller or on more lines where it must. */
export function write(sheet: Sheet, text: string, style: TypeStyle, box: Box): Box {
  const { doc } = sheet
  const { face, drawn } = take(sheet, text, style)
  doc.fontSize(100)
  const measure = (part: string): number => doc.widthOfString(part, featuresOf(style)) / 100
  const { size, lines } = fit(drawn, box, { ...style, least: style.least ?? style.size }, measure)
  const capital = (face.capHeight / face.unitsPerEm) * size
  const pitch = size * leading
  // Capitals, not the font's own line box, stand in the middle: that is what the eye sees.
  const first = box.y + (box.height - pitch * (lines.length - 1) + capital) / 2
  doc.fillColor(colourOf(sheet, style.colour))
  const places = lines.map((line, index) => {
    const width = widthOf(sheet, line, style, size)
    const slack = box.width - width
    const x = box.x + (style.align === 'left' ? 0 : style.align === 'right' ? slack : slack / 2)
    doc.text(line, x, first + index * pitch, {
      lineBreak: false,
      baseline: 'alphabetic',
      characterSpacing: style.tracking,
      ...featuresOf(style),
    })
    return { x, width }
  })
  const x = Math.min(...places.map((line) => line.x))
  const width = Math.max(...places.map((line) => line.width))
  return { x, width, y: first - size, height: pitch * lines.length }
}
