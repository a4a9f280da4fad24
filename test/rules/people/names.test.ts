import { expect } from 'chai'
import fc from 'fast-check'
import { createNameIndex } from '../../../src/people/name-index.js'
import { comparedWords, oneSlipApart } from '../../../src/people/name-words.js'
import { property } from '../../support/property.js'

const gathered = createNameIndex()
const everybody: [id: string, name: string, ...before: string[]][] = [
  ['sian', 'Siân Ŵyn'],
  ['john', 'John Michael Penhallow', 'John Sparrowhawk'],
  ['jon', 'Jon Penhallow'],
  ['baroness', 'Baroness Ashgrove of Calderfoot', 'Mair Ashgrove'],
  ['cromarty', 'Lord Cromarty'],
  ['wei', 'Li Wei'],
  ['twice-a', 'Ada Linnet'],
  ['twice-b', 'Ada Linnet'],
  ['dashed', 'Nia Llanfair-Puw'],
]
for (const [id, now, ...before] of everybody) gathered.add({ id, now: [now], before })
const names = gathered.finish()

describe('a name on a register', () => {
  const cases: [written: string, likeness: string | undefined, people?: string[]][] = [
    ['Siân Ŵyn', 'same', ['sian']],
    ['SIAN WYN', 'same', ['sian']],
    ['Wyn, Sian', 'order', ['sian']],
    ['Dr Siân Ŵyn MP', 'same', ['sian']],
    ['John Penhallow', 'part', ['john']],
    ['John Michael George Penhallow', 'part', ['john']],
    ['J Penhallow', 'initials', ['john', 'jon']],
    ['J. M. Penhallow', 'initials', ['john', 'jon']],
    ['Jon Penhallow', 'same', ['jon']],
    ['Sian Win', 'slip', ['sian']],
    ['Sina Wyn', 'slip', ['sian']],
    ['Wei Li', 'order', ['wei']],
    ['Ada Linnet', 'same', ['twice-a', 'twice-b']],
    ['Nia Llanfair Puw', 'same', ['dashed']],
    ['Llanfair-Puw, Nia', 'order', ['dashed']],
    ['John Sparrowhawk', 'former', ['john']],
    ['Mair Ashgrove', 'former', ['baroness']],
    ['Lady Ashgrove of Calderfoot', 'same', ['baroness']],
    ['Lord Cromarty', 'same', ['cromarty']],
    ['Somebody Else', undefined],
    ['Penhallow', undefined],
    ['S W', undefined],
    ['', undefined],
    ['?!', undefined],
  ]
  for (const [written, likeness, people = []] of cases) {
    it(`“${written}” is ${likeness ?? 'nobody’s'}`, () => {
      const likely = names.likely(written, 5)
      expect(likely?.likeness).to.equal(likeness)
      expect(likely?.people ?? []).to.have.members(people)
    })
  }
})

describe('a search for a name', () => {
  const cases: [text: string, people: string[]][] = [
    ['si', ['sian']],
    ['wyn s', ['sian']],
    ['penh jo', ['john', 'jon']],
    ['jon penh', ['jon']],
    ['sparrowh', ['john']],
    ['ashgrove mair', ['baroness']],
    ['nobody', []],
    ['', []],
    ['.*', []],
  ]
  for (const [text, people] of cases) {
    it(`“${text}”`, () => {
      expect(names.search(text, 10)).to.have.members(people)
    })
  }

  it('answers the likest first and no more than asked for', () => {
    expect(names.search('jon', 1)).to.deep.equal(['jon'])
    expect(names.search('ada', 1)).to.have.length(1)
  })
})

describe('words of names', () => {
  it('are one slip apart by one letter more, less, other, or two swapped', () => {
    const apart = ['smth', 'smithe', 'smyth', 'simth', 'xmith', 'smitx', 'msith']
    for (const word of apart) expect(oneSlipApart('smith', word), word).to.equal(true)
    for (const word of ['smith', 'smythe', 'smi', 'htims', 'smiht2']) {
      expect(oneSlipApart('smith', word), word).to.equal(false)
    }
  })

  it('are one slip apart both ways round', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 })
    fc.assert(
      fc.property(word, word, (a, b) => oneSlipApart(a, b) === oneSlipApart(b, a)),
      property(500, 20_000),
    )
  })

  it('leave titles out, unless too little is left', () => {
    expect(comparedWords('The Rt Hon. Dr Nia Wyn MP')).to.deep.equal(['nia', 'wyn'])
    expect(comparedWords('Baroness Wyn')).to.deep.equal(['baroness', 'wyn'])
  })
})
