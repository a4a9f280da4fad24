import { expect } from 'chai'
import { DomainError } from '../../../src/errors.js'
import { problemOf } from '../../../src/web/problems.js'
import {
  coordinator,
  createHouse,
  otherTrainer,
  trainer,
  words,
  type House,
} from '../../support/training.js'
import { bomb, c, plainRows, workbook, workbookParts, zipOf } from '../../support/workbooks.js'

const header = 'course,date,start,venue,delivery,name,attendance'
const good = 'behaviour-code,2026-02-24,10:00,Room 1,face-to-face,Ann Appletree,attended'
const csv = (...rows: string[]): string => [header, ...rows, ''].join('\n')
const cells = (text: string): string[][] => text.split('\n').map((row) => row.split(','))
const asWorkbook = (text: string): string => plainRows(cells(text))
const parts = workbookParts([{ name: 'R', rows: asWorkbook(csv(good)) }])
const dated = (date: string | number, style?: number): string =>
  asWorkbook(header) +
  `<row r="2">${good
    .split(',')
    .map((cell, at) => {
      const ref = `${String.fromCharCode(65 + at)}2`
      return at === 1 ? c(ref, date, style === undefined ? {} : { style }) : c(ref, cell)
    })
    .join('')}</row>`

type Case = [what: string, bytes: Uint8Array | string, sentence: string]

