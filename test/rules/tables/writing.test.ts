import { expect } from 'chai'
import fc from 'fast-check'
import { readHere } from '../../../src/tables/reading.js'
import { usualLimits, writeCsv, writeXlsx, type Cell } from '../../../src/tables/tables.js'
import { property } from '../../support/property.js'

async function whole(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all)
}

const read = (bytes: Buffer) => readHere(bytes, 'x', usualLimits)

describe('a table that is written', () => {
  const rows: Cell[][] = [
    ['Siân Ŵyn', '+44 20 7219 3000', 12],
    ['a, "b"\nc', '', undefined],
  ]

  it('as CSV comes back as it was', async () => {
    const bytes = await whole(writeCsv(['name', 'phone', 'n'], rows))
    expect(bytes.subarray(0, 3)).to.deep.equal(Buffer.from([0xef, 0xbb, 0xbf]))
    const sheet = await read(bytes)
    expect(sheet.rows.map(({ cells }) => cells)).to.deep.equal([
      ['name', 'phone', 'n'],
      ['Siân Ŵyn', '+44 20 7219 3000', '12'],
      ['a, "b"\nc', '', ''],
    ])
  })

  it('as a workbook comes back as it was', async () => {
    const bytes = await whole(writeXlsx('Register: all/of it', ['name', 'phone', 'n'], rows))
    const sheet = await read(bytes)
    expect(sheet.faults).to.deep.equal([])
    expect(sheet.rows.map(({ cells }) => cells)).to.deep.equal([
      ['name', 'phone', 'n'],
      ['Siân Ŵyn', '+44 20 7219 3000', '12'],
      ['a, "b"\nc'],
    ])
  })

  const formulas = ['=1+1', ' =1+1', '@SUM(A1)', '-cmd', '+cmd', '\t=1', '\r=1', '=HYPERLINK("x")']
  for (const formula of formulas) {
    it(`has no cell that a spreadsheet would run: ${JSON.stringify(formula)}`, async () => {
      const text = (await whole(writeCsv(['a'], [[formula]]))).toString().split('\r\n')[1] ?? ''
      expect(text.replace(/^"/, '')).to.match(/^'/)
    })
  }

  it('holds no formula in any piece, however its cells are made', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('=', '+', '-', '@', ' ', '\t', 'a', '1', ',', '"'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(cell, { minLength: 1, maxLength: 3 })), async (table) => {
        const sheet = await read(await whole(writeCsv(['h'], table)))
        for (const row of sheet.rows) {
          for (const written of row.cells) expect(written).to.not.match(/^\s*[=@]|^\s*[+-][^\d\s]/)
        }
      }),
      property(100, 2000),
    )
  })
})
