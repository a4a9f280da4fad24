import { cpSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { checkDesign } from '../../../src/certificates/design-check.js'
import { languages, loadWords } from '../../../src/language.js'
import { aFolder, designsDir } from '../../support/certificates.js'

const words = loadWords(join(designsDir, '../views/text'))

/** A copy of the classic design with something changed in its design file or beside it. */
function aDesign(
  change: (yaml: string) => string,
  beside: (directory: string) => void = () => undefined,
): string {
  const directory = aFolder()
  cpSync(join(designsDir, 'classic'), directory, { recursive: true })
  const file = join(directory, 'design.yaml')
  const before = readFileSync(file, 'utf8')
  const after = change(before)
  writeFileSync(file, after)
  beside(directory)
  return directory
}

const put = (from: string | RegExp, to: string) => (yaml: string) => {
  const changed = yaml.replace(from, to)
  if (changed === yaml) throw new Error(`nothing like ${String(from)} in the design`)
  return changed
}

const same = (yaml: string): string => yaml

describe('every certificate design', () => {
  const folders = readdirSync(designsDir, { withFileTypes: true }).filter((one) =>
    one.isDirectory(),
  )
  for (const { name } of folders) {
    it(`can be used: ${name}`, () => {
      expect(checkDesign(join(designsDir, name))).to.deep.equal([])
    })
  }
})

describe('a design with something wrong in it', () => {
  const cases: {
    wrong: string
    design: () => string
    fault: string
    says?: RegExp
    at?: RegExp
    file?: string
  }[] = [
    {
      wrong: 'a font that is not there',
      design: () => aDesign(put('400Regular/SourceSans3', 'nowhere/X')),
      fault: 'missing-file',
      at: /plain: npm/,
    },
    {
      wrong: 'a font from outside its folder',
      design: () => aDesign(put(/plain: npm.*/, 'plain: a/../../../etc/passwd')),
      fault: 'missing-file',
    },
    {
      wrong: 'a font that is none',
      design: () => aDesign(put(/plain: npm.*/, 'plain: frame.svg')),
      fault: 'not-a-font',
    },
    {
      wrong: 'a crest of 50 MB',
      design: () =>
        aDesign(same, (directory) => truncateSync(join(directory, 'crest.svg'), 50 * 1024 * 1024)),
      fault: 'too-large',
      says: /51,?200|51200/,
    },
    {
      wrong: 'colours without contrast',
      design: () => aDesign(put("quiet: '#4d5a55'", "quiet: '#c0c6c2'")),
      fault: 'low-contrast',
      says: /“quiet” .* 1\.7 to 1/,
    },
    {
      wrong: 'another schema',
      design: () => aDesign(put('signatories:', 'signaturies:')),
      fault: 'schema',
    },
    {
      wrong: 'a text without Welsh',
      design: () => aDesign(put(/ {4}lead: Tystir.*\n/, '')),
      fault: 'no-welsh-text',
      at: /lead: This is/,
    },
    {
      wrong: 'an office without Welsh',
      design: () => aDesign(put(/ {6}cy: Clerc y Senedd\n/, '')),
      fault: 'no-welsh',
      at: /en: Clerk of the Parliament/,
    },
    {
      wrong: 'a colour nobody named',
      design: () => aDesign(put('colour: deep, tracking', 'colour: puce, tracking')),
      fault: 'unknown-colour',
      says: /puce/,
    },
    {
      wrong: 'a font nobody named',
      design: () => aDesign(put('font: italic, size: 17', 'font: cursive, size: 17')),
      fault: 'unknown-font',
    },
    {
      wrong: 'a text nobody wrote',
      design: () => aDesign(put('text: lead,', 'text: leed,')),
      fault: 'unknown-text',
    },
    {
      wrong: 'a placeholder nobody fills',
      design: () => aDesign(put("holder: '{{holder}}'", "holder: '{{holder}} {{nino}}'")),
      fault: 'unknown-placeholder',
      says: /nino/,
    },
    {
      wrong: 'no name on it',
      design: () => aDesign(put(/ {2}- \{ draw: text, text: holder.*\n/, '')),
      fault: 'no-part',
    },
    {
      wrong: 'something off the page',
      design: () => aDesign(put('x: 385.9, y: 434', 'x: 785.9, y: 434')),
      fault: 'off-page',
    },
    {
      wrong: 'two headings',
      design: () => aDesign(put('text: lead, x', 'text: lead, as: heading, x')),
      fault: 'no-heading',
    },
    {
      wrong: 'letters its font lacks',
      design: () => aDesign(put('lead: This is', 'lead: 😀 This is')),
      fault: 'no-letters',
    },
    {
      wrong: 'a file that is not YAML',
      design: () => aDesign(put('name:\n', 'name: [\n')),
      fault: 'not-yaml',
    },
    {
      wrong: 'a badge that is no picture',
      design: () => aDesign(put('png: badge.png', 'png: design.yaml')),
      fault: 'not-a-picture',
    },
    { wrong: 'no design file', design: () => aFolder(), fault: 'missing-file' },
    {
      wrong: 'a crest with a picture inside',
      design: () =>
        aDesign(same, (directory) =>
          writeFileSync(
            join(directory, 'crest.svg'),
            '<svg viewBox="0 0 9 9">\n<image href="x.png"/>\n</svg>',
          ),
        ),
      fault: 'art-element',
      file: 'crest.svg',
    },
    {
      wrong: 'a crest that is no SVG',
      design: () =>
        aDesign(same, (directory) => writeFileSync(join(directory, 'crest.svg'), 'GIF89a')),
      fault: 'art-not-svg',
      file: 'crest.svg',
    },
    {
      wrong: 'a frame moved by a transform',
      design: () =>
        aDesign(same, (directory) =>
          writeFileSync(
            join(directory, 'frame.svg'),
            '<svg viewBox="0 0 9 9"><path transform="rotate(3)" d="M0 0h9"/></svg>',
          ),
        ),
      fault: 'art-transform',
      file: 'frame.svg',
    },
  ]
  for (const { wrong, design, fault, says, at, file = 'design.yaml' } of cases) {
    it(`is told so, by file and line: ${wrong}`, () => {
      const directory = design()
      const faults = checkDesign(directory)
      const found = faults.find(({ say }) => say.key === `certificates.design.${fault}`)
      expect(found, JSON.stringify(faults)).to.not.equal(undefined)
      if (!found) return
      expect(found.file).to.equal(file)
      expect(found.line).to.be.greaterThan(0)
      for (const language of languages) {
        expect(words.say(language, found.say)).to.not.match(/\{\{|\$t\(/)
      }
      if (says) expect(words.say('en', found.say)).to.match(says)
      if (at) {
        const line = readFileSync(join(directory, file), 'utf8').split('\n')[(found.line ?? 1) - 1]
        expect(line).to.match(at)
      }
    })
  }
})
