import { expect } from 'chai'
import fc from 'fast-check'
import { fit, leading } from '../../../src/certificates/fitting.js'
import { property } from '../../support/property.js'

const box = { width: 600, height: 60 }
const style = { size: 40, least: 12, lines: 3, tracking: 0 }
/** Every letter half as wide as it is high. */
const measure = (text: string): number => text.length / 2

describe('a text in its box', () => {
  it('stands on one line as designed when it is short', () => {
    expect(fit('Ö', box, style, measure)).to.deep.equal({ size: 40, lines: ['Ö'] })
    expect(fit('Ffion Gwenllïan Morgan', box, style, measure)).to.deep.equal({
      size: 40,
      lines: ['Ffion Gwenllïan Morgan'],
    })
  })

  it('shrinks a little before it is broken, and is broken where words end', () => {
    expect(fit('x'.repeat(40), box, style, measure).lines).to.have.length(1)
    const { lines } = fit(
      'Anna Maria Louisa Featherstonehaugh-Cholmondeley of Great Bircham and Ystrad',
      box,
      style,
      measure,
    )
    expect(lines.length).to.be.greaterThan(1)
    expect(lines.every((line) => line === line.trim())).to.equal(true)
  })

  it('always fits, always says everything, and never on more lines than allowed', () => {
    const letter = fc.constantFrom('a', 'W', 'ŵ', ' ', ' ', '-', 'i', '\u0301')
    const names = fc
      .array(letter, { minLength: 1, maxLength: 200 })
      .map((letters) => letters.join('').trim())
      .filter((name) => name !== '')
    fc.assert(
      fc.property(names, (name) => {
        const { size, lines } = fit(name, box, style, measure)
        expect(lines.length).to.be.at.most(3)
        expect(lines.join('').replaceAll(' ', '')).to.equal(name.replaceAll(' ', ''))
        for (const line of lines) expect(measure(line) * size).to.be.at.most(box.width + 0.01)
        if (lines.length > 1) expect(lines.length * size * leading).to.be.at.most(box.height + 0.01)
      }),
      property(300, 10_000),
    )
  })
})
