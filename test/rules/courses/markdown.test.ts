import { expect } from 'chai'
import fc from 'fast-check'
import MarkdownIt from 'markdown-it'
import { renderBlock, type Place } from '../../../src/courses/markdown.js'
import { curlQuotes } from '../../../src/courses/quotes.js'
import { property } from '../../support/property.js'

const place: Place = {
  file: 'en.md',
  language: 'en',
  report: () => undefined,
  addressOf: (link) => `/training/${link}`,
  imageOf: (source) => source,
  quote: () => undefined,
}

/** The library alone, told only what no course is written with. */
const md = new MarkdownIt({ html: false })
md.disable(['code', 'html_block', 'html_inline', 'lheading', 'linkify', 'reference'])
const alone = (text: string): string => curlQuotes(md.render(text))
const ours = (text: string): string => renderBlock(text, place, () => 1)

describe('Markdown whose plain words are stepped over', () => {
  const cases: [written: string, shown: string][] = [
    ['**Aim.** To learn', '<p><strong>Aim.</strong> To learn</p>\n'],
    ['a *good* one (**the** best)', '<p>a <em>good</em> one (<strong>the</strong> best)</p>\n'],
    [
      '**Ŵyl** and **tŷ**, *both*',
      '<p><strong>Ŵyl</strong> and <strong>tŷ</strong>, <em>both</em></p>\n',
    ],
    ['2 * 3 * 4', '<p>2 * 3 * 4</p>\n'],
    ['**no end', '<p>**no end</p>\n'],
    ['***both***', '<p><em><strong>both</strong></em></p>\n'],
    ['**one *two* three**', '<p><strong>one <em>two</em> three</strong></p>\n'],
    ['in*side*word', '<p>in<em>side</em>word</p>\n'],
  ]
  for (const [written, shown] of cases) {
    it(`shows ${written} as it should be`, () => {
      expect(ours(written)).to.equal(shown)
      expect(alone(written)).to.equal(shown)
    })
  }

  it('comes out as the library alone would show it', () => {
    const pieces = [
      'a',
      'Ŵy',
      '7',
      ' ',
      ' ',
      '\n',
      '\n\n',
      '*',
      '*',
      '**',
      '**',
      '***',
      '.',
      ',',
      '(',
      ')',
    ]
    const rare = [
      "'",
      '"',
      '_',
      '`',
      '\\',
      '!',
      '[',
      ']',
      '](x)',
      '&',
      '&amp;',
      '<',
      '~~',
      '–',

      '- ',
      '|',
      '1. ',
      '😀',
    ]
    const piece = fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...pieces) },
      { weight: 1, arbitrary: fc.constantFrom(...rare) },
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 24 }), (written) => {
        // A mark at its head: a text without any is not parsed at all.
        const text = `*x* ${written.join('')}`
        expect(linksAside(ours(text))).to.equal(linksAside(alone(text)))
      }),
      property(2_000, 200_000),
    )
  })
})

/** Where a link leads is ours to say, and tried elsewhere. */
const linksAside = (html: string): string => html.replaceAll(/<(a|img) [^>]*>/g, '<$1>')
