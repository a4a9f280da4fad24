import { expect } from 'chai'
import { readCsv } from '../../../src/tables/tables.js'

const read = (text: string, encoding: BufferEncoding = 'utf8') =>
  readCsv(Buffer.from(text, encoding), 'people.csv')

describe('a CSV file with a header', () => {
  it('comes back by column name, whatever its line endings and delimiter', async () => {
    for (const text of ['ID,name\r\n1,"a, b"\r\n', 'id;Name\r1;"a, b"\r', 'id\tname\n1\ta, b\n']) {
      const { columns, rows, faults } = await read(text)
      expect(faults).to.deep.equal([])
      expect(columns).to.deep.equal(['id', 'name'])
      expect(rows).to.deep.equal([{ line: 2, cells: { id: '1', name: 'a, b' } }])
    }
  })

  it('is the same wherever the pieces end in which it is read', async () => {
    // Letters of one to four bytes, so that pieces end inside letters, quotes and line breaks.
    const words = ['a', 'ŵ', 'ẅ', '𐐀', 'b, c', '"d"', 'e\r\nf']
    const cells = Array.from({ length: 12_000 }, (_, at) => words[(at * at) % 7] ?? '')
    const quoted = cells.map((cell) => `"${cell.replaceAll('"', '""')}"`)
    const { rows, faults } = await read(
      `n,name\r\n${quoted.map((cell) => `1,${cell}`).join('\r\n')}`,
    )
    expect(faults).to.deep.equal([])
    expect(rows.map((row) => row.cells['name']).join('|')).to.equal(cells.join('|'))
    const breaks = cells.slice(0, -1).filter((cell) => cell.includes('\n')).length
    expect(rows.at(-1)?.line).to.equal(cells.length + 1 + breaks)
  })

  const faulty: [what: string, text: string, line: number | undefined, key: string][] = [
    ['a column named twice', 'id,ID\n1,2\n', 1, 'table.column-twice'],
    ['a row with too many cells', 'id,name\n1,2\n1,2,3\n', 3, 'table.cell-count'],
    ['a row cut off', 'id,name\n1,2\n3', 3, 'table.cell-count'],
    ['an open quotation mark', 'id,name\n1,"2\n', 2, 'table.broken-quotes'],
    ['nothing', ' \n', undefined, 'table.empty'],
  ]
  for (const [what, text, line, key] of faulty) {
    it(`says so where it has ${what}`, async () => {
      const { faults } = await read(text)
      expect(faults.map((fault) => [fault.line, fault.say.key])).to.deep.equal([[line, key]])
    })
  }

  it('is refused where it is not UTF-8, with the line', async () => {
    const { rows, faults } = await read('id,name\n1,a\n2,Siân\n', 'latin1')
    expect(rows).to.deep.equal([])
    expect(faults[0]).to.deep.include({ line: 3 })
    expect((await read('\ufeffid,name\n', 'utf16le')).faults[0]?.say.key).to.equal('table.utf-16')
  })
})