describe('a bad register', () => {
  let house: House
  before(async () => {
    house = await createHouse({ readHere: true })
  })
  after(() => house.close())

  const rehearse = (bytes: Uint8Array | string, actor = trainer, session?: string) =>
    house.training.uploads.rehearse(actor, { name: 'register', bytes: Buffer.from(bytes) }, session)
  const stored = async () => [
    (await house.training.uploads.list(coordinator)).length,
    (await house.training.browsing.kept(coordinator, '2020-01-01' as never, '2030-01-01' as never))
      .length,
  ]

  const refused: Case[] = [
    ['a PDF renamed .csv', '%PDF-1.7\n%', 'This is a PDF'],
    ['a workbook of 600 MB in a small file', bomb(), 'unpacks to more than'],
    ['a workbook with macros', zipOf({ ...parts, 'xl/vbaProject.bin': 'x' }), 'has macros'],
    [
      'a workbook with XML entities',
      zipOf({
        ...parts,
        'xl/workbook.xml': `<!DOCTYPE a [<!ENTITY b "c">]>${parts['xl/workbook.xml'] ?? ''}`,
      }),
      'entity definitions',
    ],
    ['a workbook cut off in mid-upload', zipOf(parts).subarray(0, 1200), 'cut off on its way'],
    ['an empty file', '', 'The file is empty'],
    ['headings without a row', `${header}\n`, 'not a single row'],
    ['bytes that are no text', Buffer.from([97, 0, 1, 2, 255, 129]), 'not a text file'],
  ]
  for (const [what, bytes, sentence] of refused) {
    it(`is refused, and nothing stored: ${what}`, async () => {
      const before = await stored()
      const refusal = await rehearse(bytes).catch((error: unknown) => error)
      expect(refusal).to.be.instanceOf(DomainError)
      const { status, say, faults } = problemOf(refusal)
      const said = [say, ...faults.map((fault) => fault.say)].map((one) => words.say('en', one))
      expect(status).to.equal(400)
      expect(said.join(' ')).to.include(sentence)
      expect(await stored()).to.deep.equal(before)
    })
  }

  const read: Case[] = [
    ['Windows-1252', Buffer.from(csv(good).replace('Room 1', 'Caf\xe9'), 'latin1'), ''],
    ['UTF-16', Buffer.from(`\ufeff${csv(good)}`, 'utf16le'), ''],
    ['CR-only lines', csv(good).replaceAll('\n', '\r'), ''],
    ['semicolons', csv(good).replaceAll(',', ';'), ''],
    ['tabs', csv(good).replaceAll(',', '\t'), ''],
    ['"ATTENDED " in capitals with a blank', csv(good.replace('attended', 'ATTENDED ')), ''],
    ['day/month/year', csv(good.replace('2026-02-24', '24/02/2026')), ''],
    ['a date as a number since 1900', workbook([{ name: 'R', rows: dated(46077, 1) }]), ''],
    [
      'a date as a number since 1904',
      workbook([{ name: 'R', rows: dated(44615, 1) }], { date1904: true }),
      '',
    ],
    [
      'a hidden sheet first',
      workbook([
        { name: 'Old', rows: asWorkbook('a,b\n1,2'), state: 'hidden' },
        { name: 'R', rows: asWorkbook(csv(good)) },
      ]),
      '',
    ],
    [
      'merged cells',
      workbook([
        {
          name: 'R',
          rows: asWorkbook(csv(good)),
          after: '<mergeCells count="1"><mergeCell ref="D2:D3"/></mergeCells>',
        },
      ]),
      '',
    ],
    ['a formula with its last value', workbook([{ name: 'R', rows: withFormula() }]), ''],
    ['times over midnight', csv(good.replace('10:00', '23:30')), ''],
    [
      'from before midnight to after it',
      [header.replace('start', 'start,end'), good.replace('10:00', '23:00,00:30'), ''].join('\n'),
      '',
    ],
  ]
  for (const [what, bytes] of read) {
    it(`is read all the same: ${what}`, async () => {
      const upload = await rehearse(bytes)
      const [row] = await house.training.uploads.rows(trainer, upload.id, { from: 0, size: 1 })
      expect(row?.judged?.verdict, JSON.stringify(row?.judged)).to.equal('matched')
      expect(row?.judged?.person).to.equal('ann')
    })
  }

  const wrong: Case[] = [
    ['15/10/20', csv(good.replace('2026-02-24', '15/10/20')), 'Is it Thursday 15 October 2020?'],
    [
      'a date as a bare number',
      csv(good.replace('2026-02-24', '46077')),
      'Is it Tuesday 24 February 2026?',
    ],
    ['30 February', csv(good.replace('02-24', '02-30')), 'not a date that exists'],
    ['next week', csv(good.replace('02-24', '03-10')), 'has not begun yet'],
    [
      'a course that does not exist',
      csv(good.replace('behaviour-code', 'knitting')),
      'no course called “knitting”',
    ],
    ['a formula in a CSV file', csv(good.replace('Ann Appletree', '=A1')), 'is a formula'],
    ['a failed formula', csv(good.replace('attended', '#N/A')), 'where a formula failed'],
    ['a row cut off', csv(good.split(',').slice(0, 5).join(',')), 'This row has 5 cells'],
    ['an unknown mark', csv(good.replace('attended', 'maybe')), 'says nothing of attendance'],
    ['online', csv(good.replace('face-to-face', 'online')), 'Online training has no register'],
  ]
  for (const [what, bytes, sentence] of wrong) {
    it(`says of its row what is wrong: ${what}`, async () => {
      const upload = await rehearse(bytes)
      const [row] = await house.training.uploads.rows(trainer, upload.id, { from: 0, size: 1 })
      expect(row?.judged?.verdict).to.equal('faulty')
      expect(words.say('en', row?.judged?.say ?? { key: 'none' })).to.include(sentence)
      expect(words.say('cy', row?.judged?.say ?? { key: 'none' })).to.match(/[.?]$/)
      const refusal = await house.training.uploads
        .confirm(trainer, upload.id, 'all')
        .catch((error: unknown) => error)
      expect(problemOf(refusal).status).to.equal(409)
    })
  }

  const sentenceOf = async (bytes: string, actor = trainer) => {
    const upload = await rehearse(bytes, actor)
    const rows = await house.training.uploads.rows(actor, upload.id, { from: 0, size: 5 })
    return rows.map(({ judged }) => words.say('en', judged?.say ?? { key: 'none' })).join(' ')
  }

  it('says of a cancelled training session that nobody attended it', async () => {
    const { id } = await house.planned({ on: '2026-03-10' as never, from: '09:00', to: '10:30' })
    await house.training.planning.cancel(trainer, id, 'The trainer is ill.')
    house.clock.set('2026-03-11T09:00:00Z')
    const row = good.replace('2026-02-24,10:00', '2026-03-10,09:00')
    expect(await sentenceOf(csv(row))).to.include('was cancelled, so nobody attended it')
  })

  it('says of another trainer’s training session whose it is to upload', async () => {
    await house.planned({ on: '2026-03-12' as never, from: '09:00', to: '10:30' })
    house.clock.set('2026-03-13T09:00:00Z')
    const row = good.replace('2026-02-24,10:00', '2026-03-12,09:00')
    expect(await sentenceOf(csv(row), otherTrainer)).to.include('is given by somebody else')
  })

  it('says of two rows that disagree that neither is recorded', async () => {
    const both = csv(good, good.replace('attended', 'absent'))
    expect(await sentenceOf(both)).to.equal(
      'Line 3 says otherwise of the same person. None of them is recorded. Line 2 says otherwise of the same person. None of them is recorded.',
    )
  })
})

function withFormula(): string {
  const row = good.split(',').map((cell, at) => {
    const ref = `${String.fromCharCode(65 + at)}2`
    return c(ref, cell, at === 6 ? { formula: 'A9' } : {})
  })
  return `${asWorkbook(header)}<row r="2">${row.join('')}</row>`
}
