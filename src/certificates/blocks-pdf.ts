import { encode } from 'uqr'
import type { Art } from './art.js'
import type { Block } from './design.js'
import {
  colourOf,
  decorate,
  naturalWidth,
  structure,
  write,
  type Box,
  type Sheet,
} from './sheet-pdf.js'

/** How a picture is described: what it shows, and where it stands. */
const pictureOf = (alt: string, { x, y, width, height }: Box) => ({
  alt,
  bbox: [x, y, x + width, y + height],
  placement: 'Block',
})

function drawArt({ doc }: Sheet, art: Art, box: Box): void {
  doc.save()
  doc.translate(box.x, box.y)
  doc.scale(box.width / art.width, box.height / art.height)
  for (const shape of art.shapes) {
    doc.path(shape.path).lineWidth(shape.strokeWidth)
    doc.lineCap(shape.roundEnds ? 'round' : 'butt')
    if (shape.fill && shape.stroke) doc.fillAndStroke(shape.fill, shape.stroke)
    else if (shape.fill) doc.fill(shape.fill)
    else if (shape.stroke) doc.stroke(shape.stroke)
  }
  doc.restore()
}

function drawText(sheet: Sheet, block: Extract<Block, { draw: 'text' }>): void {
  const text = sheet.words(block.text)
  if (text === undefined) return
  if (!block.link) {
    const tag = block.as === 'heading' ? 'H1' : 'P'
    // Marks that are set over their letter one by one would be read out apart from it.
    const options = /\p{M}/u.test(text) ? { actual: text } : {}
    structure(sheet, tag, () => write(sheet, text, block, block), options)
    return
  }
  const paragraph = sheet.doc.struct('P')
  sheet.root.add(paragraph)
  let place: Box = block
  const link = structure(
    sheet,
    'Link',
    () => (place = write(sheet, text, block, block)),
    {},
    paragraph,
  )
  // PDFKit writes a plain string as a name and only a String as text; its types know one of them.
  const told = { structParent: link, Contents: new String(text) as string }
  sheet.doc.link(place.x, place.y, place.width, place.height, text, told)
}

function drawDetails(sheet: Sheet, block: Extract<Block, { draw: 'details' }>): void {
  const told = block.details.flatMap(({ label, value }) => {
    const [name, said] = [sheet.words(label), sheet.words(value)]
    return name === undefined || said === undefined ? [] : [{ name, said }]
  })
  const widths = told.map(({ name, said }) =>
    Math.max(naturalWidth(sheet, name, block.label), naturalWidth(sheet, said, block.value)),
  )
  const wanted = widths.reduce((sum, width) => sum + width, 0)
  const gap = Math.min(
    block.gap,
    Math.max(12, (block.width - wanted) / Math.max(1, told.length - 1)),
  )
  const gaps = gap * (told.length - 1)
  const squeeze = Math.min(1, (block.width - gaps) / wanted)
  const list = sheet.doc.struct('L')
  sheet.root.add(list)
  let x = block.x + (block.width - wanted * squeeze - gaps) / 2
  const dividers: number[] = []
  told.forEach(({ name, said }, index) => {
    const width = (widths[index] ?? 0) * squeeze
    const half = { x, width, height: block.height / 2 }
    const item = sheet.doc.struct('LI')
    list.add(item)
    const body = { ...half, y: block.y + block.height / 2 - 2 }
    structure(
      sheet,
      'Lbl',
      () => write(sheet, name, block.label, { ...half, y: block.y }),
      {},
      item,
    )
    structure(sheet, 'LBody', () => write(sheet, said, block.value, body), {}, item)
    x += width + gap
    dividers.push(x - gap / 2)
  })
  const colour = block.divider
  if (!colour) return
  decorate(sheet, () => {
    for (const at of dividers.slice(0, -1)) {
      sheet.doc.moveTo(at, block.y + 5).lineTo(at, block.y + block.height - 5)
      sheet.doc.lineWidth(0.5).stroke(colourOf(sheet, colour))
    }
  })
}

function drawSignatory(sheet: Sheet, block: Extract<Block, { draw: 'signatory' }>): void {
  const signatory = sheet.design.file.signatories[block.signatory]
  const office = sheet.words(`signatory-${block.signatory}`)
  if (!signatory || office === undefined) return
  const above = { ...block, height: block.height * 0.56 }
  const below = { ...block, y: block.y + block.height * 0.62, height: block.height * 0.3 }
  structure(sheet, 'P', () => write(sheet, signatory.name, block.name, above))
  structure(sheet, 'P', () => write(sheet, office, block.office, below))
  drawRule(sheet, {
    ...block,
    y: block.y + block.height * 0.58,
    thickness: 0.6,
    colour: block.rule,
  })
}

function drawRule(
  sheet: Sheet,
  rule: { x: number; y: number; width: number; thickness: number; colour: string },
): void {
  decorate(sheet, () => {
    sheet.doc.moveTo(rule.x, rule.y).lineTo(rule.x + rule.width, rule.y)
    sheet.doc.lineCap('butt').lineWidth(rule.thickness).stroke(colourOf(sheet, rule.colour))
  })
}

/** The code as one path: a run of dark modules in a row is one rectangle. */
function drawCode(sheet: Sheet, block: Extract<Block, { draw: 'code' }>): void {
  const { data, size } = encode(sheet.address, { ecc: 'M', border: 0 })
  const module = block.size / size
  const alternative = sheet.words(block.alternative) ?? sheet.address
  const place = { ...block, width: block.size, height: block.size }
  structure(
    sheet,
    'Figure',
    () => {
      data.forEach((row, line) => {
        let start = -1
        for (let at = 0; at <= size; at += 1) {
          if (row[at] && start < 0) start = at
          if (row[at] || start < 0) continue
          const width = (at - start) * module
          sheet.doc.rect(block.x + start * module, block.y + line * module, width, module)
          start = -1
        }
      })
      sheet.doc.fill(colourOf(sheet, block.colour))
    },
    pictureOf(alternative, place),
  )
}

function drawCrest(sheet: Sheet, block: Extract<Block, { draw: 'crest' }>): void {
  const art = sheet.design.art.get(sheet.design.file.crest.file)
  if (!art) return
  structure(sheet, 'Figure', () => drawArt(sheet, art, block), pictureOf(sheet.alternative, block))
}

/** Draws one thing of the layout. */
export function drawBlock(
  sheet: Sheet,
  block: Block,
  page: { width: number; height: number },
): void {
  if (block.draw === 'art') {
    const art = sheet.design.art.get(block.file)
    if (art) decorate(sheet, () => drawArt(sheet, art, { x: 0, y: 0, ...page }))
  } else if (block.draw === 'crest') drawCrest(sheet, block)
  else if (block.draw === 'text') drawText(sheet, block)
  else if (block.draw === 'rule') drawRule(sheet, block)
  else if (block.draw === 'details') drawDetails(sheet, block)
  else if (block.draw === 'signatory') drawSignatory(sheet, block)
  else drawCode(sheet, block)
}
