import { expect } from 'chai'
import { readHere } from '../../../src/tables/reading.js'
import { readSheet, usualLimits } from '../../../src/tables/tables.js'
import { bomb, c, plainRows, workbook, workbookParts, zipOf } from '../../support/workbooks.js'

const bytes = (text: string, encoding: BufferEncoding = 'utf8') => Buffer.from(text, encoding)
const read = (content: Uint8Array) => readHere(content, 'register.csv', usualLimits)
const keys = (faults: readonly { say: { key: string } }[]) => faults.map(({ say }) => say.key)

const header = ['name', 'attendance']
const table = [header, ['Siân Ŵyn', 'attended']]

describe('a sheet', () => {
  describe('of text', () => {
    const accepted: [what: string, content: Uint8Array, notes?: string[]][] = [
      ['with commas', bytes('name,attendance\nSiân Ŵyn,attended\n')],
      ['with semicolons', bytes('name;attendance\nSiân Ŵyn;attended\n')],
      ['with tabs', bytes('name\tattendance\nSiân Ŵyn\tattended\n')],
      ["with Excel's own first line", bytes('sep=;\nname;attendance\nSiân Ŵyn;attended\n')],
      ['with old Macintosh line endings', bytes('name,attendance\rSiân Ŵyn,attended\r')],
      ['with Windows line endings', bytes('name,attendance\r\nSiân Ŵyn,attended\r\n')],
      ['with a byte-order mark', bytes('\ufeffname,attendance\nSiân Ŵyn,attended\n')],
      ['with blanks around cells', bytes('name , attendance\n Siân Ŵyn , attended \n')],
      [
        'in UTF-16, little end first',
        bytes('\ufeffname\tattendance\r\nSiân Ŵyn\tattended\r\n', 'utf16le'),
        ['table.read-utf-16'],
      ],
      [
        'in UTF-16, big end first',
        bytes('\ufeffname,attendance\nSiân Ŵyn,attended\n', 'utf16le').swap16(),
        ['table.read-utf-16'],
      ],
    ]
    for (const [what, content, notes = []] of accepted) {
      it(`is read ${what}`, async () => {
        const sheet = await read(content)
        expect(sheet.faults).to.deep.equal([])
        expect(sheet.rows.map(({ cells }) => cells)).to.deep.equal(table)
        expect(keys(sheet.notes)).to.deep.equal(notes)
      })
    }

    it('is read in Windows-1252, which is said with the line that shows it', async () => {
      const sheet = await read(bytes('name,attendance\nA,attended\nSiân,attended\n', 'latin1'))
      expect(sheet.rows[2]?.cells[0]).to.equal('Siân')
      const [note] = sheet.notes
      expect(note).to.include({ line: 3 })
      expect(note?.say.key).to.equal('table.read-windows-1252')
    })

    it('keeps the lines that rows begin on, whatever lies between', async () => {
      const sheet = await read(bytes('name,note\n\n"A\nB",x\n,\nC,y\n'))
      expect(sheet.rows.map(({ line }) => line)).to.deep.equal([1, 3, 6])
    })
  })

  describe('of a workbook', () => {
    it('is read with its numbers, blanks and dates as text', async () => {
      const rows = `<row r="1">${c('A1', 'date')}${c('B1', 'start')}${c('C1', 'minutes')}</row><row r="3">${c('A3', 44119, { style: 1 })}${c('B3', 0.4375, { style: 2 })}${c('C3', 90)}</row><row r="4">${c('A4', 44119.5, { style: 3 })}${c('C4', ' x ')}</row>`
      const sheet = await read(workbook([{ name: 'Register', rows }]))
      expect(sheet).to.deep.include({ kind: 'xlsx', countsFrom: 1900, faults: [], notes: [] })
      expect(sheet.rows).to.deep.equal([
        { line: 1, cells: ['date', 'start', 'minutes'] },
        { line: 3, cells: ['2020-10-15', '10:30', '90'] },
        { line: 4, cells: ['2020-10-15 12:00', '', 'x'] },
      ])
    })

    it('counts its dates from 1904 where it says so', async () => {
      const rows = `<row r="1">${c('A1', 'date')}${c('B1', 'start')}</row><row r="2">${c('A2', 42657, { style: 1 })}${c('B2', 0.4375, { style: 2 })}</row>`
      const sheet = await read(workbook([{ name: 'Register', rows }], { date1904: true }))
      expect(sheet.countsFrom).to.equal(1904)
      expect(sheet.rows[1]?.cells).to.deep.equal(['2020-10-15', '10:30'])
    })

    it('says the same of every row that a merged cell covers', async () => {
      const rows = `<row r="1">${c('A1', 'date')}${c('B1', 'name')}</row><row r="2">${c('A2', '2020-10-15')}${c('B2', 'A')}</row><row r="3">${c('B3', 'B')}</row>`
      const after = '<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'
      const sheet = await read(workbook([{ name: 'Register', rows, after }]))
      expect(sheet.rows.at(-1)?.cells).to.deep.equal(['2020-10-15', 'B'])
      expect(keys(sheet.notes)).to.deep.equal(['table.merged'])
    })

    it('reads the value a formula last had, and says where', async () => {
      const rows = `<row r="1">${c('A1', 'name')}${c('B1', 'attendance')}</row><row r="2">${c('A2', 'A')}${c('B2', 'attended', { formula: 'VLOOKUP(A2,Z:Z,1)' })}</row>`
      const sheet = await read(workbook([{ name: 'Register', rows }]))
      expect(sheet.rows[1]).to.deep.equal({ line: 2, cells: ['A', 'attended'], formulas: [1] })
    })

    it('passes over hidden sheets and those that come after, and says so', async () => {
      const sheet = await read(
        workbook([
          { name: 'Old', rows: plainRows([header, ['Hidden', 'absent']]), state: 'hidden' },
          { name: 'Cover', rows: plainRows([['Read me']]) },
          { name: 'Register', rows: plainRows(table) },
          { name: 'More', rows: plainRows(table) },
        ]),
      )
      expect(sheet.rows.map(({ cells }) => cells)).to.deep.equal(table)
      const notes = ['table.sheet-hidden', 'table.sheet-not-read', 'table.sheet-not-read']
      expect(keys(sheet.notes)).to.deep.equal(notes)
    })

    it('says that rows are hidden', async () => {
      const rows = plainRows(table).replace('<row r="2">', '<row r="2" hidden="1">')
      expect(keys((await read(workbook([{ name: 'R', rows }]))).notes)).to.deep.equal([
        'table.hidden-rows',
      ])
    })
  })

  describe('is refused with a sentence, and nothing of it is taken,', () => {
    const good = workbookParts([{ name: 'Register', rows: plainRows(table) }])
    const entity = {
      ...good,
      'xl/worksheets/sheet1.xml': `<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>`,
    }
    const wide = `<row r="1">${c('A1', 'name')}${c('XFD1', 'x')}</row>`
    const many = Array.from({ length: 100_000 }, (_, n) => `name ${n},attended`)
    const refused: [what: string, content: Uint8Array, key: string][] = [
      ['a PDF called .csv', bytes('%PDF-1.7\n'), 'table.is-pdf'],
      ['a zip that is no workbook', zipOf({ 'a.txt': 'a' }), 'table.is-zip'],
      [
        'an old or locked workbook',
        Buffer.from('d0cf11e0a1b11ae1', 'hex'),
        'table.is-old-or-locked',
      ],
      ['a web page called .xls', bytes('<html><table></table></html>'), 'table.is-web-page'],
      ['an empty file', bytes(''), 'table.empty'],
      ['a file of blank lines', bytes('\n , \n\n'), 'table.empty'],
      ['bytes that are no text', Buffer.from([0x61, 0, 1, 2, 3, 0xff, 0x81]), 'table.binary'],
      ['an open quotation mark', bytes('name,note\n"A,b\nC,d\n'), 'table.broken-quotes'],
      ['a workbook cut off on its way', zipOf(good).subarray(0, 1500), 'table.broken-zip'],
      ['a workbook with macros', zipOf({ ...good, 'xl/vbaProject.bin': 'x' }), 'table.macros'],
      ['a workbook with entities', zipOf(entity), 'table.entities'],
      [
        'a workbook of damaged XML',
        zipOf({ ...good, 'xl/workbook.xml': '<a><b></a>' }),
        'table.broken-workbook',
      ],
      ['600 MB in a small workbook', bomb(), 'table.unpacks-too-large'],
      // What is damaged shows when it is unpacked: this is refused before.
      ['600 MB, unpacking none of it', bomb(undefined, true), 'table.unpacks-too-large'],
      ['600 MB that claim to be 1,000 bytes', bomb(1000), 'table.broken-zip'],
      ['too many columns', workbook([{ name: 'R', rows: wide }]), 'table.too-many-columns'],
      ['100,000 rows', bytes(['name,attendance', ...many].join('\n')), 'table.too-many-rows'],
    ]
    for (const [what, content, key] of refused) {
      it(what, async () => {
        const sheet = await read(content)
        expect(keys(sheet.faults)).to.deep.equal([key])
        expect(sheet.rows).to.deep.equal([])
      })
    }
  })

  describe('in a process of its own', () => {
    it('is read as in this one, several at a time', async () => {
      const content = bytes('name,attendance\nSiân Ŵyn,attended\n')
      const all = await Promise.all([1, 2, 3].map(() => readSheet(content, 'register.csv')))
      for (const sheet of all) expect(sheet).to.deep.equal(await read(content))
    })

    it('is given up when it takes too long', async () => {
      const sheet = await readSheet(bytes('a,b\n1,2\n'), 'x.csv', { ...usualLimits, time: 1 })
      expect(keys(sheet.faults)).to.deep.equal(['table.too-heavy'])
    })

    it('is given up when it takes too much memory, and this process lives', async () => {
      const lines = Array.from({ length: 20_000 }, (_, n) => `${n},${'x'.repeat(900)}`)
      const limits = { ...usualLimits, memory: 40 }
      const sheet = await readSheet(bytes(lines.join('\n')), 'x.csv', limits)
      expect(keys(sheet.faults)).to.deep.equal(['table.too-heavy'])
    })
  })
})
