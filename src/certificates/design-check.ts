import type { Fault } from '../errors.js'
import { languages } from '../language.js'
import { charactersMissing } from './characters.js'
import { contrast, contrastNeeded } from './contrast.js'
import {
  page,
  placeholders,
  placeholdersIn,
  stylesOf,
  type Block,
  type TypeStyle,
} from './design.js'
import { faceFor } from './design-faces.js'
import { readDesign, type Design } from './design-files.js'

type Path = readonly PropertyKey[]
type Report = (what: string, path: Path, params?: Record<string, string | number>) => void

/**
 * Everything that is wrong with a design folder, by file, line and sentence (`certificates.design.…`); empty
 * when certificates can be drawn in it. For `check-content` and for people who make designs.
 */
export function checkDesign(directory: string): Fault[] {
  const read = readDesign(directory)
  if ('faults' in read) return read.faults
  const faults: Fault[] = []
  const report: Report = (what, path, params = {}) => {
    const say = { key: `certificates.design.${what}`, with: params }
    faults.push({ say, file: 'design.yaml', line: read.lineOf(path) })
  }
  checkTexts(read.design, report)
  read.design.file.layout.forEach((block, index) => {
    checkBlock(read.design, block, ['layout', index], report)
  })
  checkWhole(read.design, report)
  return faults
}

function checkTexts({ file }: Design, report: Report): void {
  const { en, cy } = file.texts
  for (const text of Object.keys(en)) {
    if (!(text in cy)) report('no-welsh-text', ['texts', 'en', text], { text })
  }
  for (const text of Object.keys(cy)) {
    if (!(text in en)) report('no-english-text', ['texts', 'cy', text], { text })
  }
  for (const language of languages) {
    for (const [text, words] of Object.entries(file.texts[language])) {
      for (const name of placeholdersIn(words)) {
        if (placeholders.some((known) => known === name)) continue
        report('unknown-placeholder', ['texts', language, text], {
          name,
          known: placeholders.join(', '),
        })
      }
    }
  }
}

/** The texts that a block shows, each with the style it is written in. */
function textsOf(block: Block): { text: string; style: TypeStyle | undefined }[] {
  if (block.draw === 'text') return [{ text: block.text, style: block }]
  if (block.draw === 'code') return [{ text: block.alternative, style: undefined }]
  if (block.draw !== 'details') return []
  return block.details.flatMap(({ label, value }) => [
    { text: label, style: block.label },
    { text: value, style: block.value },
  ])
}

function checkBlock(design: Design, block: Block, path: Path, report: Report): void {
  const { file } = design
  const paper = file.colours['paper'] ?? '#ffffff'
  const colour = (name: string, size: number): void => {
    const value = file.colours[name]
    if (value === undefined) {
      report('unknown-colour', path, { colour: name })
      return
    }
    const ratio = contrast(value, paper)
    const needed = contrastNeeded(size)
    if (ratio >= needed) return
    report('low-contrast', path, { colour: name, ratio: ratio.toFixed(1), size, needed })
  }
  for (const style of stylesOf(block)) colour(style.colour, style.size)
  // A scanner needs the code darker than an eye would.
  if (block.draw === 'code') colour(block.colour, 1)
  if (block.draw === 'rule') knownColour(design, block.colour, path, report)
  if (block.draw === 'signatory') {
    knownColour(design, block.rule, path, report)
    if (!file.signatories[block.signatory]) {
      report('unknown-signatory', path, { number: block.signatory })
    }
  }
  for (const { text, style } of textsOf(block)) {
    for (const language of languages) {
      const words = file.texts[language][text]
      if (words === undefined) {
        if (!(text in file.texts.en) && language === 'en') report('unknown-text', path, { text })
      } else if (style) {
        const { name, face } = faceFor(words, style, design)
        const missing = charactersMissing(words, face)
        if (missing.length === 0) continue
        const params = { text, font: name, letters: missing.join(' ') }
        report('no-letters', ['texts', language, text], params)
      }
    }
  }
  checkPlace(block, path, report)
}

function knownColour({ file }: Design, colour: string, path: Path, report: Report): void {
  if (!(colour in file.colours)) report('unknown-colour', path, { colour })
}

function checkPlace(block: Block, path: Path, report: Report): void {
  if (block.draw === 'art') return
  const width =
    'size' in block && block.draw === 'code' ? block.size : 'width' in block ? block.width : 0
  const height = block.draw === 'code' ? block.size : 'height' in block ? block.height : 0
  if (block.x + width <= page.width && block.y + height <= page.height) return
  report('off-page', path, { ...page })
}

/** What the credential says to other systems; not on the page. */
const badgeTexts = ['badge-description', 'badge-criteria'] as const

/** What every certificate must show: without these it would not say what it is for. */
const parts = ['holder', 'course', 'completed-on', 'serial', 'address'] as const

function checkWhole({ file }: Design, report: Report): void {
  const headings = file.layout.filter((block) => block.draw === 'text' && block.as === 'heading')
  if (headings.length !== 1) report('no-heading', ['layout'], { number: headings.length })
  const shown = file.layout
    .flatMap(textsOf)
    .flatMap(({ text }) => placeholdersIn(file.texts.en[text] ?? ''))
  for (const part of parts) {
    if (!shown.includes(part)) report('no-part', ['layout'], { part })
  }
  for (const text of badgeTexts) {
    if (!(text in file.texts.en)) report('no-part', ['texts', 'en'], { part: text })
  }
  for (const draw of ['crest', 'code'] as const) {
    if (!file.layout.some((block) => block.draw === draw))
      report('no-part', ['layout'], { part: draw })
  }
}
