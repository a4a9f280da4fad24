import { expect } from 'chai'
import {
  asWritten,
  charactersMissing,
  nameCharacters,
} from '../../../src/certificates/characters.js'
import { contrast } from '../../../src/certificates/contrast.js'
import { unsupportedCharacters } from '../../../src/certificates/design-faces.js'
import { classic } from '../../support/certificates.js'

describe('the letters of a name', () => {
  const shown = [
    'Ffion Gwenllïan Ŵyn-Ŷstrad',
    'Siân ŵ ŷ ẅ ẁ ẃ ỳ Ẅ Ẁ',
    'O’Súilleabháin',
    'Łukasz Żółć',
    'Đặng Thị Hương',
    'Иван Петрович',
    'Αλέξανδρος',
    'M\u0302ar\u0301ia Z\u0308oe\u0308',
    'e\u0301 composed and not: é',
    '<script>alert(1)</script>',
    'Ö',
    'R & D “Smith” 3rd',
  ]
  for (const name of shown) {
    it(`are all shown in ${name}`, () => {
      expect(unsupportedCharacters(name, classic())).to.deep.equal([])
    })
  }

  const refused = [
    { name: 'Ann 😀 Smith', letters: '😀 (U+1F600)' },
    { name: 'دانة Smith', letters: 'U+062F, U+0627, U+0646, U+0629' },
    { name: 'דוד לוי', letters: 'U+05D3, U+05D5, U+05DC, U+05D9' },
    { name: '山田太郎', letters: '山 (U+5C71), 田 (U+7530), 太 (U+592A), 郎 (U+90CE)' },
    { name: 'Ann\u202Ehtims', letters: 'U+202E' },
    { name: 'An\u0000n', letters: 'U+0000' },
    { name: 'An\u200Bn\uD800', letters: 'U+200B, U+D800' },
    { name: '👩‍👩‍👧 Smith', letters: '👩‍👩‍👧 (U+1F469 U+200D U+1F469 U+200D U+1F467)' },
  ]
  for (const { name, letters } of refused) {
    it(`are refused by name in ${JSON.stringify(name)}`, () => {
      expect(nameCharacters(unsupportedCharacters(name, classic()))).to.equal(letters)
    })
  }

  it('are refused when a face breaks over how to place a mark', () => {
    const face = {
      hasGlyphForCodePoint: () => true,
      layout: () => {
        throw new TypeError('no anchor')
      },
    }
    expect(charactersMissing('x\u0302y', face)).to.deep.equal(['x\u0302'])
  })

  it('are compared composed, with single spaces', () => {
    expect(asWritten('  Sia\u0302n \n ap  Gwilym ')).to.equal('Siân ap Gwilym')
  })
})

describe('contrast', () => {
  it('is measured as WCAG does', () => {
    expect(contrast('#000000', '#ffffff')).to.equal(21)
    expect(contrast('#777777', '#ffffff')).to.be.closeTo(4.48, 0.01)
    expect(contrast('#1f3d33', '#1f3d33')).to.equal(1)
  })
})
